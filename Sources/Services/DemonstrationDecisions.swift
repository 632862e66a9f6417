import Domain
import Postgres

// Ratings of the evidence and roll-out decisions of the demonstration, one in every state. Each practice stands under the
// short name of the award whose report it rests on.

extension DemonstrationFund {
    // MARK: Ratings

    /// Nothing yet, proposed, before the panel, agreed and in review, agreed after an earlier one.
    func ratings(_ practices: [String: PracticeID]) async throws {
        let reviewer = try cast.actor("reviewer2")
        if let practice = practices["pause"] { _ = try await touchstone.ratings.open(reviewer, practice) }
        if let practice = practices["early_help"] { _ = try await proposed(practice) }
        if let practice = practices["drug_court"] {
            let id = try await atPanel(practice)
            try await vote(id, by: "panel")
        }
        if let practice = practices["safeguarding"] {
            let id = try await agreed(practice)
            try await touchstone.ratings.move(
                reviewer, id, .flag, version: try await version(of: id),
                reason: "A trial of the same practice has begun, and its plan questions one outcome.")
        }
        if let practice = practices["homework"] { _ = try await agreed(practice) }
        if let practice = practices["conferencing"] {
            _ = try await agreed(practice)
            _ = try await agreed(practice, economic: "Costs of the meetings are known; savings are estimated.")
        }
    }

    /// As the rules propose it.
    private func proposed(_ practice: PracticeID, economic: String? = nil) async throws -> EvidenceRatingID {
        let reviewer = try cast.actor("reviewer2")
        let id = try await touchstone.ratings.open(reviewer, practice)
        let detail = try await touchstone.ratings.detail(reviewer, id)
        var content = EvidenceRating.Content()
        content.sms = detail.proposal?.sms
        content.padlock = detail.proposal?.padlock
        content.level = detail.proposal?.level
        content.costBand = detail.proposal?.costBand
        content.direction = detail.proposal?.direction
        content.consistency = detail.proposal?.consistency
        content.emmie.implementation = .init(quality: 2, note: "Interviews say what it takes to deliver it.")
        if let economic { content.emmie.economic = .init(quality: 2, note: economic) }
        content.rationale =
            "One published report speaks about the practice; the rating follows what its design can bear."
        try await touchstone.ratings.propose(reviewer, id, version: detail.rating.version, content)
        return id
    }

    private func atPanel(_ practice: PracticeID, economic: String? = nil) async throws -> EvidenceRatingID {
        let id = try await proposed(practice, economic: economic)
        try await touchstone.ratings.move(
            try cast.actor("reviewer2"), id, .sendToPanel, version: try await version(of: id))
        return id
    }

    private func agreed(_ practice: PracticeID, economic: String? = nil) async throws -> EvidenceRatingID {
        let id = try await atPanel(practice, economic: economic)
        for key in ["panel", "panel2"] { try await vote(id, by: key) }
        return id
    }

    private func vote(_ id: EvidenceRatingID, by key: String) async throws {
        let member = try cast.actor(key)
        let rating = try await touchstone.ratings.detail(member, id).rating
        _ = try await touchstone.ratings.vote(
            member, id, version: rating.version, contentHash: rating.contentHash ?? "", agrees: true, note: "")
    }

    private func version(of id: EvidenceRatingID) async throws -> Int {
        try await touchstone.ratings.detail(try cast.actor("reviewer2"), id).rating.version
    }

    // MARK: Decisions

    /// A decision that the story needs.
    private struct Option: Sendable {
        let key: String
        let title: String
        let recommends: AdoptionDecision.Recommendation
        let rest: AdoptionDecision.State
    }

    private static let options = [
        Option(
            key: "conferencing", title: "Conferences in every authority", recommends: .scale, rest: .announced),
        Option(key: "homework", title: "No more rooms for homework", recommends: .stop, rest: .announced),
        Option(
            key: "safeguarding", title: "Specialists in family teams: wait for the trial", recommends: .testFurther,
            rest: .reviewed),
        Option(
            key: "early_help", title: "One plan for early help: change it first", recommends: .adapt, rest: .approved),
        Option(key: "drug_court", title: "More drug and alcohol courts", recommends: .testFurther, rest: .recommended),
        Option(key: "mentors", title: "Mentors in ten authorities", recommends: .testFurther, rest: .evidencePack),
        Option(
            key: "pause", title: "Support after removal, more widely", recommends: .noDecision, rest: .optionIdentified),
    ]

    /// Put up and recommended by an officer who had no part in the awards.
    func decisions(_ practices: [String: PracticeID]) async throws {
        let officer = try cast.actor("officer3")
        let choices = try await touchstone.adoptionDecisions.programmes(officer)
        for option in Self.options {
            guard let practice = practices[option.key],
                let programme = choices.first(where: { $0.title.hasPrefix("Innovation") })
            else { continue }
            try await decide(option, on: practice, in: programme.id)
        }
    }

    private func decide(_ option: Option, on practice: PracticeID, in programme: ProgrammeID) async throws {
        let officer = try cast.actor("officer3")
        let senior = try cast.actor("senior")
        let decisions = touchstone.adoptionDecisions
        var content = AdoptionDecision.Content()
        content.title = option.title
        content.question = "Should the department pay for it in more authorities than now?"
        content.expectedCost = Money(pounds: 2_000_000)
        content.reachAuthorities = 60
        content.equity = "Small authorities are reached through their neighbours."
        let id = try await decisions.identify(officer, practice, in: programme, content)
        guard option.rest != .optionIdentified else { return }
        try await decisions.move(officer, id, .assemble, version: 1)
        guard option.rest != .evidencePack else { return }
        let pack = try await decisions.detail(officer, id).pack
        var advice = AdoptionDecision.Advice()
        advice.recommendation = option.recommends
        advice.reason = "This is what the published reports bear, and no more than that."
        advice.citations = pack.filter { $0.kind != .overdueReport }.map {
            .init(evidence: $0.id, bearing: [.scale, .stop].contains(option.recommends) ? .supports : .context)
        }
        try await decisions.recommend(officer, id, version: 2, advice)
        guard option.rest != .recommended else { return }
        try await decisions.move(try cast.actor("approver2"), id, .approve, version: 3)
        guard option.rest != .approved else { return }
        try await decisions.move(senior, id, .announce, version: 4)
        guard option.rest != .announced else { return }
        try await decisions.move(
            officer, id, .review, version: 5,
            reason: "The trial goes on as planned; the decision stands until it reports.")
    }
}
