import Hummingbird
import Services

/// The public lists as files: the rows that the API gives, one line each, so that page, API and file say the same.
enum PublicFiles {
    static let routes: [Route] = [
        file("awards", "What was funded") { try await Rows($0.awards.published(page: $1), \.json) },
        file("protocols", "Protocols of evaluations") {
            try await Rows($0.publicEvaluations.protocols(page: $1), \.json)
        },
        file("reports", "Reports of evaluations") { try await Rows($0.publicEvaluations.reports(page: $1), \.json) },
        file("overdue", "Reports that should be public") { core, _ in
            Rows(json: try await core.publicEvaluations.overdue().map(\.json), next: nil)
        },
        file("practices", "Practices") { try await Rows($0.publicEvidence.practices(page: $1), \.json) },
        file("ratings", "Ratings") { try await Rows($0.publicEvidence.ratings(page: $1).0, \.json) },
        file("decisions", "Decision log") { try await Rows($0.publicEvidence.decisions(page: $1), \.json) },
    ]

    /// The most pages of one file, of a hundred rows each; more come page by page from the API.
    private static let pagesMax = 100

    /// One page of a list.
    struct Rows {
        let json: [JSON]
        let next: String?

        init(json: [JSON], next: String?) { (self.json, self.next) = (json, next) }

        init<Row>(_ page: Services.Page<Row>, _ one: (Row) -> JSON) {
            self.init(json: page.rows.map(one), next: page.next)
        }
    }

    private static func file(
        _ name: String, _ summary: String,
        _ page: @escaping @Sendable (Touchstone, Services.PageRequest) async throws -> Rows
    ) -> Route {
        let operation = "public\(name.prefix(1).uppercased() + name.dropFirst())File"
        return .open("/public/\(name).csv", operation, "\(summary), as CSV") { visit in
            var rows: [JSON] = []
            var next: String?
            for _ in 0..<pagesMax {
                let found = try await page(visit.core, Services.PageRequest(after: next, size: 100))
                rows += found.json
                next = found.next
                if next == nil { break }
            }
            return .download(text(rows), type: "text/csv; charset=utf-8; header=present", name: "\(name).csv").publicly
        }
    }

    /// Names of the first row's members, then a line for each row. What has parts of its own is left to the API.
    static func text(_ rows: [JSON]) -> String {
        guard case .object(let members) = rows.first else { return CSV.text([]) }
        let names = members.filter { $0.value.cell != nil }.map(\.name)
        return CSV.text([names] + rows.map { row in names.map { row[$0]?.cell ?? "" } })
    }
}

extension JSON {
    /// As one cell of a table; nil for what has parts.
    var cell: String? {
        switch self {
        case .null: ""
        case .flag(let flag): flag ? "true" : "false"
        case .number(let text), .text(let text): text
        case .array, .object, .raw: nil
        }
    }
}
