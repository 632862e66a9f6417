import Foundation
import Schema
import Testing

/// The shape of the house: what is at the top, how long a file may be, what no source may say.
@Suite struct LayoutTests {
    @Test("The top level holds exactly what the architecture names")
    func topLevel() {
        #expect(
            House.names().filter { $0 != "Package.resolved" } == [
                "Package.swift", "README.md", "Sources", "Tests", "deploy", "sql",
            ])
        #expect(
            House.names("Sources")
                == ["CPostgres", "Domain", "Postgres", "Services", "Web", "touchstone", "touchstone-server"])
        #expect(
            House.names("Tests").filter { $0 != "__pycache__" }
                == ["DomainTests", "HouseTests", "PostgresTests", "ServicesTests", "WebTests", "browser"])
    }

    @Test("Files stay short enough to read in one sitting")
    func length() {
        for file in House.swiftFiles("Sources") + House.swiftFiles("Tests") {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            // Tables of names from elsewhere, such as SQLSTATE, are as long as they are.
            let limit = file.path.contains("SQLState") ? 1000 : 440
            #expect(lines <= limit, "\(file.path) has \(lines) lines")
        }
    }

    @Test("No drawer for what has no name")
    func drawers() {
        for file in House.swiftFiles("Sources") {
            for word in ["Utils", "Helpers", "Manager", "Common"] {
                #expect(!file.path.contains(word), "\(file.path)")
            }
        }
    }

    @Test("Sources do not crash on input", arguments: ["try!", "fatalError(", "as!"])
    func crashes(word: String) {
        for file in House.swiftFiles("Sources") {
            #expect(!file.text.contains(word), "\(file.path) says \(word)")
        }
    }

    @Test("No council, department or centre is named in a Swift source or a rule of the database")
    func organisations() {
        let rows = (Schema.reference("authorities")?.text ?? "").split(whereSeparator: \.isNewline).dropFirst()
        // Quoted names hold commas and are left out; one-word names are words of the language too.
        let names = rows.compactMap { row in
            row.split(separator: ",").map(String.init).dropFirst(2).first { $0.contains(" ") && !$0.contains("\"") }
        }.filter {
            !$0.hasPrefix("London B") && !$0.hasPrefix("Metropolitan") && !$0.hasPrefix("Unitary")
                && !$0.hasPrefix("Shire")
        }
        #expect(rows.count >= 153)
        let others = ["Department for Education", "Foundations", "Ecorys", "Coram"]
        let sources =
            House.swiftFiles("Sources").map { ($0.path, $0.text) }
            + House.files("sql").filter { $0.hasSuffix(".sql") && !$0.contains("/tests/") }.map { ($0, House.text($0)) }
        for (path, text) in sources {
            for name in names where text.contains(name) {
                Issue.record("\(path) names \(name)")
            }
            for name in others where text.contains(name) {
                // Attribution of sources is due; it stands in the attribution files and in settings as data.
                Issue.record("\(path) names \(name)")
            }
        }
    }

    @Test("The list of SQL files is the directory", arguments: ["migrations", "policies"])
    func schemaList(folder: String) {
        let listed = (folder == "migrations" ? Schema.migrations : Schema.repeatables).map(\.name)
        let found = House.names("sql/\(folder)").filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }
        #expect(!found.isEmpty)
        if folder == "migrations" {
            #expect(listed == found)
        } else {
            #expect(found.allSatisfy(listed.contains), "\(found) is not all in \(listed)")
        }
    }
}
