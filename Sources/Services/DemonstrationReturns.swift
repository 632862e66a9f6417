import Domain
import Postgres

// Monitoring returns and capacity assessments of the demonstration, one in every state.

extension DemonstrationFund {
    /// Where the first return of each award comes to rest; of awards that are not named, both are accepted.
    private static let rest: [String: MonitoringReturn.State] = [
        "lifestory": .inProgress, "mentors": .inCertification, "kinship": .submitted, "short_breaks": .underReview,
        "siblings": .changesRequested, "valued": .acceptedWithIssues, "night_team": .reopened,
        "safeguarding_trial": .waived, "homework": .open,
    ]

    /// What authorities report on awards in force.
    func returns(_ awards: [DemonstrationAward]) async throws {
        for (place, award) in awards.enumerated() {
            let periods = try await periods(award)
            if let rest = Self.rest[award.plot.key] {
                if let first = periods.first { try await report(first.id, of: award, rest, place) }
            } else {
                for (number, period) in periods.enumerated() {
                    try await report(period.id, of: award, .accepted, place, after: number)
                }
            }
        }
        try await capacity()
    }

    /// Returns whose period has ended, in order.
    func periods(_ award: DemonstrationAward) async throws -> [DemonstrationStatements.Period] {
        try await owner.transaction("demonstration.returns") { tx in
            try tx.run(DemonstrationStatements.ended(of: award.id).many)
        }
    }

    // MARK: One return

    /// Takes a return to a state, by the people whose turn it is.
    private func report(
        _ id: MonitoringReturnID, of award: DemonstrationAward, _ rest: MonitoringReturn.State, _ place: Int,
        after earlier: Int = 0
    ) async throws {
        let returns = touchstone.returns
        let officer = try cast.actor("officer")
        let senior = try cast.actor("senior")
        if rest == .open { return }
        if rest == .waived {
            return try await returns.waive(
                senior, id, version: try await version(id), reason: "The project began after this period had ended.")
        }
        try await write(id, of: award, all: rest != .inProgress, place, after: earlier)
        if rest == .inProgress { return }
        try await returns.sendForCertification(
            try cast.actor("\(award.authority).editor"), id, version: try await version(id))
        if rest == .inCertification { return }
        _ = try await returns.submit(
            try cast.actor("\(award.authority).certifier"), id, version: try await version(id),
            declarationVersion: ReturnDeclaration.version)
        if rest == .submitted { return }
        try await returns.beginReview(officer, id, version: try await version(id))
        switch rest {
        case .changesRequested:
            try await returns.requestChanges(
                officer, id, version: try await version(id), reason: "The number of people reached looks low.",
                comments: [ReturnComment(field: "reach.peopleReached", comment: "Are siblings counted?")])
        case .acceptedWithIssues:
            try await returns.acceptWithIssues(
                officer, id, version: try await version(id),
                issues: "The forecast was not brought up to date; it is due with the next return.")
        case .accepted, .reopened:
            try await returns.accept(officer, id, version: try await version(id))
            guard rest == .reopened else { return }
            try await returns.reopen(
                senior, id, version: try await version(id),
                reason: "The authority found that two months were counted twice.")
        default: break
        }
    }

    private func write(
        _ id: MonitoringReturnID, of award: DemonstrationAward, all: Bool, _ place: Int, after earlier: Int
    ) async throws {
        let editor = try cast.actor("\(award.authority).editor")
        let view = try await touchstone.returns.section(editor, id, .outcomes)
        let content = reported(view.indicators, of: award, place, after: earlier)
        for section in all ? ReturnSection.allCases : [.reach] {
            let view = try await touchstone.returns.section(editor, id, section)
            _ = try await touchstone.returns.saveSection(editor, id, section, content: content, version: view.version)
        }
    }

    /// A plausible quarter: the first indicator counted, with counts that differ from award to award.
    private func reported(
        _ indicators: [ReturnIndicator], of award: DemonstrationAward, _ place: Int, after earlier: Int
    ) -> ReturnContent {
        var content = ReturnContent()
        for (index, indicator) in indicators.enumerated() {
            var value = ReturnContent.Value(indicator.code)
            if indicator.hasCounts, index == 0 {
                (value.numerator, value.denominator) = ("\(18 + place % 7)", "\(96 + 3 * place)")
                value.confirmation = "Counted from the case system and checked by the team."
                value.comment = "Families of the project only."
            } else {
                value.missingReason = .notYetAvailable
            }
            content.outcomes.values.append(value)
        }
        content.reach.peopleReached = 36 + 4 * place
        let spent = Money(pounds: award.plot.pounds / 10)
        content.spend.period = spent
        content.spend.toDate = Money(pence: spent.pence * (earlier + 1))
        content.spend.forecast = Money(pounds: award.plot.pounds)
        content.learning.evaluatorAccess = true
        return content
    }

    // MARK: Capacity

    /// The baselines that were opened with the awards: one begun, one certified, one looked at by a peer, one locked.
    private func capacity() async throws {
        let rest: [(code: String, state: CapacityAssessment.State)] = [
            ("926", .inProgress), ("815", .certified), ("850", .moderated), ("919", .locked),
        ]
        let assessments = touchstone.capacityAssessments
        for (code, state) in rest {
            let certifier = try cast.actor("\(code).certifier")
            guard let row = try await assessments.list(certifier).rows.first(where: { $0.state == .opened }) else {
                continue
            }
            try await assess(row.id, by: code, certify: state != .inProgress)
            let version = try await assessments.detail(certifier, row.id).assessment.version
            if state == .moderated {
                let peer = try cast.actor("383.certifier")
                try await assessments.askPeer(
                    certifier, row.id, version: version,
                    try await touchstone.subject(peer).organisation)
                try await assessments.move(
                    peer, row.id, .moderate, version: version + 1,
                    reason: "The levels fit what was shown to us; data sharing is a little ahead of that.")
            } else if state == .locked {
                try await assessments.move(certifier, row.id, .lock, version: version)
            }
        }
    }

    /// Two teams answer; the certifier settles the levels.
    private func assess(_ id: CapacityAssessmentID, by code: String, certify: Bool) async throws {
        let assessments = touchstone.capacityAssessments
        func levels(_ detail: CapacityAssessmentDetail) -> [CapacityAnswer] {
            detail.rubric.enumerated().map { place, dimension in
                CapacityAnswer(
                    dimension: dimension.code, level: 1 + place % 2,
                    evidence: "The plan of the service for this year, section \(place + 2)")
            }
        }
        for (key, team) in [("editor", "Analysis"), ("certifier", "Finance")] {
            let actor = try cast.actor("\(code).\(key)")
            let detail = try await assessments.detail(actor, id)
            _ = try await assessments.answer(
                actor, id, version: detail.assessment.version, levels(detail), team: team, context: .init())
        }
        guard certify else { return }
        let certifier = try cast.actor("\(code).certifier")
        let detail = try await assessments.detail(certifier, id)
        try await assessments.certify(certifier, id, version: detail.assessment.version, levels(detail))
    }

    // MARK: Versions

    func version(_ id: MonitoringReturnID) async throws -> Int {
        try await ask(DemonstrationStatements.returnVersion(id))
    }
}
