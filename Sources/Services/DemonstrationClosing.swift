import Domain
import Postgres

// Variations of the demonstration in every state, and awards that are stopped.

extension DemonstrationFund {
    /// Awards whose dates or money change, and how far the change has come.
    private static let variations: [(key: String, kind: Variation.Kind, rest: Variation.State)] = [
        ("mentors", .dates, .draft), ("kinship", .dates, .submitted), ("short_breaks", .dates, .assessed),
        ("siblings", .dates, .approved), ("hubs", .dates, .rejected), ("fathers", .dates, .withdrawn),
        ("valued", .moneyUp, .inEffect),
    ]

    /// Changes of awards in force, one suspended and one ended before its time; three complete, two of them closed.
    func closing(_ awards: [DemonstrationAward]) async throws {
        for (key, kind, rest) in Self.variations {
            guard let award = awards.first(where: { $0.plot.key == key }) else { continue }
            try await vary(award, kind, rest)
        }
        if let award = awards.first(where: { $0.plot.key == "foster_line" }) {
            try await touchstone.awards.suspend(
                try cast.actor("senior"), award.id, version: try await head(award).version,
                reason: "The council reports a shortage of staff; payment waits for its plan.")
        }
        if let award = awards.first(where: { $0.plot.key == "night_team" }) {
            try await touchstone.awards.terminate(
                try cast.actor("approver2"), award.id, version: try await head(award).version,
                reason: "The authority cannot recruit the team, and both sides agree to end.")
        }
        let over = awards.filter(\.plot.isOver)
        for award in over { try await end(award, closes: award.plot.key != "early_help") }
        try await followUp(over.filter { $0.plot.key != "early_help" })
    }

    // MARK: The end

    /// Declared complete by the authority, agreed, reconciled and closed, each by somebody else.
    private func end(_ award: DemonstrationAward, closes: Bool) async throws {
        let awards = touchstone.awards
        try await awards.declareComplete(
            try cast.actor("\(award.authority).certifier"), award.id, version: try await head(award).version)
        try await awards.complete(try cast.actor("officer"), award.id, version: try await head(award).version)
        guard closes else { return }
        try await awards.reconcile(
            try cast.actor("finance"), award.id, version: try await head(award).version,
            note: "What was claimed agrees with the council's accounts.", assets: "Nothing that lasts was bought.")
        try await awards.close(try cast.actor("senior"), award.id, version: try await head(award).version)
    }

    /// Three of four follow-ups of each closed award are due by now: one is accepted, one answered, the others wait.
    private func followUp(_ closed: [DemonstrationAward]) async throws {
        for award in closed {
            try await set(DemonstrationStatements.setFollowUpsDue(of: award.id))
        }
        try await tick()
        guard let first = closed.first else { return }
        let editor = try cast.actor("\(first.authority).editor")
        let open = try await touchstone.followUps.list(editor).rows.filter { $0.state == .open }
        for (row, isAccepted) in zip(open, [true, false]) {
            let detail = try await touchstone.followUps.detail(editor, row.id)
            var content = FollowUp.Content()
            (content.running, content.funder) = (.partly, "The council")
            (content.staff, content.capacityKept) = (.most, .yes)
            content.values = detail.indicators.map {
                .init(
                    indicator: $0.code, period: "\(today.parts.year)", value: "", missing: .notYetAvailable,
                    source: .authority)
            }
            try await touchstone.followUps.answer(editor, row.id, version: detail.followUp.version, content)
            guard isAccepted else { continue }
            try await touchstone.followUps.move(
                try cast.actor("officer"), row.id, .accept, version: detail.followUp.version + 1)
        }
    }

    // MARK: Variations

    /// Takes a variation to a state.
    private func vary(_ award: DemonstrationAward, _ kind: Variation.Kind, _ rest: Variation.State) async throws {
        let editor = try cast.actor("\(award.authority).editor")
        let certifier = try cast.actor("\(award.authority).certifier")
        let variations = touchstone.variations
        let id = try await variations.draft(editor, award.id, try await change(award, kind))
        switch rest {
        case .draft: return
        case .withdrawn:
            return try await variations.withdraw(
                certifier, id, version: 1, reason: "The team was recruited in time after all.")
        default: try await variations.submit(certifier, id, version: 1)
        }
        if rest == .submitted { return }
        try await variations.assess(
            try cast.actor("officer2"), id, version: 2, assessment: "The change is modest and its reasons are sound.")
        if rest == .assessed { return }
        let approver = try cast.actor("approver2")
        if rest == .rejected {
            return try await variations.reject(
                approver, id, version: 3, reason: "The project can finish within its present dates.")
        }
        let uplift = kind == .moneyUp ? try await uplift(award) : nil
        try await variations.approve(approver, id, version: 3, uplift: uplift)
        if rest == .approved { return }
        try await variations.takeEffect(try cast.actor("signatory"), id, version: 4)
    }

    private static let increase = Money(pounds: 20_000)

    private func change(_ award: DemonstrationAward, _ kind: Variation.Kind) async throws -> Variation.Content {
        let detail = try await touchstone.awards.detail(try cast.actor("\(award.authority).editor"), award.id)
        var content = Variation.Content()
        content.kind = kind
        content.reason = "Recruiting took two months longer than was planned."
        content.effectiveOn = today
        content.instalments = detail.agreement?.instalments ?? []
        if kind == .dates {
            content.ends = detail.agreement?.ends?.adding(days: 60)
        } else {
            content.increase = Self.increase
            for (index, year) in split(Self.increase).enumerated() {
                let place = index == 0 ? 0 : content.instalments.count - 1
                guard content.instalments.indices.contains(place) else { continue }
                content.instalments[place].amount = (content.instalments[place].amount ?? .zero) + year.1
            }
        }
        return content
    }

    /// More money is approved like the award itself, on the whole-life sum.
    private func uplift(_ award: DemonstrationAward) async throws -> ApprovalID {
        let id = try await touchstone.approvals.prepare(
            try cast.actor("officer"), award.bid, approvalContent(Self.increase, kind: .uplift))
        try await clear(id)
        try await approve(id, by: "approver")
        return id
    }
}
