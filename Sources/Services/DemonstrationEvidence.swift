import Domain
import Postgres

// Practices, ratings, roll-out decisions and adoption of the demonstration, one in every state.

extension DemonstrationFund {
    /// What is made of the evidence.
    func evidence(_ awards: [DemonstrationAward]) async throws { try await practices() }

    // MARK: Practice

    /// One card published, with an authority that knows of it and one that tries it; one checked and one draft.
    private func practices() async throws {
        let officer = try cast.actor("officer")
        _ = try await touchstone.practices.create(officer, try await practiceContent("Peer mentors for care leavers"))
        _ = try await checkedPractice("Family help teams in schools")
        let published = try await checkedPractice("Family group meetings before court")
        try await touchstone.practices.move(officer, published, .publish, version: 2)
        var content = Adoption.Content()
        content.awarenessSource = .webinar
        _ = try await touchstone.adoptions.declare(try cast.actor("316.certifier"), published, content)
        let pilot = try cast.actor("204.certifier")
        let id = try await touchstone.adoptions.declare(pilot, published, content)
        content.startedOn = today.adding(days: -60)
        content.coverage = 1_500
        content.fidelity = 4
        content.adaptations = "Meetings are held in family hubs, in the evening."
        try await touchstone.adoptions.move(pilot, id, .pilot, version: 1, content)
    }

    private func checkedPractice(_ name: String) async throws -> PracticeID {
        let id = try await touchstone.practices.create(
            try cast.actor("officer"), try await practiceContent(name))
        try await touchstone.practices.move(try cast.actor("reviewer"), id, .check, version: 1)
        return id
    }

    private func practiceContent(_ name: String) async throws -> Practice.Content {
        var content = Practice.Content()
        content.name = name
        content.summary = "A way of working that brings the people around a child together early and lets them decide."
        content.coreComponents = ["The family leads", "One worker throughout", "A written plan within four weeks"]
        content.adaptableComponents = ["Where people meet"]
        content.population = "Families with children aged 5 to 15 who were referred more than once."
        content.features = ["family help", "early help"]
        content.staffNeeded = "A coordinator for every sixty families."
        content.originator = try await touchstone.subject(try cast.actor("840.editor")).organisation
        return content
    }
}
