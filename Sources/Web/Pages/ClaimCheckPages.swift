import Domain
import Hummingbird
import Services

/// The check of a claim by the department, line by line, and the authority's answer to a question.
enum ClaimCheckPages {
    static let routes: [Route] = [
        .page("/claims/{id}/check", "checkClaimPage", "Check the lines of a claim", .claimVerify, show),
        .page(.post, "/claims/{id}/check", "checkClaimForm", "Save findings or finish the check", .claimVerify, check),
        .page("/claims/{id}/answer", "answerClaimPage", "Answer a question", .claimAnswer, showAnswer),
        .page(.post, "/claims/{id}/answer", "answerClaimForm", "Answer a question", .claimAnswer, answer),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.claims.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.verify) else { return visit.redirect("/claims/\(detail.claim.id)") }
        return visit.page(page(visit, detail, form(detail)))
    }

    /// "Save" keeps what is found so far; "finish" decides by it whether all, a part or nothing is verified.
    @Sendable static func check(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.claims.detail(visit.actor, try visit.id())
        return try await visit.submit {
            let findings = try findings(visit.form, detail)
            if visit.form.has("_later") {
                try await visit.core.claims.saveFindings(
                    visit.actor, detail.claim.id, version: visit.form.version, findings)
                return visit.redirect("/claims/\(detail.claim.id)", done: .findingsSaved)
            }
            _ = try await visit.core.claims.verify(
                visit.actor, detail.claim.id, version: visit.form.version, findings, once: visit.once)
            return visit.redirect("/claims/\(detail.claim.id)", done: .claimVerified)
        } orShow: { refusal in
            page(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func form(_ detail: ClaimDetail) -> Form {
        var form = FormWriter()
        for view in detail.lines {
            guard let finding = view.finding else { continue }
            form.put("findings.\(view.number).verdict", finding.verdict)
            form.put("findings.\(view.number).disallowed", finding.disallowed)
            form.put("findings.\(view.number).reason", finding.reason)
        }
        return form.form
    }

    private static func findings(_ form: Form, _ detail: ClaimDetail) throws -> [Claim.Finding] {
        var reader = Form.Reader(form)
        var findings: [Claim.Finding] = []
        for view in detail.lines {
            let row = "findings.\(view.number)"
            guard let verdict: Claim.Verdict = reader.choice("\(row).verdict") else { continue }
            findings.append(
                Claim.Finding(
                    line: view.number, verdict: verdict,
                    disallowed: verdict == .disallowed ? reader.money("\(row).disallowed") : nil,
                    reason: form["\(row).reason"]))
        }
        try reader.check()
        return findings
    }

    private static func page(
        _ visit: Visit, _ detail: ClaimDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let back = "/claims/\(detail.claim.id)"
        let ask = Questions(form, problems: problems)
        let sampled = detail.lines.filter(\.isSampled)
        let others = detail.lines.filter { !$0.isSampled }
        var fields: [any Markup] = [Component.Heading("Lines in the sample")]
        fields += sampled.map { line($0, ask) }
        if !others.isEmpty {
            fields.append(Component.Heading("Other lines"))
            fields.append(Component.Paragraph("You may look at these too, and say what you find."))
            fields += others.map { line($0, ask) }
        }
        fields.append(
            Component.ButtonGroup(
                Component.Button("Finish the check"),
                Component.Button("Save and come back later", style: .secondary, name: "_later", value: "yes"),
                Component.Link("Leave without saving", back)))
        return Page(
            "Check the lines", caption: ClaimPages.caption(detail), back: back, problems: problems, wide: true,
            ClaimStoryPage.holds(detail) + [
                PostForm(
                    action: "\(back)/check", csrf: visit.csrf, content: [Questions.firstButton] + fields,
                    version: detail.claim.version, once: Tokens.fresh())
            ])
    }

    /// One line: what the authority wrote, and what the officer finds.
    private static func line(_ view: ClaimLineView, _ ask: Questions) -> any Markup {
        let row = "findings.\(view.number)"
        let line = view.line
        let summary = Component.SummaryList(
            [
                .init("Paid", "\(line.amount?.description ?? "") on \(line.date?.spoken ?? "") to \(line.supplier)"),
                .init("Kind of cost", line.category.map(Words.label)), .init("Ledger", line.ledgerReference),
                .init("Evidence", line.evidence),
            ], card: "Line \(view.number)")
        return HTML.joined([
            summary,
            ask.radios(
                "\(row).verdict", "What do you find of line \(view.number)?", inline: true,
                Options.of(Claim.Verdict.self) { Words.label($0) }),
            ask.money(
                "\(row).disallowed", "If a part of line \(view.number) is not allowed: how much",
                hint: "Leave blank for the whole line."),
            ask.text("\(row).reason", "If line \(view.number) is not allowed: why"),
        ])
    }

    // MARK: The authority's answer

    @Sendable static func showAnswer(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.claims.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.answer) else { return visit.redirect("/claims/\(detail.claim.id)") }
        var form = FormWriter()
        for view in detail.lines { form.put("evidence.\(view.number)", view.line.evidence) }
        return visit.page(answerPage(visit, detail, form.form))
    }

    @Sendable static func answer(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.claims.detail(visit.actor, try visit.id())
        return try await visit.submit {
            let evidence = Dictionary(
                detail.lines.filter { visit.form.has("evidence.\($0.number)") }.map {
                    ($0.number, visit.form["evidence.\($0.number)"])
                }
            ) { first, _ in first }
            try await visit.core.claims.answer(
                visit.actor, detail.claim.id, version: visit.form.version, evidence: evidence,
                reply: visit.form["reason"])
            return visit.redirect("/claims/\(detail.claim.id)", done: .claimAnswered)
        } orShow: { refusal in
            answerPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func answerPage(
        _ visit: Visit, _ detail: ClaimDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let back = "/claims/\(detail.claim.id)"
        let ask = Questions(form, problems: problems)
        var fields: [any Markup] = []
        if visit.subject.holds(.laEditor) {
            fields.append(Component.Heading("Evidence"))
            fields += detail.lines.map { view in
                ask.text(
                    "evidence.\(view.number)",
                    "Line \(view.number): \(view.line.supplier), \(view.line.amount?.description ?? "")")
            }
        }
        fields.append(ask.area("reason", "Your answer", hint: "At least 20 characters."))
        fields.append(Component.ButtonGroup(Component.Button("Answer"), Component.Link("Cancel", back)))
        return Page(
            "Answer the question", caption: ClaimPages.caption(detail), back: back, problems: problems,
            [
                Component.InsetText([Component.Prose(text: "The department asks: \(detail.query ?? "")")]),
                PostForm(action: "\(back)/answer", csrf: visit.csrf, content: fields, version: detail.claim.version),
            ])
    }
}
