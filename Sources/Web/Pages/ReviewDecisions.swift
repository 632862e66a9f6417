import Domain
import Hummingbird
import Services

/// What can be decided about a review.
extension ReviewPages {
    private static func says(_ text: String) -> @Sendable (Visit, ReviewDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    private static func offers(_ event: ReviewEvent) -> @Sendable (ReviewDetail) -> Bool {
        { $0.allowed.contains(event) }
    }

    static let decisions: [Decision<ReviewDetail>] = reviewers + leads

    private static let reviewers: [Decision<ReviewDetail>] = [
        .init(
            path: "acceptance", name: "acceptReview", title: "Accept", confirm: "Accept the review",
            action: .reviewAccept,
            done: "Thank you. Declare your interests next.", allowed: offers(.accept),
            lead: says("You judge alone and stay unnamed to the evaluator and the authority."),
            act: { try await $0.core.reviews.accept($0.actor, $1.review.id, version: $0.form.version) }),
        .init(
            path: "decline", name: "declineReview", title: "Decline", confirm: "Decline", style: .secondary,
            action: .reviewDecline, done: "You declined.", reason: "Why can you not review it?",
            allowed: offers(.decline),
            lead: says("The review lead asks somebody else."),
            act: {
                try await $0.core.reviews.decline(
                    $0.actor, $1.review.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "beginning", name: "beginReview", title: "Begin scoring", confirm: "Begin scoring",
            action: .reviewBegin,
            done: "You can score now. Your scores save themselves.", allowed: offers(.begin),
            lead: says("Score each criterion from what the text says, and from nothing else."),
            act: { try await $0.core.reviews.begin($0.actor, $1.review.id, version: $0.form.version) }),
    ]

    private static let leads: [Decision<ReviewDetail>] = [
        .init(
            path: "finalisation", name: "finaliseReview", title: "Make final", confirm: "Make this review final",
            action: .reviewFinalise, done: "The review is final.", allowed: offers(.finalise),
            lead: says("When both reviews are final, the two reviewers may read each other’s."),
            act: { try await $0.core.reviews.finalise($0.actor, $1.review.id, version: $0.form.version) }),
        .init(
            path: "clarification", name: "clarifyReview", title: "Ask for a clarification", confirm: "Ask",
            style: .secondary,
            action: .reviewAskToClarify, done: "The reviewer was asked.",
            reason: "What should the reviewer make clearer?",
            allowed: offers(.askToClarify), lead: says("Ask for a clearer reason, never for another score."),
            act: {
                try await $0.core.reviews.askToClarify(
                    $0.actor, $1.review.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "ruling", name: "ruleOnInterest", title: "Rule on the declared interest",
            confirm: "Record the ruling",
            action: .reviewManage, done: "The ruling is recorded.",
            reason: "How is it managed, or why does it exclude?",
            allowed: offers(.manage),
            lead: { _, detail in
                let open = detail.declarations.filter { $0.isDeclared && $0.ruling == nil }
                return open.map { Component.InsetText([Component.Prose(text: $0.detail)]) }
            },
            questions: { _, ask in
                [
                    ask.radios(
                        "outcome", "Your ruling",
                        [.init("managed", "It can be managed"), .init("recused", "It excludes: invite somebody else")])
                ]
            },
            act: {
                guard ["managed", "recused"].contains($0.form["outcome"]) else {
                    throw Refusal.invalid([FieldProblem("outcome", "Choose your ruling.")])
                }
                try await $0.core.reviews.rule(
                    $0.actor, $1.review.id, version: $0.form.version, managed: $0.form["outcome"] == "managed",
                    reason: $0.form["reason"])
            }),
        .init(
            path: "release", name: "releaseReviewer", title: "Release the reviewer", confirm: "Release",
            style: .secondary,
            action: .reviewRelease, done: "The reviewer is released.", reason: "Why?", allowed: offers(.release),
            lead: says("Invite somebody else afterwards."),
            act: {
                try await $0.core.reviews.release(
                    $0.actor, $1.review.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]
}
