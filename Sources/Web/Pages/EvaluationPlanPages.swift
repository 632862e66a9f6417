import Domain
import Hummingbird
import Services

/// A plan of an evaluation: written in parts, commented on by the authority, reviewed, registered, amended.
enum EvaluationPlanPages {
    static let routes: [Route] =
        [
            .page("/evaluation-plans/{id}", "evaluationPlanPage", "A plan of an evaluation", .evaluationPlanRead, show),
            .page(
                "/evaluation-plans/{id}/content", "planContentPage", "All that a plan says", .evaluationPlanRead,
                content),
            .page("/evaluation-plans/{id}/parts/{part}", "planPartPage", "A part of a plan", .evaluationPlanRead, part),
            .page(
                .post, "/evaluation-plans/{id}/parts/{part}", "savePlanPartForm", "Save a part of a plan",
                .evaluationPlanEdit, save),
            .page(
                .post, "/evaluation-plans/{id}/comments", "commentOnPlanForm", "Comment on a plan",
                .evaluationPlanComment, comment),
            .page(
                .post, "/evaluation-plans/{id}/comments/{comment}/answers", "answerPlanCommentForm", "Answer a comment",
                .evaluationPlanAnswer, answer),
        ] + decisions.routes("/evaluation-plans/{id}", load)

    static func base(_ id: EvaluationPlanID) -> String { "/evaluation-plans/\(id)" }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.evaluationPlans.detail(visit.actor, try visit.id()), .empty, []))
    }

    private static func page(_ visit: Visit, _ detail: EvaluationPlanDetail, _ form: Form, _ problems: [FieldProblem])
        -> Page
    {
        let base = base(detail.plan.id)
        var parts: [any Markup] = [facts(detail)] + status(visit, detail)
        parts += detail.warnings.map { Component.WarningText($0) }
        if let computed = computed(detail) { parts.append(computed) }
        if detail.isAuthor, detail.plan.state.isEditable {
            parts += PaperParts.tasks(detail.parts, base: base) + PaperParts.needs(detail.problems, base: base)
        } else if detail.answers != nil {
            parts.append(FundParts.link("Read all that the plan says", "\(base)/content"))
        }
        if let amendment = detail.amendment {
            parts += self.amendment(amendment, detail)
        }
        parts += FundParts.actions(decisions.links(base, detail))
        if visit.subject.holds(.reviewLead), detail.plan.submission > 0 {
            parts.append(FundParts.link("Go to the review desk of this plan", "\(base)/reviews"))
        }
        parts += PaperParts.comments(
            visit, detail.comments, form: detail.form, base: base, mayAnswer: detail.isAuthor)
        if detail.mayComment {
            parts += PaperParts.commentForm(
                visit, detail.form, base: base, ask: Questions(form, problems: problems), title: "Add a comment",
                hint: "Can it be done here? Is anything wrong or missing? The author answers each comment.")
        }
        parts += PaperParts.feedback(detail.feedback) + versions(detail)
        parts.append(FundParts.history(visit, .evaluationPlan, detail.plan.id))
        var done = decisions.sentences()
        done[.commentSaved] = "Your comment is saved."
        done[.answerSaved] = "Your answer is saved."
        done[.partSaved] = "Saved."
        return Page(
            "Plan: \(detail.evaluation.title)", caption: "Plan \(detail.plan.reference), \(detail.authorityName)",
            back: "/evaluations/\(detail.evaluation.id)", problems: problems, banner: visit.banner(done), wide: true,
            parts)
    }

    private static func facts(_ detail: EvaluationPlanDetail) -> any Markup {
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(detail.plan.state)),
            .init("Evaluator", detail.evaluatorName),
            .init("Version in force", detail.plan.approvedVersion == 0 ? "None yet" : "\(detail.plan.approvedVersion)"),
        ]
        if detail.plan.state == .laComment, let due = detail.commentDueOn {
            rows.append(
                .init("Comments until", due.spoken + (detail.commentsFinished ? " (the authority is done)" : "")))
        }
        if detail.plan.state == .inReview, let due = detail.reviewDueOn {
            rows.append(.init("Reviews due", due.spoken))
        }
        if let progress = PaperParts.progress(detail.progress) { rows.append(progress) }
        rows += detail.registrations.map {
            .init("Registered", "\(Words.label($0.registry)) \($0.number), \($0.on.spoken), version \($0.version)")
        }
        return Component.SummaryList(rows)
    }

    private static func status(_ visit: Visit, _ detail: EvaluationPlanDetail) -> [any Markup] {
        if let reason = detail.abandonReason {
            return [
                Component.WarningText("This evaluation was abandoned."),
                Component.SummaryList([.init("Why", reason), .init("What can be learnt", detail.lessons)]),
            ]
        }
        guard let reason = detail.decisionReason, !reason.isEmpty else { return [] }
        return [Component.InsetText([Component.Prose(text: "From the review lead: \(reason)")])]
    }

    /// The figures that the server computes, next to those that were entered.
    static func computed(_ detail: EvaluationPlanDetail) -> (any Markup)? {
        guard let facts = detail.facts, facts.design != nil else { return nil }
        var rows: [Component.SummaryList.Row] = [.init("Maryland scale, at most", "\(facts.plannedSMS)")]
        if let fallback = facts.fallbackSMS { rows.append(.init("With the fallback design", "\(fallback)")) }
        if let computed = facts.computedMDES {
            let entered = facts.enteredMDES.map { Rounded.text($0) } ?? "not given"
            rows.append(.init("Smallest effect that could be found", "\(Rounded.text(computed)) (entered: \(entered))"))
        }
        if let wanted = facts.worthwhileEffect {
            rows.append(.init("Smallest effect worth having", Rounded.text(wanted)))
        }
        if let effect = facts.designEffect { rows.append(.init("Design effect", Rounded.text(effect, places: 2))) }
        return Component.SummaryList(rows, card: "Computed from the plan")
    }

    private static func amendment(_ amendment: AmendmentView, _ detail: EvaluationPlanDetail) -> [any Markup] {
        [
            Component.Heading("Amendment in hand"),
            Component.SummaryList([
                .init("Why", amendment.reason),
                .init("Before anybody saw results by group", amendment.beforeUnblinding ? "Yes" : "No"),
                .init(
                    "Reviewed again",
                    detail.needsReview ? "Yes: it changes the primary outcome or the sample" : "Not needed"),
            ]),
            PaperChanges(
                caption: "What it changes so far", changes: detail.draftChanges,
                before: "Version \(detail.plan.approvedVersion)", after: "Draft"),
        ]
    }

    private static func versions(_ detail: EvaluationPlanDetail) -> [any Markup] {
        guard !detail.versions.isEmpty else { return [] }
        return [Component.Heading("Versions")]
            + detail.versions.flatMap { version -> [any Markup] in
                let list = Component.SummaryList(
                    [
                        .init("Approved", Deadline.minute(version.approvedAt)),
                        .init("Maryland scale, at most", "\(version.plannedSMS)"), .init("Why", version.reason),
                        .init("Digest", version.digest),
                    ], card: "Version \(version.number)")
                return version.changes.isEmpty
                    ? [list]
                    : [
                        list,
                        PaperChanges(
                            caption: "Changed in version \(version.number)", changes: version.changes,
                            before: "Version \(version.number - 1)", after: "Version \(version.number)"),
                    ]
            }
    }

    @Sendable static func content(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.evaluationPlans.detail(visit.actor, try visit.id())
        guard let answers = detail.answers else { throw WebRefusal.notFound }
        let base = base(detail.plan.id)
        let change: @Sendable (String) -> String = { "\(base)/parts/\($0)" }
        let edit = detail.isAuthor && detail.plan.state.isEditable ? change : nil
        return visit.page(
            Page(
                "All that the plan says", caption: "\(detail.plan.reference): \(detail.evaluation.title)", back: base,
                wide: true,
                [
                    PaperReading(form: detail.form, answers: answers, edit: edit)
                ]))
    }

    // MARK: Parts and comments

    @Sendable static func part(_ visit: Visit) async throws -> Response {
        let id: EvaluationPlanID = try visit.id()
        let view = try await visit.core.evaluationPlans.part(visit.actor, id, visit.text("part"))
        let checked = visit.query("check") == nil ? [] : view.problems
        return visit.page(
            PaperParts.page(visit, view, base: base(id), form: nil, problems: checked, version: view.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: EvaluationPlanID = try visit.id()
        let code = visit.text("part")
        let view = try await visit.core.evaluationPlans.part(visit.actor, id, code)
        return try await PaperParts.save(
            visit, view, base: base(id), next: next(code),
            store: {
                try await visit.core.evaluationPlans.savePart(visit.actor, id, code, $0, version: visit.form.version)
            }, reload: { try await visit.core.evaluationPlans.part(visit.actor, id, code) })
    }

    private static func next(_ code: String) -> String? {
        let all = Questionnaire.evaluationPlan(designs: [], indicators: []).sections.map(\.code)
        return all.firstIndex(of: code).flatMap { $0 + 1 < all.count ? all[$0 + 1] : nil }
    }

    @Sendable static func comment(_ visit: Visit) async throws -> Response {
        let id: EvaluationPlanID = try visit.id()
        return try await visit.submit {
            _ = try await visit.core.evaluationPlans.comment(
                visit.actor, id, section: visit.form.optional("section"), body: visit.form["body"])
            return visit.redirect(base(id), done: .commentSaved)
        } orShow: { refusal in
            let detail = try await visit.core.evaluationPlans.detail(visit.actor, id)
            return page(visit, detail, visit.form, refusal.problems)
        }
    }

    @Sendable static func answer(_ visit: Visit) async throws -> Response {
        let id: EvaluationPlanID = try visit.id()
        let comment: EvaluationCommentID = try visit.id("comment")
        return try await visit.submit {
            try await visit.core.evaluationPlans.answer(visit.actor, id, comment, body: visit.form["body-\(comment)"])
            return visit.redirect(base(id), done: .answerSaved)
        } orShow: { refusal in
            let detail = try await visit.core.evaluationPlans.detail(visit.actor, id)
            let problems = refusal.problems.map { FieldProblem("body-\(comment)", $0.sentence) }
            return page(visit, detail, .empty, problems)
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<EvaluationPlanDetail>.Case {
        let detail = try await visit.core.evaluationPlans.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "\(detail.plan.reference): \(detail.evaluation.title)", back: base(detail.plan.id),
            version: detail.plan.version)
    }
}
