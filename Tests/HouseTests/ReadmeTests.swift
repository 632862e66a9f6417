import Domain
import Foundation
import Testing

/// The README says what the code says.
@Suite struct ReadmeTests {
    @Test("The diagram in the README is what `touchstone workflow --dot` prints")
    func diagram() throws {
        let fence = "```dot\n"
        let readme = House.text("README.md")
        let start = try #require(readme.range(of: fence), "the README has no diagram")
        let end = try #require(readme[start.upperBound...].range(of: "```"))
        #expect(String(readme[start.upperBound..<end.lowerBound]) == Workflow.dot)
    }

    @Test("Every room that the README names is there, and every room is named")
    func rooms() {
        let readme = House.text("README.md")
        for room in House.names("Sources") { #expect(readme.contains(room), "\(room) is not in the README") }
        for path in ["deploy/run", "deploy/test", "sql/README.md", "deploy/README.md"] {
            #expect(!House.text(path).isEmpty, "\(path) is named but is not there")
        }
    }
}
