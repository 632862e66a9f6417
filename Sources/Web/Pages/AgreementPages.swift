import Domain
import Hummingbird
import Services

/// Agreements: read, printed, drafted; and departures from what agreements usually hold.
enum AgreementPages {
    static let routes: [Route] = [
        .page("/awards/{id}/agreement", "agreementPage", "The agreement of an award", .awardRead, show),
        .page("/awards/{id}/agreement/edit", "editAgreementPage", "Draft the agreement", .awardEdit, showEdit),
        .page(.post, "/awards/{id}/agreement/edit", "editAgreementForm", "Save the draft", .awardEdit, save),
        .page(
            "/awards/{id}/departures/new", "departurePage", "Allow a departure", .awardApproveDeparture, showDeparture),
        .page(
            .post, "/awards/{id}/departures/new", "departureForm", "Allow a departure", .awardApproveDeparture, depart),
        .page(
            "/awards/{id}/conditions", "conditionsPage", "Conditions of an award", .awardFindCondition, showConditions),
        .page(
            .post, "/awards/{id}/conditions", "conditionsForm", "Record a finding", .awardFindCondition, findCondition),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let number = visit.query("version").flatMap { Int($0) }
        let view = try await visit.core.awards.agreement(visit.actor, try visit.id(), number: number)
        return visit.page(page(visit, view))
    }

    private static func page(_ visit: Visit, _ view: AgreementView) -> Page {
        let back = "/awards/\(view.award.id)"
        var content: [any Markup] = []
        if view.number == 0 {
            content.append(Component.InsetText("This is a draft. It binds nobody."))
            if view.editable { content.append(FundParts.link("Change the draft", "\(back)/agreement/edit")) }
            content += FundParts.needs("Still needed before it can be checked", view.problems) { problem in
                "\(back)/agreement/edit?check=yes#\(problem.field)"
            }
        }
        content += sections(view.document)
        if let hash = view.hash {
            content.append(Component.Heading("Fingerprint"))
            content.append(
                Component.SummaryList([
                    .init(
                        "SHA-256 of the signed text",
                        Templates.Filled(name: "fund-code", fields: ["text": .text(hash)]))
                ]))
            content.append(
                Component.Details(
                    summary: "The signed text, from which anybody can make the fingerprint again",
                    parts: [Component.Prose(text: view.signedText ?? "")]))
        }
        if !view.departures.isEmpty { content.append(departures(view.departures)) }
        return Page(
            view.document.title,
            caption: "Award \(view.award.reference)\(view.number > 0 ? ", version \(view.number)" : "")",
            back: back, banner: visit.banner([.agreementSaved: "The draft is saved."]), content)
    }

    /// The document as headings, paragraphs, lists and tables.
    static func sections(_ document: AgreementDocument) -> [any Markup] {
        document.sections.flatMap { section -> [any Markup] in
            [Component.Heading("\(section.number). \(section.heading)")] + section.blocks.map(block)
        }
    }

    private static func block(_ block: AgreementDocument.Block) -> any Markup {
        switch block {
        case .paragraph(let text): Component.Paragraph(text)
        case .points(let points): Component.BulletList(points)
        case .table(let caption, let columns, let rows):
            Component.Table(
                caption: caption, columns: columns.map { .init($0) }, rows: rows.map { Words.cells($0) },
                captionSize: .small, firstCellIsHeader: true)
        }
    }

    static func departures(_ departures: [DepartureView]) -> any Markup {
        Component.Table(
            caption: "Departures from the standard agreement",
            columns: [.init("From"), .init("Why"), .init("Allowed by")],
            rows: departures.map {
                Words.cells([$0.subject.title, $0.reason, "\($0.approvedBy), \($0.at.londonDay.spoken)"])
            }, captionSize: .small, firstCellIsHeader: true)
    }

    // MARK: Drafting

    @Sendable static func showEdit(_ visit: Visit) async throws -> Response {
        let view = try await visit.core.awards.agreement(visit.actor, try visit.id())
        guard view.editable else { return visit.redirect("/awards/\(view.award.id)/agreement") }
        let checked = visit.query("check") == nil ? [] : view.problems
        return visit.page(
            editPage(visit, view, AgreementForms.form(view.content), checked, version: view.award.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: AwardID = try visit.id()
        let view = try await visit.core.awards.agreement(visit.actor, id)
        let typed = visit.form.rowsChanged ?? visit.form
        return try await visit.submit {
            let (content, problems) = AgreementForms.content(typed)
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
            let version = try await visit.core.awards.save(visit.actor, id, version: visit.form.version, content)
            if visit.isAutosave { return visit.autosaved(version: version) }
            if visit.form.has("_add") || visit.form.has("_remove") {
                return visit.page(editPage(visit, view, typed, [], version: version))
            }
            return visit.redirect("/awards/\(id)/agreement", done: .agreementSaved)
        } orShow: { refusal in
            let version = refusal.kind == .stale ? view.award.version : visit.form.version
            return editPage(visit, view, typed, refusal.problems, version: version)
        }
    }

    private static func editPage(
        _ visit: Visit, _ view: AgreementView, _ form: Form, _ problems: [FieldProblem], version: Int
    ) -> Page {
        let back = "/awards/\(view.award.id)"
        let post = PostForm(
            action: "\(back)/agreement/edit", csrf: visit.csrf,
            content: [Questions.firstButton]
                + AgreementForms.questions(Questions(form, problems: problems), view) + [
                    Component.ButtonGroup(
                        Component.Button("Save the draft"), Component.Link("Leave without saving", back))
                ], version: version, autosave: true)
        return Page(
            "Draft the agreement", caption: "Award \(view.award.reference): \(view.award.title)", back: back,
            problems: problems,
            banner: visit.banner([
                .awardDrafted: "The award is begun. The draft is filled in from the bid and its approval."
            ]), [AgreementForms.approved(view), post])
    }

    // MARK: Departures

    @Sendable static func showDeparture(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        guard detail.mayApproveDepartures else { return visit.redirect("/awards/\(detail.award.id)") }
        return visit.page(departurePage(visit, detail, .empty))
    }

    @Sendable static func depart(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let subject: Agreement.Departure.Subject? = reader.choice("from")
            if subject == nil { reader.refuse("from", "Choose what is departed from") }
            try reader.check()
            guard let subject else { throw WebRefusal.notFound }
            try await visit.core.awards.approveDeparture(
                visit.actor, detail.award.id, from: subject, reason: visit.form["reason"])
            return visit.redirect("/awards/\(detail.award.id)", done: .departureAllowed)
        } orShow: { refusal in
            departurePage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func departurePage(
        _ visit: Visit, _ detail: AwardDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/awards/\(detail.award.id)"
        let post = PostForm(
            action: "\(back)/departures/new", csrf: visit.csrf,
            content: [
                ask.select(
                    "from", "What is departed from",
                    [Component.Choice("", "Choose one")]
                        + Agreement.Departure.Subject.allCases.map { Component.Choice($0.rawValue, $0.title) }),
                ask.area("reason", "Why", hint: "At least 20 characters. Auditors will read this."),
                Component.ButtonGroup(Component.Button("Allow it"), Component.Link("Cancel", back)),
            ])
        return Page(
            "Allow a departure", caption: AwardPages.caption(detail), back: back, problems: problems,
            [
                Component.Paragraph(
                    "Agreements hold every standard clause, are ringfenced, and hold back a tenth for the final report. Where one does not, somebody who did not draft it allows that and says why."
                ), post,
            ])
    }

    // MARK: Conditions

    @Sendable static func showConditions(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        guard detail.mayFindConditions else { return visit.redirect("/awards/\(detail.award.id)") }
        return visit.page(conditionsPage(visit, detail, .empty))
    }

    @Sendable static func findCondition(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let met = reader.yesNo("met")
            if met == nil { reader.refuse("met", "Say whether the condition is met") }
            try reader.check()
            try await visit.core.awards.findCondition(
                visit.actor, detail.award.id, code: visit.form["code"], met: met ?? false,
                evidence: visit.form["evidence"])
            return visit.redirect("/awards/\(detail.award.id)", done: .conditionFound)
        } orShow: { refusal in
            conditionsPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func conditionsPage(
        _ visit: Visit, _ detail: AwardDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/awards/\(detail.award.id)"
        let post = PostForm(
            action: "\(back)/conditions", csrf: visit.csrf,
            content: [
                ask.radios(
                    "code", "Which condition",
                    detail.conditions.map { Component.Choice($0.code, "\($0.code): \($0.text)") }),
                ask.yesNo("met", "Is it met?"),
                ask.area("evidence", "What your finding rests on", rows: 3),
                Component.ButtonGroup(Component.Button("Record the finding"), Component.Link("Cancel", back)),
            ])
        return Page(
            "Record whether a condition is met", caption: AwardPages.caption(detail), back: back, problems: problems,
            [post])
    }
}
