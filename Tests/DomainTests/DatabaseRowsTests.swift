import Foundation
import Testing

@testable import Domain

/// The database holds the same tables as rows, written by hand in files of their own. This reads those files, so that a
/// difference is seen without a database.
@Suite("Rows of the database")
struct DatabaseRowsTests {
    private static let text: String? = {
        // Packages that borrow these tests do it by a link; the SQL lies beside the real file.
        let tests = URL(filePath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
        let folder = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "sql/policies")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix("p03_workflow_rows") && $0.pathExtension == "sql" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        return try? files?.map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }()

    /// Every `(…)` of quoted values after each insert into a table, one string each.
    private static func rows(of table: String) throws -> [String] {
        let text = try #require(text, "sql/policies/p03_workflow_rows*.sql are missing")
        let row = /\('[^()]*'\)/
        var found: [String] = []
        var rest = text[...]
        while let insert = rest.range(of: "insert into \(table)") {
            let values = try #require(rest.range(of: "values", range: insert.upperBound..<rest.endIndex))
            let end = try #require(rest.range(of: ";", range: values.upperBound..<rest.endIndex))
            found += rest[values.upperBound..<end.lowerBound].matches(of: row).map { $0.output.filter { $0 != " " } }
            rest = rest[end.upperBound...]
        }
        return found
    }

    private static func rows(in sql: String) -> [String] {
        sql.split(separator: "\n").filter { $0.hasPrefix("    (") }.map { line in
            String(line.filter { $0 != " " }.prefix { $0 != ")" }) + ")"
        }
    }

    @Test("transitions are the same")
    func transitions() throws {
        let there = try Self.rows(of: "workflow.transition")
        #expect(Set(there) == Set(Self.rows(in: Workflow.sql)))
        #expect(there.count == Workflow.transitions.count)
    }

    @Test("conflicting duties are the same")
    func duties() throws {
        let there = try Self.rows(of: "workflow.duty_conflict")
        #expect(Set(there) == Set(Self.rows(in: Duty.sql)))
        #expect(there.count == Set(there).count)
    }
}
