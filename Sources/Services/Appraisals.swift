public import Domain
import Postgres

/// Appraisal: independent scorers, each blind to the others until their own is final.
public struct Appraisals: Sendable {
    let platform: Platform

    /// The actor's own: those that are to be done, the first due first, then the others.
    public func mine(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<AppraisalRow> {
        let after = try page.keys(3).map {
            (try Keys.number($0[0]), try Keys.day($0[1]), try Keys.id($0[2], of: Appraisal.self))
        }
        let (subject, rows) = try await platform.read(
            "appraisals.mine", actor, AppraisalStatements.mine(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.appraisalList, subject: subject)
        return Page(rows, page) { [$0.state.isDone ? "1" : "0", "\($0.dueOn)", "\($0.id)"] }
    }

    /// Who could be given this bid: scorers who are not of the bidding authority and have no part in the case.
    public func assignable(_ actor: Actor, _ bid: BidID) async throws -> [AssignablePerson] {
        let (subject, found, people) = try await platform.read(
            "appraisals.assignable", actor, BidStatements.find(bid).optional, AppraisalStatements.assignable(bid).many)
        let record = try found.orNotFound("bid")
        _ = try Bids.authorise(.appraisalAssign, record, subject)
        return people
    }

    /// Gives a bid to a scorer.
    public func assign(
        _ actor: Actor, _ bid: BidID, _ person: PersonID, kind: Criterion.Scorer, dueOn: Day,
        once: IdempotencyKey? = nil
    ) async throws -> AppraisalID {
        let id = AppraisalID.fresh()
        return try await platform.write("appraisals.assign", actor, on: .bid(bid), once: once) { tx, open in
            let (subject, found, scorer, ledger, others) = try tx.pipeline(
                open, BidStatements.lock(bid).optional, AppraisalStatements.scorer(person).optional,
                BidStatements.ledger(bid).many, AppraisalStatements.ofBid(bid).many)
            let record = try found.orNotFound("bid")
            let grant = try Bids.authorise(.appraisalAssign, record, subject)
            guard let scorer, scorer.kind == kind else {
                throw Refusal.invalid([FieldProblem("person", "Choose a person from the list.")])
            }
            try AppraisalRules.assignable(
                scorer: person, organisation: scorer.organisation, bid: record.bid, kind: kind,
                already: others.map(\.appraisal.appraiser), ledger: ledger, dueOn: dueOn, today: subject.now.londonDay
            ).enforce()
            tx.queue(
                AppraisalStatements.insert(id, of: bid, for: person, kind: kind, due: dueOn, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "appraisal.assign", on: .appraisal(id), as: grant.capacity, to: "assigned",
                    detail: ["bid": "\(bid)", "appraiser": "\(person)", "kind": kind.rawValue]))
            tx.queue(
                Self.notice(.assign, record, id, "It is due on \(dueOn.spoken).", version: 1).to([person]))
            return id
        }
    }

    /// Everything an appraisal's page shows.
    public func detail(_ actor: Actor, _ id: AppraisalID) async throws -> AppraisalDetail {
        let (subject, found, foundBid, criteria, scores, sections, submitted, siblings) = try await platform.read(
            "appraisals.detail", actor, AppraisalStatements.find(id).optional, BidStatements.find(of: id).optional,
            AppraisalStatements.criteria(id).many, AppraisalStatements.scores(id).many,
            BidSectionStatements.all(of: id).many, BidSectionStatements.submitted(of: id).optional,
            AppraisalStatements.siblings(id).many)
        let record = try found.orNotFound("appraisal")
        let bid = try foundBid.orNotFound("appraisal")
        _ = try Permission.authorise(.appraisalRead, subject: subject, facts: Self.facts(record, bid))
        let isOwn = record.appraisal.appraiser == subject.person
        let wanted = AppraisalRules.criteria(criteria, for: record.appraisal.kind)
        let visible = AppraisalRules.maySeeScores(
            of: record.appraisal, by: subject, siblings: siblings.map(\.appraisal))
        return AppraisalDetail(
            appraisal: record.appraisal, bidReference: bid.bid.reference, bidTitle: bid.bid.title,
            organisationName: bid.organisationName, roundTitle: bid.roundTitle, appraiserName: record.appraiserName,
            criteria: wanted, scores: visible ? Self.complete(scores, wanted) : [], scoresVisible: visible,
            content: try subject.readable(submitted: submitted, sections: sections), sections: subject.readableSections,
            problems: isOwn ? AppraisalRules.problems(scores, criteria: wanted) : [], returnReason: record.returnReason,
            allowed: Self.allowed(record, bid, subject), isOwn: isOwn)
    }

    /// Begins to score.
    public func begin(_ actor: Actor, _ id: AppraisalID, version: Int) async throws {
        try await move(.begin, .appraisalBegin, actor, id, version)
    }

    /// Takes a returned appraisal up again.
    public func resume(_ actor: Actor, _ id: AppraisalID, version: Int) async throws {
        try await move(.resume, .appraisalResume, actor, id, version)
    }

    /// Saves scores: each that differs from what stands is a new row, so what was once thought can be read again.
    /// Answers the new version.
    public func saveScores(_ actor: Actor, _ id: AppraisalID, version: Int, _ scores: [Score]) async throws -> Int {
        try await platform.write("appraisals.save_scores", actor, on: .appraisal(id)) { tx, open in
            let (subject, bid, record, grant, criteria, current) = try Self.load(.appraisalScore, id, tx, open)
            try version.mustEqual(record.appraisal.version, "appraisal")
            _ = bid
            try AppraisalRules.scorable(record.appraisal.state).enforce()
            let wanted = AppraisalRules.criteria(criteria, for: record.appraisal.kind)
            try AppraisalRules.storageProblems(scores, criteria: wanted).mustBeEmpty()
            let changed = scores.filter { !current.contains($0) }
            guard !changed.isEmpty else { return record.appraisal.version }
            tx.queue(AppraisalStatements.insertScores(changed, in: id, by: subject.person).done)
            tx.queue(AppraisalStatements.touch(id).done)
            tx.queue(
                Record(subject, actor).event(
                    "appraisal.score", on: .appraisal(id), as: grant.capacity, detail: ["scores": "\(changed.count)"]))
            return record.appraisal.version + 1
        }
    }

    /// Hands the scores in.
    public func submit(_ actor: Actor, _ id: AppraisalID, version: Int) async throws {
        try await platform.write("appraisals.submit", actor, on: .appraisal(id)) { tx, open in
            let (subject, foundBid, found, criteria, scores, ledger) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, AppraisalStatements.lock(id).optional,
                AppraisalStatements.criteria(id).many, AppraisalStatements.scores(id).many,
                BidStatements.ledger(of: id).many)
            let record = try found.orNotFound("appraisal")
            let bid = try foundBid.orNotFound("appraisal")
            let grant = try Self.authorise(.appraisalSubmit, record, bid, subject)
            try version.mustEqual(record.appraisal.version, "appraisal")
            let move = try Workflow.move(AppraisalEvent.submit, from: record.appraisal.state)
            let wanted = AppraisalRules.criteria(criteria, for: record.appraisal.kind)
            try AppraisalRules.problems(scores, criteria: wanted).mustBeEmpty()
            try Duty.check(.appraised, by: subject.person, ledger: ledger).enforce()
            tx.queue(AppraisalStatements.move(id, to: move.state, by: .submit).done)
            tx.queue(BidStatements.perform(.appraised, in: bid.bid.id, by: subject.person).done)
            Self.recordMove(tx, record, bid, move, .submit, subject, actor, grant)
        }
    }

    /// Sends submitted scores back to their appraiser, with a reason.
    public func `return`(_ actor: Actor, _ id: AppraisalID, version: Int, reason: String) async throws {
        try await platform.write("appraisals.return", actor, on: .appraisal(id)) { tx, open in
            let (subject, bid, record, grant, _, _) = try Self.load(.appraisalReturn, id, tx, open)
            try version.mustEqual(record.appraisal.version, "appraisal")
            let move = try Workflow.move(AppraisalEvent.sendBack, from: record.appraisal.state)
            try Rules.reason(reason).enforce()
            try AppraisalRules.beforeDecision(bid.bid.state).enforce()
            tx.queue(AppraisalStatements.move(id, to: move.state, by: .sendBack, because: reason).done)
            Self.recordMove(tx, record, bid, move, .sendBack, subject, actor, grant, reason: reason)
        }
    }

    /// Makes submitted scores final. When they are the last that the bid waits for, the bid is appraised in the same
    /// moment.
    public func finalise(_ actor: Actor, _ id: AppraisalID, version: Int) async throws {
        try await platform.write("appraisals.finalise", actor, on: .appraisal(id)) { tx, open in
            let (subject, foundBid, found, criteria, scores, siblings) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, AppraisalStatements.lock(id).optional,
                AppraisalStatements.criteria(id).many, AppraisalStatements.scores(id).many,
                AppraisalStatements.siblings(id).many)
            let record = try found.orNotFound("appraisal")
            let bid = try foundBid.orNotFound("appraisal")
            let grant = try Self.authorise(.appraisalFinalise, record, bid, subject)
            try version.mustEqual(record.appraisal.version, "appraisal")
            let move = try Workflow.move(AppraisalEvent.finalise, from: record.appraisal.state)
            let wanted = AppraisalRules.criteria(criteria, for: record.appraisal.kind)
            try AppraisalRules.problems(scores, criteria: wanted).mustBeEmpty()
            tx.queue(AppraisalStatements.move(id, to: move.state, by: .finalise).done)
            Self.recordMove(tx, record, bid, move, .finalise, subject, actor, grant)
            let after = siblings.map { ($0.appraisal.kind, $0.appraisal.id == id ? .final : $0.appraisal.state) }
            guard AppraisalRules.allFinal(after), let step = Workflow.next(BidEvent.appraise, from: bid.bid.state)
            else {
                return
            }
            tx.queue(BidStatements.move(bid.bid.id, to: .appraised, by: .appraise).done)
            Bids.recordMove(tx, bid, (.appraised, step), .appraise, subject, actor, grant)
        }
    }

    /// The scores side by side, once they are open to this actor and all final.
    public func summary(_ actor: Actor, _ bid: BidID) async throws -> ScoreSummary {
        let (subject, found, criteria, appraisals, scores, spread) = try await platform.read(
            "appraisals.summary", actor, BidStatements.find(bid).optional, RoundStatements.criteria(ofBid: bid).many,
            AppraisalStatements.ofBid(bid).many, AppraisalStatements.scores(ofBid: bid).many,
            ApprovalStatements.setting("score_spread_moderation").optional)
        let record = try found.orNotFound("bid")
        var facts = record.facts
        facts.scoresOpen = AppraisalRules.maySeeScores(subject, appraisals: appraisals.map(\.appraisal))
        _ = try Permission.authorise(.appraisalCompare, subject: subject, facts: facts)
        guard let summary = Self.summary(bid, criteria, appraisals, scores, spread: spread) else {
            throw Refusal(
                .conflict, code: "not_all_final", "The scores are compared once every appraisal of this bid is final.")
        }
        return summary
    }
}

extension Appraisals {
    private func move(
        _ event: AppraisalEvent, _ action: Action, _ actor: Actor, _ id: AppraisalID, _ version: Int
    ) async throws {
        try await platform.write("appraisals.move", actor, on: .appraisal(id)) { tx, open in
            let (subject, bid, record, grant, _, _) = try Self.load(action, id, tx, open)
            try version.mustEqual(record.appraisal.version, "appraisal")
            let move = try Workflow.move(event, from: record.appraisal.state)
            tx.queue(AppraisalStatements.move(id, to: move.state, by: event).done)
            Self.recordMove(tx, record, bid, move, event, subject, actor, grant)
        }
    }

    /// Opens, locks and authorises: what most acts on an appraisal begin with. One round trip.
    private static func load(_ action: Action, _ id: AppraisalID, _ tx: borrowing Transaction, _ open: Step<Subject>)
        throws
        -> (Subject, BidRecord, AppraisalRecord, Grant, [Criterion], [Score])
    {
        let (subject, foundBid, found, criteria, scores) = try tx.pipeline(
            open, BidStatements.find(of: id).optional, AppraisalStatements.lock(id).optional,
            AppraisalStatements.criteria(id).many, AppraisalStatements.scores(id).many)
        let record = try found.orNotFound("appraisal")
        let bid = try foundBid.orNotFound("appraisal")
        return (subject, bid, record, try authorise(action, record, bid, subject), criteria, scores)
    }

    private static func facts(_ record: AppraisalRecord, _ bid: BidRecord) -> Permission.Facts {
        var facts = bid.facts
        facts.assignees = [record.appraisal.appraiser]
        return facts
    }

    private static func authorise(
        _ action: Action, _ record: AppraisalRecord, _ bid: BidRecord, _ subject: Subject
    ) throws -> Grant {
        let facts = facts(record, bid)
        _ = try Permission.authorise(.appraisalRead, subject: subject, facts: facts)
        return try Permission.authorise(action, subject: subject, facts: facts)
    }

    /// A score for each criterion, blank where none was saved.
    private static func complete(_ scores: [Score], _ criteria: [Criterion]) -> [Score] {
        criteria.compactMap { criterion in
            criterion.id.map { id in
                scores.first { $0.criterion == id } ?? Score(criterion: id, value: nil, rationale: "")
            }
        }
    }

    private static func allowed(_ record: AppraisalRecord, _ bid: BidRecord, _ subject: Subject) -> [AppraisalEvent] {
        offered(
            AppraisalEvent.self, from: record.appraisal.state, to: subject, facts: facts(record, bid), as: \.action
        ).filter { $0 != .sendBack || AppraisalRules.beforeDecision(bid.bid.state) == nil }
    }

    private static func notice(
        _ event: AppraisalEvent, _ bid: BidRecord, _ id: AppraisalID, _ more: String?, version: Int
    ) -> Outbox {
        Outbox(
            "appraisal.\(event.rawValue)", on: .appraisal(id), subject: "\(bid.bid.reference) \(event.headline)",
            body: [
                "The appraisal of “\(bid.bid.title)” (\(bid.bid.reference)) by \(bid.organisationName) "
                    + "\(event.headline).",
                more,
            ].compactMap(\.self).joined(separator: "\n\n"), dedupe: "appraisal.\(event.rawValue):\(id):\(version)")
    }

    private static func recordMove(
        _ tx: borrowing Transaction, _ record: AppraisalRecord, _ bid: BidRecord,
        _ move: (state: Appraisal.State, transition: Transition), _ event: AppraisalEvent, _ subject: Subject,
        _ actor: Actor, _ grant: Grant, reason: String? = nil
    ) {
        tx.queue(
            Record(subject, actor).event(
                "appraisal.\(event.rawValue)", on: .appraisal(record.appraisal.id), as: grant.capacity,
                from: record.appraisal.state.rawValue, to: move.state.rawValue, reason: reason,
                detail: ["bid": "\(bid.bid.id)"]))
        tx.tell(
            move.transition,
            notice(
                event, bid, record.appraisal.id, reason.map { "Reason: \($0)" }, version: record.appraisal.version))
    }

    /// The comparison; nil while any appraisal is not final.
    static func summary(
        _ bid: BidID, _ criteria: [Criterion], _ appraisals: [AppraisalRecord], _ scores: [ScoreRecord], spread: String?
    ) -> ScoreSummary? {
        guard AppraisalRules.allFinal(appraisals.map { ($0.appraisal.kind, $0.appraisal.state) }) else { return nil }
        let gap = spread.flatMap { Int($0) } ?? 2
        let names = Dictionary(appraisals.map { ($0.appraisal.id, $0.appraiserName) }) { first, _ in first }
        let apart = AppraisalRules.spread(
            appraisals.map { one in scores.filter { $0.appraisal == one.appraisal.id }.map(\.score) },
            criteria: criteria,
            scoreGap: gap)
        let means = criteria.map { criterion in
            (
                criterion,
                AppraisalRules.mean(scores.filter { $0.score.criterion == criterion.id }.compactMap(\.score.value))
            )
        }
        let failed = AppraisalRules.failed(means)
        let rows = means.map { criterion, mean in
            let values = scores.filter { $0.score.criterion == criterion.id }.compactMap(\.score.value)
            return CriterionSummary(
                criterion: criterion, mean: mean.text, spread: (values.max() ?? 0) - (values.min() ?? 0),
                count: mean.count, belowPassMark: failed.contains(criterion),
                needsModeration: apart.criteria.contains(criterion.code))
        }
        let given = scores.compactMap { row in
            if let value = row.score.value, let criterion = criteria.first(where: { $0.id == row.score.criterion }) {
                GivenScore(
                    appraiserName: names[row.appraisal] ?? "", criterionCode: criterion.code, value: value,
                    rationale: row.score.rationale)
            } else {
                nil
            }
        }
        return ScoreSummary(
            bid: bid, criteria: rows, total: AppraisalRules.total(means), passes: failed.isEmpty,
            needsModeration: apart.needsModeration, given: given)
    }
}

extension AppraisalEvent {
    /// The permission that the event needs.
    var action: Action? {
        switch self {
        case .assign: .appraisalAssign
        case .begin: .appraisalBegin
        case .submit: .appraisalSubmit
        case .sendBack: .appraisalReturn
        case .resume: .appraisalResume
        case .finalise: .appraisalFinalise
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .assign: "is assigned to you"
        case .begin: "has begun"
        case .submit: "was submitted"
        case .sendBack: "was sent back to you"
        case .resume: "was taken up again"
        case .finalise: "is final"
        }
    }
}
