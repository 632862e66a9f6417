import Domain
import Postgres

// Monitoring returns, capacity assessments and follow-ups of the demonstration, one in every state.

extension DemonstrationFund {
    /// What authorities report on awards in force.
    func returns(_ awards: [DemonstrationAward]) async throws {
        guard let first = awards.first(where: { $0.plot.key == "lifestory" }) else { return }
        try await beginReturn(of: first.authority)
    }

    /// Awards that end: suspended, completed, closed, terminated; and what is asked afterwards.
    func closing(_ awards: [DemonstrationAward]) async throws {}

    /// The first open return, where one has opened, is begun.
    private func beginReturn(of code: String) async throws {
        let editor = try cast.actor("\(code).editor")
        let rows = try await touchstone.returns.list(editor).rows
        guard let row = rows.first(where: { $0.state == .open }) else { return }
        let view = try await touchstone.returns.section(editor, row.id, .reach)
        var content = ReturnContent()
        content.reach.peopleReached = 40
        _ = try await touchstone.returns.saveSection(
            editor, row.id, .reach, content: content, version: view.version)
    }
}
