import Domain
import Services

/// How evaluations, plans, reviews and reports read.
extension Words {
    static func tag(_ state: EvaluationPlan.State) -> Tag {
        switch state {
        case .notStarted: Tag("Not started", .grey)
        case .drafting: Tag("Being written", .lightBlue)
        case .laComment: Tag("With the authority for comment", .yellow)
        case .submitted: Tag("Submitted", .turquoise)
        case .inReview: Tag("Under review", .yellow)
        case .revise: Tag("To be revised", .orange)
        case .approved: Tag("Approved", .green)
        case .registered: Tag("Registered", .green)
        case .active: Tag("Under way", .green)
        case .amended: Tag("Being amended", .purple)
        case .completed: Tag("Complete", .grey)
        case .abandoned: Tag("Abandoned", .red)
        }
    }

    static func tag(_ state: Review.State) -> Tag {
        switch state {
        case .invited: Tag("Invited", .blue)
        case .accepted: Tag("Accepted", .lightBlue)
        case .declined: Tag("Declined", .grey)
        case .coiChecked: Tag("Interests clear", .lightBlue)
        case .inProgress: Tag("In progress", .lightBlue)
        case .submitted: Tag("Handed in", .yellow)
        case .clarification: Tag("To be clarified", .orange)
        case .final: Tag("Final", .green)
        case .locked: Tag("Locked: interest declared", .red)
        case .withdrawn: Tag("Withdrawn", .grey)
        }
    }

    static func tag(_ state: EvaluationReport.State) -> Tag {
        switch state {
        case .drafting: Tag("Being written", .lightBlue)
        case .laFactCheck: Tag("Facts being checked", .yellow)
        case .submitted: Tag("Submitted", .turquoise)
        case .peerReview: Tag("Peer review", .yellow)
        case .revise: Tag("To be revised", .orange)
        case .signedOff: Tag("Signed off", .green)
        case .publicationScheduled: Tag("Publication scheduled", .green)
        case .published: Tag("Published", .green)
        case .delayed: Tag("Publication delayed", .orange)
        case .corrected: Tag("Published, corrected", .green)
        case .withdrawn: Tag("Withdrawn", .red)
        }
    }

    static func tag(_ direction: ResultDirection) -> Tag {
        switch direction {
        case .positive: Tag(direction.label, .green)
        case .negative: Tag(direction.label, .red)
        case .null: Tag(direction.label, .blue)
        case .mixed: Tag(direction.label, .purple)
        case .uninformative: Tag(direction.label, .grey)
        }
    }

    static func label(_ kind: Review.Kind) -> String { kind == .protocol ? "Protocol" : "Report" }
    static func label(_ kind: EvaluationReport.Kind) -> String { kind == .final ? "Final report" : "Interim report" }

    static func label(_ status: Evaluation.RegistrationStatus) -> String {
        switch status {
        case .unregistered: "Not registered"
        case .preRegistered: "Registered before data collection"
        case .retrospective: "Registered after data collection began (retrospective)"
        }
    }

    static func label(_ registry: Evaluation.Registry) -> String {
        switch registry {
        case .isrctn: "ISRCTN"
        case .osf: "Open Science Framework"
        case .evaluationRegistry: "Evaluation Registry"
        case .other: "Another register"
        }
    }

    static func label(_ reason: EvaluationReport.DelayReason) -> String {
        switch reason {
        case .signOffDelays: "Sign-off takes longer"
        case .procurementDelays: "Procurement takes longer"
        case .resourceConstraints: "Not enough staff"
        case .qualityIssues: "Quality: must be explained"
        case .policyChanges: "Policy has changed"
        case .other: "Another reason: must be explained"
        }
    }

    static func label(_ interest: Review.Interest) -> String {
        switch interest {
        case .employment: "I worked for them in the last 3 years"
        case .financial: "I or my household could gain or lose money"
        case .personal: "I am related to or close to somebody involved"
        case .priorInvolvement: "I had a part in the project or its evaluation"
        case .academic: "I published with one of the authors in the last 3 years"
        }
    }

    static func milestone(_ code: String) -> String {
        switch code {
        case "protocol_approved": "Protocol approved"
        case "interim_report": "Interim report accepted"
        default: "Final report accepted"
        }
    }

    static func said(_ event: EvaluationPlanEvent) -> String {
        switch event {
        case .create: "Plan asked for"
        case .start: "Writing begun; independence declared"
        case .sendForComment: "Sent to the authority for comment"
        case .finishComments: "The authority finished its comments"
        case .submit: "Submitted for review"
        case .beginReview: "Review begun"
        case .askToRevise: "Sent back to be revised"
        case .approve: "Approved and frozen"
        case .register: "Registered in public"
        case .begin: "Data collection began"
        case .amend: "Amendment opened"
        case .adopt: "Amendment adopted without review"
        case .complete: "Completed"
        case .agreeToAbandon: "Review lead agreed to give it up"
        case .abandon: "Abandoned"
        }
    }

    static func said(_ event: ReviewEvent) -> String {
        switch event {
        case .invite: "Reviewer invited"
        case .accept: "Accepted"
        case .decline: "Declined"
        case .checkInterests: "Interests declared and clear"
        case .begin: "Scoring begun"
        case .submit: "Handed in"
        case .askToClarify: "Clarification asked for"
        case .clarify: "Clarified"
        case .finalise: "Made final"
        case .declareInterest: "Interest declared; locked"
        case .manage: "Interest can be managed"
        case .recuse: "Recused"
        case .release: "Released"
        }
    }

    static func said(_ event: EvaluationReportEvent) -> String {
        switch event {
        case .start: "Report started"
        case .sendForFactCheck: "Sent to have its facts checked"
        case .finishFactCheck: "The authority finished its check"
        case .submit: "Submitted for peer review"
        case .beginReview: "Peer review begun"
        case .askToRevise: "Sent back to be revised"
        case .signOff: "Signed off"
        case .schedule: "Day of publication set"
        case .publish: "Published"
        case .delay: "Publication delayed, in public"
        case .renewDelay: "Delay renewed, in public"
        case .proposeCorrection: "Correction proposed"
        case .correct: "Correction published"
        case .withdraw: "Withdrawn; the notice stays"
        }
    }

    /// A kappa with its interval and how many pairs it rests on.
    static func kappa(_ kappa: RaterAgreement.Kappa) -> String {
        switch kappa {
        case .estimate(let estimate, let pairs):
            "\(Rounded.text(estimate.value, places: 2, keepingZeros: true)) (95% interval "
                + "\(Rounded.text(estimate.interval.low, places: 2, keepingZeros: true)) to "
                + "\(Rounded.text(estimate.interval.high, places: 2, keepingZeros: true)), \(count(pairs, "pair"))"
                + (pairs < 10 ? ", few: read with caution)" : ")")
        case .notEstimable(let pairs): "Not estimable (\(count(pairs, "pair")))"
        }
    }

    /// An effect with its interval.
    static func estimate(_ value: Double, _ interval: ConfidenceInterval) -> String {
        "\(Rounded.text(value, places: 2)) (\(Rounded.text(interval.level * 100, places: 1))% interval "
            + "\(Rounded.text(interval.low, places: 2)) to \(Rounded.text(interval.high, places: 2)))"
    }
}
