import Domain
import Hummingbird

/// The description of the API, made from the route table.
public enum OpenAPI {
    /// OpenAPI 3.1, as JSON.
    public static let bytes: [UInt8] = document(RouteTable.routes).bytes

    static func document(_ routes: [Route]) -> JSON {
        var paths: [(String, [(String, JSON)])] = []
        for route in routes
        where route.face == .api || ["/health/live", "/health/ready", "/openapi.json"].contains(route.path) {
            let entry = (route.method.rawValue.lowercased(), operation(route))
            if let index = paths.firstIndex(where: { $0.0 == route.path }) {
                paths[index].1.append(entry)
            } else {
                paths.append((route.path, [entry]))
            }
        }
        return .object([
            ("openapi", .text("3.1.0")),
            (
                "info",
                .object([
                    ("title", .text("Touchstone")), ("version", .text("1.0.0")),
                    (
                        "description",
                        .text("Everything that can be done on a page. See /api for how versions, keys and errors work.")
                    ),
                ])
            ),
            ("security", .array([.object([("token", .array([]))])])),
            ("paths", .object(paths.map { ($0.0, .object($0.1)) })),
            ("components", components),
        ])
    }

    private static func operation(_ route: Route) -> JSON {
        var parts: [(String, JSON)] = [
            ("operationId", .text(route.operation)), ("summary", .text(route.summary)),
            ("tags", .array([.text(route.tag)])),
        ]
        if let action = route.action { parts.append(("description", .text(action.permission.sentence))) }
        if !route.needsSignIn { parts.append(("security", .array([]))) }
        let parameters = parameters(route)
        if !parameters.isEmpty { parts.append(("parameters", .array(parameters))) }
        if let body = route.body {
            parts.append(
                (
                    "requestBody",
                    .object([
                        ("required", .flag(true)),
                        ("content", .object([("application/json", .object([("schema", body.document)]))])),
                    ])
                ))
        }
        parts.append(("responses", .object(responses(route))))
        return .object(parts)
    }

    private static func parameters(_ route: Route) -> [JSON] {
        var parameters = route.pathParameters.map { name -> JSON in
            let schema: JSON =
                ["id", "bid", "capacity"].contains(name)
                ? Schema.id.document : Schema.text(most: 100, least: 1).document
            return .object([
                ("name", .text(name)), ("in", .text("path")), ("required", .flag(true)), ("schema", schema),
            ])
        }
        parameters += route.query.map {
            .object([
                ("name", .text($0.name)), ("in", .text("query")), ("description", .text($0.about)),
                ("schema", $0.schema.document),
            ])
        }
        if route.versioned { parameters.append(reference("parameters", "IfMatch")) }
        if route.once { parameters.append(reference("parameters", "IdempotencyKey")) }
        return parameters
    }

    private static func responses(_ route: Route) -> [(String, JSON)] {
        var responses: [(String, JSON)] = []
        switch route.gives {
        case .nothing where route.face == .api: responses.append(("204", .object([("description", .text("Done"))])))
        case .nothing: responses.append(("200", json("As described", .object([("type", .text("object"))]))))
        case .one(let name): responses.append(("200", json("As described", schemaReference(name))))
        case .list(let name):
            let list = JSON.object([
                ("type", .text("object")), ("required", .array([.text("items"), .text("next")])),
                (
                    "properties",
                    .object([
                        ("items", .object([("type", .text("array")), ("items", schemaReference(name))])),
                        ("next", .object([("type", .array([.text("string"), .text("null")]))])),
                    ])
                ),
            ])
            responses.append(("200", json("A page of the list; the next is in the Link header", list)))
        case .created(let name): responses.append(("201", json("Made", schemaReference(name))))
        case .file(let type):
            let content = JSON.object([(type, .object([("schema", .object([("type", .text("string"))]))]))])
            responses.append(("200", .object([("description", .text("A file")), ("content", content)])))
        }
        if route.operation == "getReadiness" {
            responses.append(("503", json("Not ready", .object([("type", .text("object"))]))))
        }
        if route.face == .api {
            responses += ["400", "401", "403", "404"].map { ($0, reference("responses", "Problem")) }
            if route.method != .get {
                responses += ["409", "413", "415", "422"].map { ($0, reference("responses", "Problem")) }
            }
            if route.versioned { responses += ["412", "428"].map { ($0, reference("responses", "Problem")) } }
            if route.method == .get { responses.append(("422", reference("responses", "Problem"))) }
        }
        responses.append(("default", reference("responses", "Problem")))
        return responses
    }

    private static func json(_ description: String, _ schema: JSON) -> JSON {
        .object([
            ("description", .text(description)),
            ("content", .object([("application/json", .object([("schema", schema)]))])),
        ])
    }

    private static func reference(_ kind: String, _ name: String) -> JSON {
        .object([("$ref", .text("#/components/\(kind)/\(name)"))])
    }

    private static func schemaReference(_ name: String) -> JSON { reference("schemas", name) }

    private static let components = JSON.object([
        (
            "securitySchemes",
            .object([("token", .object([("type", .text("http")), ("scheme", .text("bearer"))]))])
        ),
        (
            "parameters",
            .object([
                (
                    "IfMatch",
                    .object([
                        ("name", .text("If-Match")), ("in", .text("header")), ("required", .flag(true)),
                        ("description", .text("The ETag that you read.")),
                        ("schema", .object([("type", .text("string")), ("pattern", .text(#"^"\d{1,9}"$"#))])),
                    ])
                ),
                (
                    "IdempotencyKey",
                    .object([
                        ("name", .text("Idempotency-Key")), ("in", .text("header")), ("required", .flag(true)),
                        ("description", .text("A quoted string of your own; the same key is done once.")),
                        (
                            "schema",
                            .object([("type", .text("string")), ("pattern", .text(#"^"[A-Za-z0-9_.:-]{1,100}"$"#))])
                        ),
                    ])
                ),
            ])
        ),
        (
            "responses",
            .object([
                (
                    "Problem",
                    .object([
                        ("description", .text("Not done, and why")),
                        (
                            "content",
                            .object([("application/problem+json", .object([("schema", schemaReference("Problem"))]))])
                        ),
                    ])
                )
            ])
        ),
        ("schemas", .object([("Problem", problem)] + OpenAPISchemas.all)),
    ])

    private static let problem = JSON.object([
        ("type", .text("object")),
        ("required", .list(["type", "title", "status", "detail", "instance", "code", "problems"]) { .text($0) }),
        (
            "properties",
            .object(
                ["type", "title", "detail", "instance", "code"].map { ($0, .object([("type", .text("string"))])) } + [
                    ("status", .object([("type", .text("integer"))])),
                    (
                        "problems",
                        .object([
                            ("type", .text("array")),
                            (
                                "items",
                                .object([
                                    ("type", .text("object")),
                                    ("required", .array([.text("field"), .text("sentence")])),
                                    (
                                        "properties",
                                        .object(
                                            ["field", "sentence"].map { ($0, .object([("type", .text("string"))])) })
                                    ),
                                ])
                            ),
                        ])
                    ),
                ])
        ),
    ])
}
