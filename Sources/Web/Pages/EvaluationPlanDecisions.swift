import Domain
import Hummingbird
import Services

/// What can be decided about a plan.
extension EvaluationPlanPages {
    private static func says(_ text: String) -> @Sendable (Visit, EvaluationPlanDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    private static func offers(_ event: EvaluationPlanEvent) -> @Sendable (EvaluationPlanDetail) -> Bool {
        { $0.allowed.contains(event) }
    }

    static let decisions: [Decision<EvaluationPlanDetail>] = authors + authority + leads

    private static let authors: [Decision<EvaluationPlanDetail>] = [
        .init(
            path: "beginning", name: "startPlan", title: "Start the plan", confirm: "Start the plan",
            action: .evaluationPlanStart,
            done: "You can write the plan now.", allowed: offers(.start),
            lead: says("You evaluate, so you have no other part in this award, and nothing to gain from its result."),
            questions: { _, ask in
                [
                    ask.flag("independent", "I am independent of the practice and of the authority"),
                    ask.area("note", "Anything that others should know about that (optional)", rows: 3),
                ]
            },
            act: {
                try await $0.core.evaluationPlans.start(
                    $0.actor, $1.plan.id, version: $0.form.version, declares: $0.form["independent"] == "yes",
                    note: $0.form.optional("note"))
            }),
        .init(
            path: "comment-request", name: "sendPlanForComment", title: "Send to the authority",
            confirm: "Send for comment",
            action: .evaluationPlanSendForComment, done: "The authority has 10 working days to comment.",
            allowed: { $0.allowed.contains(.sendForComment) && $0.problems.isEmpty },
            lead: says("The authority says whether it can be done, and what is wrong. You answer each comment."),
            act: { try await $0.core.evaluationPlans.sendForComment($0.actor, $1.plan.id, version: $0.form.version) }),
        .init(
            path: "submission", name: "submitPlan", title: "Submit for review", confirm: "Submit the plan",
            action: .evaluationPlanSubmit,
            done: "The plan is submitted. Its text is frozen until the review lead decides.",
            allowed: offers(.submit),
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "The plan is frozen with a digest of its text, and two reviewers judge it independently of each other."
                    )
                ] + PaperParts.needs(detail.problems, base: base(detail.plan.id))
            },
            act: {
                _ = try await $0.core.evaluationPlans.submit(
                    $0.actor, $1.plan.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "registration", name: "registerPlan", title: "Record the registration",
            confirm: "Record the registration",
            action: .evaluationPlanRegister, done: "The registration is recorded.", allowed: offers(.register),
            lead: says("Register the approved version on a public register first, then record its number here."),
            questions: { _, ask in
                [
                    ask.radios("registry", "Which register?", Options.of(Evaluation.Registry.self) { Words.label($0) }),
                    ask.text("number", "Its number there", hint: "For ISRCTN: ISRCTN and 8 digits."),
                    ask.date("on", "Registered on"),
                    ask.text("url", "Address (optional)", hint: "Begins with https://"),
                ]
            }, act: { try await register($0, $1) }),
        .init(
            path: "start", name: "beginPlan", title: "Data collection has begun", confirm: "Data collection has begun",
            action: .evaluationPlanBegin, done: "The evaluation is under way.", allowed: offers(.begin),
            lead: says("Record the day on the page of the evaluation first."),
            act: { try await $0.core.evaluationPlans.begin($0.actor, $1.plan.id, version: $0.form.version) }),
        .init(
            path: "amendment", name: "amendPlan", title: "Amend the plan", confirm: "Open the amendment",
            style: .secondary,
            action: .evaluationPlanAmend, done: "You can change the plan now. The version in force stays beside it.",
            reason: "Why must the plan change?", allowed: offers(.amend),
            lead: says(
                "The change is public, side by side with what it changes. If it touches the primary outcome or the sample, it is reviewed again, and money that waits for the plan waits until then."
            ),
            questions: { _, ask in
                [ask.yesNo("beforeUnblinding", "Was it decided before anybody who analyses saw results by group?")]
            }, act: { try await amend($0, $1) }),
        .init(
            path: "adoption", name: "adoptAmendment", title: "Adopt the amendment",
            confirm: "Adopt it as the next version",
            action: .evaluationPlanAdopt, done: "The amendment is in force.",
            allowed: { $0.allowed.contains(.adopt) && !$0.needsReview && !$0.draftChanges.isEmpty },
            lead: { _, detail in [PaperChanges(caption: "What changes", changes: detail.draftChanges)] },
            act: {
                _ = try await $0.core.evaluationPlans.adopt(
                    $0.actor, $1.plan.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "completion", name: "completePlan", title: "The evaluation is complete", confirm: "It is complete",
            style: .secondary, action: .evaluationPlanComplete, done: "The evaluation is complete.",
            allowed: offers(.complete),
            lead: says("Its final report is signed off."),
            act: { try await $0.core.evaluationPlans.complete($0.actor, $1.plan.id, version: $0.form.version) }),
    ]

    private static func register(_ visit: Visit, _ detail: EvaluationPlanDetail) async throws {
        var reader = Form.Reader(visit.form)
        let registry: Evaluation.Registry? = reader.choice("registry")
        let on = reader.day("on")
        if registry == nil { reader.refuse("registry", "Choose the register.") }
        if on == nil, visit.form.optional("on-day") == nil { reader.refuse("on", "Enter the day of registration.") }
        try reader.check()
        guard let registry, let on else { throw Refusal.notFound("register") }
        try await visit.core.evaluationPlans.register(
            visit.actor, detail.plan.id, version: visit.form.version,
            RegistrationEntry(
                registry: registry, number: visit.form["number"], on: on, url: visit.form.optional("url")))
    }

    private static func amend(_ visit: Visit, _ detail: EvaluationPlanDetail) async throws {
        var reader = Form.Reader(visit.form)
        let before = reader.yesNo("beforeUnblinding")
        if before == nil { reader.refuse("beforeUnblinding", "Say whether results by group had been seen.") }
        try reader.check()
        try await visit.core.evaluationPlans.amend(
            visit.actor, detail.plan.id, version: visit.form.version, reason: visit.form["reason"],
            beforeUnblinding: before ?? false)
    }

    private static let authority: [Decision<EvaluationPlanDetail>] = [
        .init(
            path: "comments-end", name: "finishPlanComments", title: "We have no more comments",
            confirm: "We have no more comments",
            action: .evaluationPlanFinishComments, done: "The author knows that you are done.",
            allowed: { $0.allowed.contains(.finishComments) && !$0.commentsFinished },
            lead: says("The author may then submit the plan, once every comment has an answer."),
            act: { try await $0.core.evaluationPlans.finishComments($0.actor, $1.plan.id, version: $0.form.version) })
    ]

    private static let leads: [Decision<EvaluationPlanDetail>] = [
        .init(
            path: "review", name: "beginPlanReview", title: "Begin the review", confirm: "Begin the review",
            action: .evaluationPlanBeginReview, done: "The reviewers can begin.", allowed: offers(.beginReview),
            lead: says("Two reviewers must have accepted and be clear of interests."),
            act: { try await $0.core.evaluationPlans.beginReview($0.actor, $1.plan.id, version: $0.form.version) }),
        .init(
            path: "approval", name: "approvePlan", title: "Approve the plan", confirm: "Approve the plan",
            action: .evaluationPlanApprove, done: "The plan is approved, frozen and public.", allowed: offers(.approve),
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "Look at the desk first: both reviews final, disagreements settled, gates passed, points put right. Once approved, the text is frozen and public, and money that waits for it may move."
                    ), FundParts.link("Open the desk", "\(base(detail.plan.id))/reviews"),
                ] + detail.warnings.map { Component.WarningText($0) }
            },
            questions: { _, ask in
                [
                    ask.area(
                        "reason", "Reason (needed where few groups are allocated)", hint: "At least 20 characters.",
                        rows: 3)
                ]
            },
            act: {
                try await $0.core.evaluationPlans.approve(
                    $0.actor, $1.plan.id, version: $0.form.version, reason: $0.form.optional("reason"), once: $0.once)
            }),
        .init(
            path: "revision", name: "revisePlan", title: "Send back to be revised", confirm: "Send back",
            style: .secondary,
            action: .evaluationPlanAskToRevise, done: "The plan went back to its author.", reason: "What must change?",
            allowed: offers(.askToRevise), lead: says("The author sees what the reviewers said, without their names."),
            act: {
                try await $0.core.evaluationPlans.askToRevise(
                    $0.actor, $1.plan.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "abandonment-agreement", name: "agreeToAbandonPlan", title: "Agree to give the evaluation up",
            confirm: "Agree", style: .secondary, action: .evaluationPlanAgreeToAbandon,
            done: "The senior officer responsible may now end the evaluation.", reason: "Why can it not be completed?",
            allowed: offers(.agreeToAbandon),
            lead: says("The senior officer responsible decides, with a note of what was learnt."),
            act: {
                try await $0.core.evaluationPlans.agreeToAbandon(
                    $0.actor, $1.plan.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "abandonment", name: "abandonPlan", title: "Give the evaluation up", confirm: "Give it up",
            style: .warning,
            action: .evaluationPlanAbandon, done: "The evaluation is abandoned. Reason and lessons are public.",
            reason: "Why is it given up?", allowed: offers(.abandon),
            lead: says("A review lead must have agreed. The reason and what was learnt are published."),
            questions: { _, ask in [ask.area("lessons", "What can be learnt from it?", hint: "At least 50 characters.")]
            },
            act: {
                try await $0.core.evaluationPlans.abandon(
                    $0.actor, $1.plan.id, version: $0.form.version, reason: $0.form["reason"],
                    lessons: $0.form["lessons"])
            }),
    ]
}
