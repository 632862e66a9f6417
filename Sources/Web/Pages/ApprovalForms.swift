import Domain
import Hummingbird
import Services

/// Preparing and revising an approval: the case that finance clears and approvers sign.
enum ApprovalForms {
    static let routes: [Route] = [
        .page("/bids/{id}/approvals/new", "prepareApprovalPage", "Prepare an approval", .approvalPrepare, showPrepare),
        .page(
            .post, "/bids/{id}/approvals/new", "prepareApprovalForm", "Prepare an approval", .approvalPrepare, prepare),
        .page("/approvals/{id}/edit", "reviseApprovalPage", "Revise an approval", .approvalRevise, showRevise),
        .page(.post, "/approvals/{id}/edit", "reviseApprovalForm", "Revise an approval", .approvalRevise, revise),
    ]

    // MARK: A new one

    @Sendable static func showPrepare(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.bids.detail(visit.actor, try visit.id())
        var content = Approval.Content()
        content.kind = detail.bid.state == .approvedForOffer ? .uplift : .award
        if content.kind == .award { content.amount = detail.bid.requested }
        return visit.page(preparePage(visit, detail, form(content)))
    }

    @Sendable static func prepare(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.bids.detail(visit.actor, try visit.id())
        if let form = visit.form.rowsChanged { return visit.page(preparePage(visit, detail, form)) }
        return try await visit.submit {
            let content = try content(visit.form)
            let id = try await visit.core.approvals.prepare(visit.actor, detail.bid.id, content, once: visit.once)
            return visit.redirect("/approvals/\(id)", done: .approvalPrepared)
        } orShow: { refusal in
            preparePage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func preparePage(_ visit: Visit, _ detail: BidDetail, _ form: Form, _ problems: [FieldProblem] = [])
        -> Page
    {
        let back = "/bids/\(detail.bid.id)"
        let post = PostForm(
            action: "\(back)/approvals/new", csrf: visit.csrf,
            content: [Questions.firstButton] + questions(Questions(form, problems: problems), visit.subject.now) + [
                Component.ButtonGroup(Component.Button("Send to finance"), Component.Link("Cancel", back))
            ], once: Tokens.fresh())
        return Page(
            "Prepare an approval", caption: "\(BidPages.caption(detail.bid)): \(detail.bid.title)", back: back,
            problems: problems,
            [
                Component.Paragraph(
                    "\(detail.organisationName) asked for \(detail.bid.requested?.description ?? "no sum"). Whoever prepares a case cannot clear or approve it."
                ),
                FundParts.link("Read the bid", "\(back)/content"), post,
            ])
    }

    // MARK: A revised one

    @Sendable static func showRevise(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.approvals.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.revise) else { return visit.redirect("/approvals/\(detail.approval.id)") }
        if Domain.Action.approvalRevise.permission.needsStepUp, !visit.subject.isFreshlyConfirmed {
            throw Refusal(.stepUpRequired, code: "step_up_required", "Confirm that it is you, then try again.")
        }
        return visit.page(revisePage(visit, detail, form(detail.approval.content), version: detail.approval.version))
    }

    @Sendable static func revise(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.approvals.detail(visit.actor, try visit.id())
        if let form = visit.form.rowsChanged {
            return visit.page(revisePage(visit, detail, form, version: visit.form.version))
        }
        return try await visit.submit {
            let content = try content(visit.form)
            _ = try await visit.core.approvals.revise(
                visit.actor, detail.approval.id, version: visit.form.version, content)
            return visit.redirect("/approvals/\(detail.approval.id)", done: .approvalRevised)
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.approval.version : visit.form.version
            return revisePage(visit, detail, visit.form, refusal.problems, version: version)
        }
    }

    private static func revisePage(
        _ visit: Visit, _ detail: ApprovalDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let back = "/approvals/\(detail.approval.id)"
        var content: [any Markup] = []
        if let reason = detail.decisionReason {
            content.append(Component.InsetText([Component.Prose(text: "Sent back: \(reason)")]))
        }
        content.append(
            Component.WarningText(
                "Any change makes it a new case. Keys that were turned before no longer count, and finance clears it again."
            ))
        content.append(
            PostForm(
                action: "\(back)/edit", csrf: visit.csrf,
                content: [Questions.firstButton] + questions(Questions(form, problems: problems), visit.subject.now) + [
                    Component.ButtonGroup(Component.Button("Send to finance"), Component.Link("Cancel", back))
                ], version: version))
        return Page(
            "Revise the approval", caption: "Approval \(detail.approval.reference)", back: back, problems: problems,
            content)
    }

    // MARK: Questions

    private static func questions(_ ask: Questions, _ now: Instant) -> [any Markup] {
        [
            ask.radios("kind", "What is it?", Options.of(Approval.Kind.self) { Words.label($0) }),
            ask.money("amount", "Amount"),
            ProgrammeFields.budget(
                ask, "years", "Amount by financial year", hint: "The years must add up to the amount.",
                years: ProgrammeEditPages.years(now)),
            ask.area(
                "recommendation", "Recommendation", hint: "Why this should be approved, with reference to the scores.",
                rows: 8),
            ask.area(
                "conditions", "Conditions",
                hint: "What the authority must do or not do. Leave blank if there are none.", rows: 5, most: 8000),
            ask.radios(
                "subsidyControl", "Subsidy control", Options.of(Approval.SubsidyControl.self) { Words.label($0) }),
            Component.Heading("Screening"),
        ] + ProgrammeFields.screening(ask) + ProgrammeFields.consent(ask)
    }

    private static func form(_ content: Approval.Content) -> Form {
        var form = FormWriter()
        form.put("kind", content.kind)
        form.put("amount", content.amount)
        ProgrammeForms.put(content.years, "years", &form)
        form.put("recommendation", content.recommendation)
        form.put("conditions", content.conditions)
        form.put("subsidyControl", content.subsidyControl)
        ProgrammeForms.put(content.screening, &form)
        ProgrammeForms.put(content.consent, &form)
        return form.form
    }

    private static func content(_ form: Form) throws -> Approval.Content {
        var reader = Form.Reader(form)
        var content = Approval.Content()
        content.kind = reader.choice("kind") ?? .award
        content.amount = reader.money("amount")
        content.years = ProgrammeForms.budget("years", &reader)
        content.recommendation = form["recommendation"]
        content.conditions = form["conditions"]
        content.subsidyControl = reader.choice("subsidyControl")
        content.screening = ProgrammeForms.screening(&reader)
        content.consent = ProgrammeForms.consent(&reader)
        try reader.check()
        return content
    }
}
