import Foundation
import Testing

@testable import Domain

/// The database holds the same tables as rows, written by hand in its own file. This reads that file, so that a difference is
/// seen without a database.
@Suite("Rows of the database")
struct DatabaseRowsTests {
    private static let text: String? = {
        // Packages that borrow these tests do it by a link; the SQL lies beside the real file.
        let tests = URL(filePath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
        let file = tests.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "sql/policies/p03_workflow_rows.sql")
        return try? String(contentsOf: file, encoding: .utf8)
    }()

    /// Every `(…)` of quoted values after an insert into a table, one string each.
    private static func rows(of table: String) throws -> [String] {
        let text = try #require(text, "sql/policies/p03_workflow_rows.sql is missing")
        let insert = try #require(text.range(of: "insert into \(table)"))
        let values = try #require(text.range(of: "values", range: insert.upperBound..<text.endIndex))
        let end = try #require(text.range(of: ";", range: values.upperBound..<text.endIndex))
        let row = /\('[^()]*'\)/
        return text[values.upperBound..<end.lowerBound].matches(of: row).map { $0.output.filter { $0 != " " } }
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
