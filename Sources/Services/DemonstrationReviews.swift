import Domain
import Postgres

// Reviewers of the demonstration: invited, blind to each other, and never those who rate the same evidence later.

extension DemonstrationFund {
    /// Who reviews protocols; the first of them and somebody new peer-review the report.
    static let protocolReviewers = ["reviewer", "reviewer3"]
    static let reportReviewers = ["reviewer", "reviewer4"]

    private func version(_ id: ReviewID) async throws -> Int {
        try await ask(DemonstrationStatements.reviewVersion(id))
    }

    // MARK: Steps

    /// Invited, and no more.
    func invite(_ key: String, to paper: EvaluationPaper) async throws -> ReviewID {
        let lead = try cast.actor("lead")
        let person = try cast.person(key)
        let due = today.adding(days: 28)
        switch paper {
        case .plan(let id): return try await touchstone.reviews.invite(lead, plan: id, person, dueOn: due)
        case .report(let id): return try await touchstone.reviews.invite(lead, report: id, person, dueOn: due)
        }
    }

    /// Accepted, with no interests to declare.
    func clearedReview(_ key: String, of paper: EvaluationPaper) async throws -> ReviewID {
        let id = try await invite(key, to: paper)
        let reviewer = try cast.actor(key)
        try await touchstone.reviews.accept(reviewer, id, version: 1)
        try await touchstone.reviews.declare(reviewer, id, version: 2, kinds: [], detail: "")
        return id
    }

    /// Begun, scored a little higher here and there than elsewhere, as each reviewer sees it, and handed in.
    func score(_ id: ReviewID, by key: String, _ value: Int = 3) async throws {
        let reviewer = try cast.actor(key)
        try await touchstone.reviews.begin(reviewer, id, version: try await version(id))
        let detail = try await touchstone.reviews.detail(reviewer, id)
        let scores = detail.rubric.criteria(for: detail.review.kind).enumerated().map { index, criterion in
            ReviewScore(
                criterion: criterion.code, value: value + ((index + key.count).isMultiple(of: 3) ? 1 : 0),
                rationale: "The part on this is clear, and one point is left open: \(criterion.title.lowercased()).")
        }
        if value < 3 || key == Self.protocolReviewers.first {
            _ = try await touchstone.reviews.addItem(
                reviewer, id, mustFix: value < 3, criterion: "implementation",
                body: "Say how much of the practice each family received.")
        }
        let saved = try await touchstone.reviews.saveScores(reviewer, id, version: detail.review.version, scores)
        try await touchstone.reviews.submit(reviewer, id, version: saved)
    }

    func finalise(_ id: ReviewID) async throws {
        try await touchstone.reviews.finalise(try cast.actor("lead"), id, version: try await version(id))
    }

    /// Two reviews that are final. `begin` is what the review lead does once both reviewers are clear.
    func review(_ paper: EvaluationPaper, begin: () async throws -> Void) async throws {
        let keys = paper.isPlan ? Self.protocolReviewers : Self.reportReviewers
        var reviews: [(ReviewID, String)] = []
        for key in keys { reviews.append((try await clearedReview(key, of: paper), key)) }
        try await begin()
        for (id, key) in reviews {
            try await score(id, by: key)
            try await finalise(id)
        }
    }

    // MARK: Reviews that rest half way

    /// Before the review has begun: invited, accepted, declared, declined.
    func reviewsInWaiting(_ plan: EvaluationPlanID) async throws {
        let paper = EvaluationPaper.plan(plan)
        _ = try await invite("reviewer", to: paper)
        let accepted = try await invite("reviewer3", to: paper)
        try await touchstone.reviews.accept(try cast.actor("reviewer3"), accepted, version: 1)
        _ = try await clearedReview("reviewer4", of: paper)
        let declined = try await invite("reviewer2", to: paper)
        try await touchstone.reviews.decline(
            try cast.actor("reviewer2"), declined, version: 1,
            reason: "I have three other reviews in hand until the end of the month.")
    }

    /// In hand: handed in, sent back with a question, begun, and locked by an interest that came to mind.
    func reviewsInHand(_ plan: EvaluationPlanID, begin: () async throws -> Void) async throws {
        let keys = ["reviewer", "reviewer3", "reviewer4", "reviewer2"]
        var reviews: [ReviewID] = []
        for key in keys { reviews.append(try await clearedReview(key, of: .plan(plan))) }
        try await begin()
        try await score(reviews[0], by: keys[0])
        try await score(reviews[1], by: keys[1], 2)
        try await touchstone.reviews.askToClarify(
            try cast.actor("lead"), reviews[1], version: try await version(reviews[1]),
            reason: "Which part of the sample do you mean in your remark on power?")
        try await touchstone.reviews.begin(
            try cast.actor(keys[2]), reviews[2], version: try await version(reviews[2]))
        try await touchstone.reviews.declare(
            try cast.actor(keys[3]), reviews[3], version: try await version(reviews[3]), kinds: [.academic],
            detail: "I wrote a paper with one of the authors two years ago.")
    }

    /// A reviewer who was released.
    func releasedReview(_ plan: EvaluationPlanID) async throws {
        let id = try await clearedReview("reviewer4", of: .plan(plan))
        try await touchstone.reviews.release(
            try cast.actor("lead"), id, version: try await version(id),
            reason: "Two reviewers are enough, and this one has no time before the summer.")
    }
}
