public import Domain
import Postgres

// What the review lead does with reviews, and how every act on a review is done.

extension Reviews {
    /// Invites a reviewer to the current submission of a plan.
    public func invite(
        _ actor: Actor, plan id: EvaluationPlanID, _ reviewer: PersonID, dueOn: Day, isThird: Bool = false,
        once: IdempotencyKey? = nil
    ) async throws -> ReviewID {
        try await invite(actor, .plan(id), reviewer, dueOn, isThird, once)
    }

    /// Invites a reviewer to the current submission of a report.
    public func invite(
        _ actor: Actor, report id: EvaluationReportID, _ reviewer: PersonID, dueOn: Day, isThird: Bool = false,
        once: IdempotencyKey? = nil
    ) async throws -> ReviewID {
        try await invite(actor, .report(id), reviewer, dueOn, isThird, once)
    }

    /// Rules on a declared interest: it can be managed, or it excludes.
    public func rule(_ actor: Actor, _ id: ReviewID, version: Int, managed: Bool, reason: String) async throws {
        try await act(managed ? .manage : .recuse, actor, id, version, reason: reason) { act, tx in
            try Rules.reason(reason).enforce()
            guard act.record.review.reviewer != act.subject.person,
                let declaration = act.declarations.first(where: { $0.isDeclared && $0.ruling == nil })
            else { throw Refusal.notFound("declaration") }
            tx.queue(
                ReviewStatements.insertRuling(
                    on: declaration.id, managed: managed, reason: reason, by: act.subject.person
                )
                .done)
        }
    }

    /// Sends a review back to its reviewer with a question; never for another score.
    public func askToClarify(_ actor: Actor, _ id: ReviewID, version: Int, reason: String) async throws {
        try await act(.askToClarify, actor, id, version, reason: reason) { _, _ in
            try Rules.reason(reason).enforce()
        }
    }

    /// Makes a review final. When both are, the two reviewers may read each other's.
    public func finalise(_ actor: Actor, _ id: ReviewID, version: Int) async throws {
        try await act(.finalise, actor, id, version) { _, _ in }
    }

    /// Releases a reviewer who does not get on.
    public func release(_ actor: Actor, _ id: ReviewID, version: Int, reason: String) async throws {
        try await act(.release, actor, id, version, reason: reason) { _, _ in
            try Rules.reason(reason).enforce()
        }
    }

    /// Closes a point that a reviewer raised, saying how it was put right.
    public func closeItem(_ actor: Actor, _ review: ReviewID, _ item: ReviewItemID, note: String) async throws {
        try await platform.write("reviews.close_item", actor, on: .review(review)) { tx, open in
            let (subject, found, items) = try tx.pipeline(
                open, ReviewStatements.lock(review).optional, ReviewStatements.items(review).many)
            let (_, grant) = try Self.authorise(.reviewCloseItem, found, subject)
            if note.allSatisfy(\.isWhitespace) || note.unicodeScalars.count > Rules.longestText {
                throw Refusal.invalid([
                    FieldProblem("note", "Say how it was put right, in at most \(Rules.longestText) characters.")
                ])
            }
            let point = try items.first { $0.id == item }.orNotFound("point")
            if point.closedWith != nil {
                throw Refusal(.conflict, code: "closed_already", "This point is closed already.")
            }
            tx.queue(ReviewStatements.closeItem(item, note: note, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "review.close_item", on: .review(review), as: grant.capacity, detail: ["item": "\(item)"]))
        }
    }

    /// Settles a disagreement about a plan: the score that counts, and why. What the reviewers scored stays.
    public func adjudicate(
        _ actor: Actor, plan id: EvaluationPlanID, criterion: String, value: Int, reason: String
    ) async throws {
        try await adjudicate(actor, .plan(id), criterion, value, reason)
    }

    /// Settles a disagreement about a report.
    public func adjudicate(
        _ actor: Actor, report id: EvaluationReportID, criterion: String, value: Int, reason: String
    ) async throws {
        try await adjudicate(actor, .report(id), criterion, value, reason)
    }

    // MARK: How it is done

    private func invite(
        _ actor: Actor, _ paper: EvaluationPaper, _ reviewer: PersonID, _ dueOn: Day, _ isThird: Bool,
        _ once: IdempotencyKey?
    ) async throws -> ReviewID {
        let id = ReviewID.fresh()
        return try await platform.write("reviews.invite", actor, on: paper.reference, once: once) { tx, open in
            let (subject, plan, report, candidates, ledger) = try tx.pipeline(
                open, EvaluationPlanStatements.find(paper.plan).optional,
                EvaluationReportStatements.find(paper.report).optional, ReviewStatements.candidates(paper).many,
                ReviewStatements.ledger(paper).many)
            let of = try (plan?.of ?? report?.of).orNotFound(paper.noun)
            let grant = try Self.authorise(.reviewInvite, paper, of, subject)
            let move = try Workflow.move(ReviewEvent.invite, from: nil)
            let state = plan?.plan.state.rawValue ?? report?.report.state.rawValue ?? ""
            guard ["submitted", "in_review", "peer_review"].contains(state) else {
                throw Refusal(
                    .conflict, code: "nothing_submitted", "Reviewers are invited once there is a submission to review.")
            }
            try Duty.check(.ledReview, by: subject.person, ledger: ledger).enforce()
            var problems: [FieldProblem] = []
            if !candidates.contains(where: { $0.id == reviewer }) {
                problems.append(
                    FieldProblem(
                        "reviewer",
                        "Choose a reviewer from the list: nobody of the evaluator’s or the authority’s organisation, and nobody with "
                            + "another part in this case."))
            }
            if dueOn < subject.now.londonDay {
                problems.append(FieldProblem("dueOn", "Enter a day that is not in the past."))
            }
            try problems.mustBeEmpty()
            tx.queue(
                ReviewStatements.insert(
                    id, paper, of: of, reviewer: reviewer, isThird: isThird, dueOn: dueOn, by: subject.person
                ).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .review(id),
                name: "A review of \(plan?.plan.reference ?? report?.report.reference ?? "")"
            ).move(
                ReviewEvent.invite, move, from: nil, version: 1, detail: ["paper": "\(paper.id)"],
                says:
                    "You are asked to review “\(report?.report.title ?? of.evaluation.title)” by \(dueOn.spoken). Sign in to "
                    + "accept or decline.", tx)
            return id
        }
    }

    private func adjudicate(
        _ actor: Actor, _ paper: EvaluationPaper, _ criterion: String, _ value: Int, _ reason: String
    ) async throws {
        try await platform.write("reviews.adjudicate", actor, on: paper.reference) { tx, open in
            let (subject, plan, report, ledger) = try tx.pipeline(
                open, EvaluationPlanStatements.find(paper.plan).optional,
                EvaluationReportStatements.find(paper.report).optional, ReviewStatements.ledger(paper).many)
            let of = try (plan?.of ?? report?.of).orNotFound(paper.noun)
            let grant = try Self.authorise(.reviewAdjudicate, paper, of, subject)
            var problems: [FieldProblem] = []
            if !(0...Rubric.highest).contains(value) {
                problems.append(FieldProblem("value", "Choose a score from 0 to \(Rubric.highest)."))
            }
            if case .some(let refusal) = Rules.reason(reason) { problems += refusal.problems }
            try problems.mustBeEmpty()
            try Duty.check(.ledReview, by: subject.person, ledger: ledger).enforce()
            tx.queue(
                ReviewStatements.adjudicate(
                    paper, criterion: criterion, value: value, reason: reason, by: subject.person
                )
                .done)
            tx.queue(
                Record(subject, actor).event(
                    "review.adjudicate", on: paper.reference, as: grant.capacity, reason: reason,
                    detail: ["criterion": criterion, "value": "\(value)"]))
        }
    }

    /// What an act on a review has at hand.
    struct Act: Sendable {
        let subject: Subject
        let record: ReviewRecord
        let scores: [ReviewScore]
        let declarations: [DeclarationView]
        let ledger: [Duty.Performed]
        let rubric: Rubric
    }

    /// One move of a review. `decide` checks what the event asks and queues what belongs to it.
    func act(
        _ event: ReviewEvent, _ actor: Actor, _ id: ReviewID, _ version: Int, asking: Action? = nil,
        reason: String? = nil,
        _ decide: @escaping @Sendable (Act, borrowing Transaction) throws -> Void
    ) async throws {
        try await platform.write("reviews.act", actor, on: .review(id)) { tx, open in
            let (subject, found, scores, declarations, criteria, ledger) = try tx.pipeline(
                open, ReviewStatements.lock(id).optional, ReviewStatements.scores(id).many,
                ReviewStatements.declarations(of: id).many,
                ReviewStatements.criteria(ReviewStatements.version(of: id)).many,
                ReviewStatements.ledger(ofReview: id).many)
            guard let action = asking ?? event.action else { throw Refusal.notFound("review") }
            let (record, grant) = try Self.authorise(action, found, subject)
            try version.mustEqual(record.review.version, "review")
            let move = try Workflow.move(event, from: record.review.state)
            try decide(
                Act(
                    subject: subject, record: record, scores: scores, declarations: declarations, ledger: ledger,
                    rubric: Rubric(version: record.rubricVersion, criteria: criteria, anchors: [])), tx)
            tx.queue(ReviewStatements.move(id, event, to: move.state, reason: reason).affecting(1))
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .review(id), name: record.review.reference
            )
            .move(
                event, move, from: record.review.state, version: version, reason: reason,
                detail: ["bid": "\(record.review.bid)"],
                says: "The review \(record.review.reference) of “\(record.title)” \(event.headline).", tx)
        }
    }

    /// Sees the review, and may do this to it.
    static func authorise(_ action: Action, _ found: ReviewRecord?, _ subject: Subject) throws -> (ReviewRecord, Grant)
    {
        let record = try found.orNotFound("review")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.reviewRead, subject: subject, facts: facts)
        return (record, try Permission.authorise(action, subject: subject, facts: facts))
    }

    /// Sees the plan or report, and may do this about it.
    static func authorise(_ action: Action, _ paper: EvaluationPaper, _ of: EvaluationRecord, _ subject: Subject) throws
        -> Grant
    {
        let facts = of.facts(for: subject)
        _ = try Permission.authorise(
            paper.isPlan ? .evaluationPlanRead : .evaluationReportRead, subject: subject, facts: facts)
        return try Permission.authorise(action, subject: subject, facts: facts)
    }
}
