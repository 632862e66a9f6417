import Domain
import Hummingbird
import Services

/// Writing a return, one section at a time: with and without JavaScript, alone and with colleagues.
enum ReturnSectionPages {
    static let routes: [Route] = [
        .page("/returns/{id}/sections/{section}", "returnSectionPage", "A section of a return", .returnRead, show),
        .page(
            .post, "/returns/{id}/sections/{section}", "saveReturnSectionForm", "Save a section of a return",
            .returnEdit, save),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let view = try await visit.core.returns.section(visit.actor, try visit.id(), try section(visit))
        guard view.editable else { return visit.redirect("/returns/\(view.subject.id)/content") }
        let checked = visit.query("check") == nil ? [] : view.findings.filter(\.blocks).map(\.problem)
        return visit.page(
            page(visit, view, ReturnSectionForms.form(view.section, view.content), checked, version: view.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: MonitoringReturnID = try visit.id()
        let section = try section(visit)
        let view = try await visit.core.returns.section(visit.actor, id, section)
        let typed = visit.form.rowsChanged ?? visit.form
        return try await visit.submit {
            let (content, problems) = ReturnSectionForms.content(section, typed, indicators: view.indicators)
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
            let version = try await visit.core.returns.saveSection(
                visit.actor, id, section, content: content, version: visit.form.version)
            if visit.isAutosave { return visit.autosaved(version: version) }
            if visit.form.has("_add") || visit.form.has("_remove") {
                return visit.page(page(visit, view, typed, [], version: version))
            }
            let next = visit.form.has("_later") ? nil : Self.next(section)
            return visit.redirect(
                next.map { "/returns/\(id)/sections/\($0.rawValue)" } ?? "/returns/\(id)", done: .returnSaved)
        } orShow: { refusal in
            guard refusal.kind == .stale else {
                return page(visit, view, typed, refusal.problems, version: visit.form.version)
            }
            return try await conflict(visit, id, section, typed)
        }
    }

    private static func section(_ visit: Visit) throws -> ReturnSection {
        guard let section = ReturnSection(rawValue: visit.text("section")) else { throw WebRefusal.notFound }
        return section
    }

    private static func next(_ section: ReturnSection) -> ReturnSection? {
        let all = ReturnSection.allCases
        guard let index = all.firstIndex(of: section), index + 1 < all.count else { return nil }
        return all[index + 1]
    }

    private static func page(
        _ visit: Visit, _ view: ReturnSectionView, _ form: Form, _ problems: [FieldProblem], version: Int,
        title: String? = nil, before: [any Markup] = [], save: String = "Save and continue"
    ) -> Page {
        let back = "/returns/\(view.subject.id)"
        var content = before
        content.append(Component.Paragraph("For \(view.subject.period), due on \(view.subject.due.spoken)."))
        if let at = view.editedAt {
            content.append(
                Component.Paragraph("Last saved by \(view.editedBy ?? "a colleague") at \(Deadline.minute(at))."))
        }
        if !view.comments.isEmpty {
            content.append(
                Component.InsetText(
                    [Component.Paragraph("The department asks:")]
                        + [Component.BulletList(view.comments.map { "\($0.field): \($0.comment)" })]))
        }
        let ask = Questions(form, problems: problems)
        let buttons = Component.ButtonGroup(
            Component.Button(save),
            Component.Button("Save and come back later", style: .secondary, name: "_later", value: "yes"),
            Component.Link("Leave without saving", back))
        content.append(
            PostForm(
                action: "\(back)/sections/\(view.section.rawValue)", csrf: visit.csrf,
                content: [Questions.firstButton] + ReturnSectionFields(ask: ask, view: view).parts + [buttons],
                version: version,
                autosave: true))
        if problems.isEmpty, !view.findings.isEmpty {
            content.append(ReturnReading.findings(view.findings, back: back))
        }
        return Page(
            title ?? Words.title(view.section), caption: "Return \(view.subject.reference)", back: back,
            problems: problems,
            banner: visit.banner([.returnSaved: "Saved."]), wide: view.section == .outcomes, content)
    }

    /// What a colleague saved meanwhile, and what was typed, ready to be saved over it or left.
    private static func conflict(_ visit: Visit, _ id: MonitoringReturnID, _ section: ReturnSection, _ typed: Form)
        async throws
        -> Page
    {
        let theirs = try await visit.core.returns.section(visit.actor, id, section)
        var only = ReturnContent()
        switch section {
        case .outcomes: only.outcomes = theirs.content.outcomes
        case .reach: only.reach = theirs.content.reach
        case .spend: only.spend = theirs.content.spend
        case .milestones: only.milestones = theirs.content.milestones
        case .risks: only.risks = theirs.content.risks
        case .learning: only.learning = theirs.content.learning
        }
        return page(
            visit, theirs, typed, [], version: theirs.version, title: "Somebody else saved this section",
            before: [
                Component.Paragraph(
                    "\(theirs.editedBy ?? "A colleague") saved this section after you opened it. Nothing is lost: their version is here, and what you typed is in the form below it."
                ),
                Component.Details(
                    summary: "Their version",
                    parts: ReturnReading.parts(only, indicators: theirs.indicators, findings: [])),
                FundParts.link("Keep their version and drop mine", "/returns/\(id)/sections/\(section.rawValue)"),
            ], save: "Save my version")
    }
}
