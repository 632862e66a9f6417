import Domain
import Postgres

// Practices of the demonstration and who adopts them, one in every state; what they rest on is in the chapter before.

extension DemonstrationFund {
    /// What is made of the evidence.
    func evidence(_ awards: [DemonstrationAward]) async throws {
        try await otherPractices()
        var practices: [String: PracticeID] = [:]
        for (key, name) in Self.evaluatedPractices {
            guard let award = awards.first(where: { $0.plot.key == key }) else { continue }
            practices[key] = try await publishedPractice(name, from: award.authority, of: award)
        }
        try await ratings(practices)
        try await decisions(practices)
        if let practice = practices["conferencing"] { try await adoptions(of: practice) }
    }

    // MARK: Practices

    /// Practices on which a report is published, by the short name of the award.
    private static let evaluatedPractices = [
        ("conferencing", "Family group conferences before court"),
        ("safeguarding", "Adult specialists in family teams"),
        ("drug_court", "A court that helps parents stop using drugs"),
        ("early_help", "One plan for early help"), ("pause", "Support after a child is removed"),
        ("mentors", "Peer mentors for care leavers"), ("homework", "Rooms for homework"),
    ]

    /// A draft, one that is checked, one that is looked at again, and one that nobody should take up any more.
    private func otherPractices() async throws {
        _ = try await touchstone.practices.create(
            try cast.actor("officer"), try await practiceContent("Evening clinics for teenagers", from: "840"))
        _ = try await checkedPractice("Family help teams in schools", from: "840")
        let questioned = try await publishedPractice("A checklist for the first visit", from: "916")
        try await touchstone.practices.move(
            try cast.actor("reviewer"), questioned, .beginReview, version: 3,
            reason: "Two authorities say that the list has become too long to use.")
        let retired = try await publishedPractice("Weekly calls to foster carers", from: "831")
        try await touchstone.practices.move(
            try cast.actor("senior"), retired, .retire, version: 3,
            reason: "The calls are part of what every fostering service does now.")
    }

    private func publishedPractice(_ name: String, from authority: String, of award: DemonstrationAward? = nil)
        async throws -> PracticeID
    {
        let officer = try cast.actor("officer")
        let id = try await checkedPractice(name, from: authority)
        try await touchstone.practices.move(officer, id, .publish, version: 2)
        if let award { try await touchstone.practices.link(officer, id, to: award.bid, as: .origin) }
        return id
    }

    private func checkedPractice(_ name: String, from authority: String) async throws -> PracticeID {
        let id = try await touchstone.practices.create(
            try cast.actor("officer"), try await practiceContent(name, from: authority))
        try await touchstone.practices.move(try cast.actor("reviewer"), id, .check, version: 1)
        return id
    }

    private func practiceContent(_ name: String, from authority: String) async throws -> Practice.Content {
        var content = Practice.Content()
        content.name = name
        content.summary = "A way of working that brings the people around a child together early and lets them decide."
        content.coreComponents = ["The family leads", "One worker throughout", "A written plan within four weeks"]
        content.adaptableComponents = ["Where people meet"]
        content.population = "Families with children aged 5 to 15 who were referred more than once."
        content.features = ["family help", "early help"]
        content.staffNeeded = "A coordinator for every sixty families."
        content.originator = try await touchstone.subject(try cast.actor("\(authority).editor")).organisation
        return content
    }

    // MARK: Adoption

    /// Authorities and what each does once it has heard of the practice.
    private static let adopters: [(authority: String, steps: [AdoptionEvent], reason: String?)] = [
        ("316", [], nil), ("925", [.consider], nil), ("204", [.pilot], nil), ("850", [.adopt], nil),
        ("919", [.pilot, .adopt, .sustain], nil), ("840", [.consider, .adopt], nil),
        ("307", [.pilot, .stop], "The coordinators left, and the posts were not filled again."),
        ("815", [.consider, .reject], "The council has its own meetings of families and keeps to them."),
    ]

    /// Each authority declares for itself; the one that developed the practice finds one of them to be so.
    private func adoptions(of practice: PracticeID) async throws {
        let reports = try await touchstone.practices.detail(try cast.actor("officer"), practice).reports
        for adopter in Self.adopters {
            let certifier = try cast.actor("\(adopter.authority).certifier")
            var content = Adoption.Content()
            content.awarenessSource = .webinar
            content.evidenceRead = reports.map(\.id)
            let id = try await touchstone.adoptions.declare(certifier, practice, content)
            for (index, step) in adopter.steps.enumerated() {
                if step != .consider, step != .reject { fill(&content, sustained: adopter.steps.contains(.sustain)) }
                try await touchstone.adoptions.move(
                    certifier, id, step, version: index + 1, content,
                    reason: step == adopter.steps.last ? adopter.reason : nil)
            }
            guard adopter.authority == "850" else { continue }
            try await touchstone.adoptions.verify(
                try cast.actor("383.certifier"), id, version: adopter.steps.count + 1,
                note: "We sat in on two meetings, and both were led by the family.")
        }
    }

    private func fill(_ content: inout Adoption.Content, sustained: Bool) {
        content.startedOn = today.adding(days: sustained ? -900 : -60)
        content.fundingEndedOn = sustained ? today.adding(days: -420) : nil
        content.coverage = sustained ? 7_500 : 1_500
        content.fidelity = 4
        content.fundedBy = "The council"
        content.adaptations = "Meetings are held in family hubs, in the evening."
    }
}
