import Domain

/// What JSON an operation takes. One value checks what was sent, says what is wrong at which field, fills in what may be
/// left out, and writes itself into the OpenAPI document, so that these can never differ.
indirect enum Schema: Sendable {
    case text(most: Int, least: Int = 0)
    case code([String])
    case integer(ClosedRange<Int>)
    case flag
    case money
    case day
    case instant
    case year
    case id
    case hash
    case list(Schema, most: Int)
    case object([Property])
    case nullable(Schema)
    /// A rule in the rule language: an object with one name, checked by Domain.
    case predicate

    /// One name of an object.
    struct Property: Sendable {
        let name: String
        let schema: Schema
        let required: Bool
        let about: String

        /// A name that must be sent.
        static func required(_ name: String, _ schema: Schema, _ about: String = "") -> Property {
            Property(name: name, schema: schema, required: true, about: about)
        }
        /// A name that may be left out: blank text, an empty list, null.
        static func optional(_ name: String, _ schema: Schema, _ about: String = "") -> Property {
            Property(name: name, schema: schema, required: false, about: about)
        }
    }

    /// The codes of an enumeration.
    static func codes<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> Schema
    where Value.RawValue == String {
        .code(type.allCases.map(\.rawValue))
    }
}

extension Schema {
    /// Checks what was sent and returns it with everything that was left out filled in.
    func check(_ json: JSON) throws -> JSON {
        var problems: [FieldProblem] = []
        let checked = checked(json, at: "", &problems)
        guard problems.isEmpty else {
            throw WebRefusal.malformed(
                "body_not_acceptable", "The JSON does not have the form that is wanted.", problems: problems)
        }
        return checked
    }

    /// What stands for it when it is left out.
    private var absent: JSON {
        switch self {
        case .text: .text("")
        case .flag: .flag(false)
        case .list: .array([])
        case .object(let properties):
            .object(properties.map { JSON.Member(name: $0.name, value: $0.schema.absent) })
        default: .null
        }
    }

    private func checked(_ json: JSON, at path: String, _ problems: inout [FieldProblem]) -> JSON {
        func refuse(_ sentence: String) -> JSON {
            problems.append(FieldProblem(path, sentence))
            return .null
        }
        switch self {
        case .nullable(let schema): return json == .null ? .null : schema.checked(json, at: path, &problems)
        case .object(let properties): return checkedObject(json, properties, at: path, &problems)
        case .list(let schema, let most):
            guard case .array(let elements) = json else { return refuse("Send a list.") }
            guard elements.count <= most else { return refuse("Send at most \(most).") }
            return .array(
                elements.enumerated().map {
                    schema.checked($0.element, at: path.isEmpty ? "\($0.offset)" : "\(path).\($0.offset)", &problems)
                })
        case .text(let most, let least):
            guard let text = json.string else { return refuse("Send a text.") }
            guard text.count <= most else { return refuse("Use at most \(most) characters.") }
            guard text.count >= least else {
                return refuse(least == 1 ? "Do not leave this blank." : "Use at least \(least) characters.")
            }
            guard !text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" && $0 != "\r" })
            else {
                return refuse("Leave out control characters.")
            }
            return json
        case .code(let codes):
            guard let text = json.string, codes.contains(text) else {
                return refuse("Send one of: \(codes.joined(separator: ", ")).")
            }
            return json
        case .integer(let range):
            guard let number = json.integer, range.contains(number) else {
                return refuse("Send a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return json
        case .flag: return json.bool == nil ? refuse("Send true or false.") : json
        case .predicate:
            guard case .object = json else { return refuse("Send a rule: an object.") }
            return json
        case .money, .day, .instant, .year, .id, .hash:
            guard let text = json.string, fits(text) else { return refuse("Send \(wanted).") }
            return json
        }
    }

    private func checkedObject(
        _ json: JSON, _ properties: [Property], at path: String, _ problems: inout [FieldProblem]
    ) -> JSON {
        guard case .object(let members) = json else {
            problems.append(FieldProblem(path, "Send an object."))
            return .null
        }
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        for member in members where !properties.contains(where: { $0.name == member.name }) {
            problems.append(FieldProblem(place(member.name), "There is no such name here; leave it out."))
        }
        return .object(
            properties.map { property in
                guard let value = json[property.name] else {
                    if property.required {
                        problems.append(FieldProblem(place(property.name), "Send this; it is needed."))
                    }
                    return JSON.Member(name: property.name, value: property.schema.absent)
                }
                return JSON.Member(
                    name: property.name, value: property.schema.checked(value, at: place(property.name), &problems))
            })
    }

    private func fits(_ text: String) -> Bool {
        switch self {
        case .money:
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let whole = parts.first ?? ""
            return (1...12).contains(whole.count) && parts.count <= 2
                && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
                && (parts.count == 1 || parts[1].count == 2)
        case .day: return Day(text) != nil
        case .instant: return Instant(text) != nil
        case .year: return FinancialYear(text) != nil
        case .id: return text.count == 36 && BidID(text) != nil
        case .hash:
            return text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        default: return false
        }
    }

    private var wanted: String {
        switch self {
        case .money: "an amount as a text with pounds and pence, such as \"1250.50\""
        case .day: "a day, such as \"2026-03-31\""
        case .instant: "a time with its zone, such as \"2026-03-31T23:59:59Z\""
        case .year: "a financial year, such as \"2026-27\""
        case .id: "an id, as it was given to you"
        case .hash: "64 hexadecimal digits"
        default: "another value"
        }
    }
}

extension Schema {
    /// The same as JSON Schema (2020-12), for the OpenAPI document.
    var document: JSON {
        switch self {
        case .text(let most, let least):
            .object(
                [("type", .text("string")), ("maxLength", .int(most))] + (least > 0 ? [("minLength", .int(least))] : [])
            )
        case .code(let codes): .object([("type", .text("string")), ("enum", .list(codes) { .text($0) })])
        case .integer(let range):
            .object([
                ("type", .text("integer")), ("minimum", .int(range.lowerBound)), ("maximum", .int(range.upperBound)),
            ])
        case .flag: .object([("type", .text("boolean"))])
        case .money:
            .object([
                ("type", .text("string")), ("pattern", .text(#"^\d{1,12}(\.\d{2})?$"#)), ("example", .text("1250.50")),
            ])
        case .day: .object([("type", .text("string")), ("format", .text("date"))])
        case .instant: .object([("type", .text("string")), ("format", .text("date-time"))])
        case .year:
            .object([("type", .text("string")), ("pattern", .text(#"^20\d{2}-\d{2}$"#)), ("example", .text("2026-27"))])
        case .id: .object([("type", .text("string")), ("format", .text("uuid"))])
        case .hash: .object([("type", .text("string")), ("pattern", .text("^[0-9a-f]{64}$"))])
        case .list(let schema, let most):
            .object([("type", .text("array")), ("items", schema.document), ("maxItems", .int(most))])
        case .nullable(let schema): .object([("anyOf", .array([schema.document, .object([("type", .text("null"))])]))])
        case .predicate: .object([("type", .text("object")), ("minProperties", .int(1)), ("maxProperties", .int(1))])
        case .object(let properties):
            .object(
                [
                    ("type", .text("object")), ("additionalProperties", .flag(false)),
                    ("properties", .object(properties.map { ($0.name, $0.described) })),
                ]
                    + (properties.contains(where: \.required)
                        ? [("required", .list(properties.filter(\.required)) { .text($0.name) })] : []))
        }
    }
}

extension Schema.Property {
    fileprivate var described: JSON {
        guard !about.isEmpty, case .object(let members) = schema.document else { return schema.document }
        return .object(members + [JSON.Member(name: "description", value: .text(about))])
    }
}
