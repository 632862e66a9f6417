public import Domain
import Postgres

// What a reviewer does with a review.

extension Reviews {
    /// Accepts the invitation.
    public func accept(_ actor: Actor, _ id: ReviewID, version: Int) async throws {
        try await act(.accept, actor, id, version) { _, _ in }
    }

    /// Declines the invitation, with a reason for the review lead.
    public func decline(_ actor: Actor, _ id: ReviewID, version: Int, reason: String) async throws {
        try await act(.decline, actor, id, version, reason: reason) { _, _ in
            try Rules.reason(reason).enforce()
        }
    }

    /// Declares interests. None lets the review go on, until the next one; any locks it until the review lead rules. What
    /// was scored before stays on record.
    public func declare(
        _ actor: Actor, _ id: ReviewID, version: Int, kinds: [Review.Interest], detail: String
    ) async throws {
        let event: ReviewEvent = kinds.isEmpty ? .checkInterests : .declareInterest
        try await act(event, actor, id, version, asking: .reviewDeclareInterest) { act, tx in
            guard act.record.review.reviewer == act.subject.person else {
                throw Action.reviewDeclareInterest.permission.refusal
            }
            var problems: [FieldProblem] = []
            if !kinds.isEmpty, detail.unicodeScalars.count < Rules.shortestReason {
                problems.append(
                    FieldProblem("detail", "Describe the interest in at least \(Rules.shortestReason) characters."))
            }
            if detail.unicodeScalars.count > Rules.longestText {
                problems.append(FieldProblem("detail", "Shorten the description to \(Rules.longestText) characters."))
            }
            try problems.mustBeEmpty()
            tx.queue(
                ReviewStatements.insertDeclaration(
                    in: act.record.review, kinds: kinds, detail: kinds.isEmpty ? "" : detail, by: act.subject.person
                ).done)
        }
    }

    /// Begins to score, once the review lead has begun the review.
    public func begin(_ actor: Actor, _ id: ReviewID, version: Int) async throws {
        try await act(.begin, actor, id, version) { act, _ in
            guard ["in_review", "peer_review"].contains(act.record.paperState),
                act.record.currentSubmission == act.record.review.submission
            else {
                throw Refusal(
                    .conflict, code: Guard.underReview.rawValue,
                    "The review lead has not begun this review yet. You will hear when you can start.")
            }
        }
    }

    /// Saves scores: each that differs from what stands is a new row. Answers the new version.
    public func saveScores(_ actor: Actor, _ id: ReviewID, version: Int, _ scores: [ReviewScore]) async throws -> Int {
        try await platform.write("reviews.save_scores", actor, on: .review(id)) { tx, open in
            let (subject, found, criteria, current) = try tx.pipeline(
                open, ReviewStatements.lock(id).optional,
                ReviewStatements.criteria(ReviewStatements.version(of: id)).many, ReviewStatements.scores(id).many)
            let (record, grant) = try Self.authorise(.reviewScore, found, subject)
            try version.mustEqual(record.review.version, "review")
            guard [.inProgress, .clarification].contains(record.review.state) else { throw Self.notInHand }
            let rubric = Rubric(version: record.rubricVersion, criteria: criteria, anchors: [])
            try ReviewRules.storageProblems(scores, rubric: rubric, kind: record.review.kind).mustBeEmpty()
            let changed = scores.filter { score in
                !current.contains(score)
                    && (score.value != nil || !score.rationale.isEmpty
                        || current.contains { $0.criterion == score.criterion })
            }
            guard !changed.isEmpty else { return record.review.version }
            tx.queue(ReviewStatements.insertScores(changed, in: id, by: subject.person).done)
            tx.queue(ReviewStatements.touch(id).affecting(1))
            tx.queue(
                Record(subject, actor).event(
                    "review.score", on: .review(id), as: grant.capacity, detail: ["scores": "\(changed.count)"]))
            return record.review.version + 1
        }
    }

    /// Raises a point that must, or should, be put right.
    public func addItem(
        _ actor: Actor, _ id: ReviewID, mustFix: Bool, criterion: String?, body: String
    ) async throws -> ReviewItemID {
        let item = ReviewItemID.fresh()
        return try await note(actor, id, "review.add_item", body) { record, subject, tx in
            tx.queue(
                ReviewStatements.insertItem(
                    item, in: id, mustFix: mustFix, criterion: criterion, body: body, by: subject.person
                ).done)
            return item
        }
    }

    /// Adds a confidential note for the review lead.
    public func addNote(_ actor: Actor, _ id: ReviewID, body: String) async throws {
        try await note(actor, id, "review.add_note", body) { _, subject, tx in
            tx.queue(ReviewStatements.insertNote(in: id, body, by: subject.person).done)
        }
    }

    /// Hands the review in.
    public func submit(_ actor: Actor, _ id: ReviewID, version: Int) async throws {
        try await act(.submit, actor, id, version) { act, _ in
            try ReviewRules.problems(act.scores, rubric: act.rubric, kind: act.record.review.kind).mustBeEmpty()
            let duty: Duty = act.record.review.kind == .protocol ? .reviewedProtocol : .peerReviewed
            try Duty.check(duty, by: act.subject.person, ledger: act.ledger).enforce()
        }
    }

    /// Hands it in again after a clarification.
    public func clarify(_ actor: Actor, _ id: ReviewID, version: Int) async throws {
        try await act(.clarify, actor, id, version) { act, _ in
            try ReviewRules.problems(act.scores, rubric: act.rubric, kind: act.record.review.kind).mustBeEmpty()
        }
    }

    private static let notInHand = Refusal(
        .conflict, code: "review_not_in_hand",
        "Scores are saved only while the review is in hand. Begin it first, or look at where it stands.")

    private func note<Result: Sendable>(
        _ actor: Actor, _ id: ReviewID, _ action: String, _ body: String,
        _ write: @escaping @Sendable (ReviewRecord, Subject, borrowing Transaction) throws -> Result
    ) async throws -> Result {
        if body.allSatisfy(\.isWhitespace) || body.unicodeScalars.count > Rules.longestText {
            throw Refusal.invalid([
                FieldProblem("body", "Enter a text of at most \(Rules.longestText) characters.")
            ])
        }
        return try await platform.write("reviews.note", actor, on: .review(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, ReviewStatements.lock(id).optional)
            let (record, grant) = try Self.authorise(.reviewScore, found, subject)
            guard [.inProgress, .clarification].contains(record.review.state) else { throw Self.notInHand }
            let result = try write(record, subject, tx)
            tx.queue(Record(subject, actor).event(action, on: .review(id), as: grant.capacity))
            return result
        }
    }
}
