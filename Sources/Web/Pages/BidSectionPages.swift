import Domain
import Hummingbird
import Services

/// Writing a bid, one section at a time: with and without JavaScript, alone and with colleagues.
enum BidSectionPages {
    static let routes: [Route] = [
        .page("/bids/{id}/sections/{section}", "bidSectionPage", "A section of a bid", .bidRead, show),
        .page(.post, "/bids/{id}/sections/{section}", "saveBidSectionForm", "Save a section of a bid", .bidEdit, save),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let view = try await visit.core.bids.section(visit.actor, try visit.id(), try section(visit))
        guard view.editable else { return visit.page(try await reading(visit, view)) }
        let checked = visit.query("check") == nil ? [] : view.problems
        let form = BidSectionForms.form(view.section, view.content)
        return visit.page(page(visit, view, form, checked, version: view.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: BidID = try visit.id()
        let section = try section(visit)
        let view = try await visit.core.bids.section(visit.actor, id, section)
        return try await visit.submit {
            let typed = visit.form.rowsChanged ?? visit.form
            let (content, problems) = BidSectionForms.content(section, typed)
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
            let version = try await visit.core.bids.saveSection(
                visit.actor, id, section, content: content, version: visit.form.version)
            if visit.isAutosave { return visit.autosaved(version: version) }
            if visit.form.has("_add") || visit.form.has("_remove") {
                return visit.page(page(visit, view, typed, [], version: version))
            }
            let next = visit.form.has("_later") || section == .costs ? nil : Self.next(section)
            if section == .costs, !visit.form.has("_later") {
                return visit.redirect("/bids/\(id)/sections/\(section.rawValue)", done: .bidSaved)
            }
            return visit.redirect(next.map { "/bids/\(id)/sections/\($0.rawValue)" } ?? "/bids/\(id)", done: .bidSaved)
        } orShow: { refusal in
            let typed = visit.form.rowsChanged ?? visit.form
            guard refusal.kind == .stale else {
                let problems = refusal.problems.map {
                    $0.field == "title" ? FieldProblem("summary.title", $0.sentence) : $0
                }
                return page(visit, view, typed, problems, version: visit.form.version)
            }
            return try await conflict(visit, view, typed)
        }
    }

    private static func section(_ visit: Visit) throws -> BidSection {
        guard let section = BidSection(rawValue: visit.text("section")) else { throw WebRefusal.notFound }
        return section
    }

    private static func next(_ section: BidSection) -> BidSection? {
        let all = BidSection.allCases
        guard let index = all.firstIndex(of: section), index + 1 < all.count else { return nil }
        return all[index + 1]
    }

    // MARK: The form

    private static func page(
        _ visit: Visit, _ view: SectionView, _ form: Form, _ problems: [FieldProblem], version: Int
    ) -> Page {
        let back = "/bids/\(view.bid.id)"
        var content: [any Markup] = [FundParts.deadline(view.closesAt, now: visit.subject.now)]
        if let at = view.editedAt {
            content.append(
                Component.Paragraph("Last saved by \(view.editedBy ?? "a colleague") at \(Deadline.minute(at))."))
        }
        if view.section == .costs { content += totals(view.content.costs, back) }
        content.append(post(visit, view, form, problems, version: version))
        if problems.isEmpty, view.version > 0, !view.problems.isEmpty {
            content.append(
                Component.Details(
                    summary: "Still needed in this section before certification (\(view.problems.count))",
                    parts: [Component.BulletList(view.problems.map(\.sentence))]))
        }
        return Page(
            view.section.title, caption: "\(BidPages.caption(view.bid)): \(view.bid.title)", back: back,
            problems: problems,
            banner: visit.banner([.bidSaved: "Saved."]), content)
    }

    private static func post(
        _ visit: Visit, _ view: SectionView, _ form: Form, _ problems: [FieldProblem], version: Int,
        save: String = "Save and continue"
    ) -> any Markup {
        let back = "/bids/\(view.bid.id)"
        let fields = BidSectionFields(
            ask: Questions(form, problems: problems), indicators: view.indicators, years: view.years)
        let buttons = Component.ButtonGroup(
            Component.Button(save),
            Component.Button("Save and come back later", style: .secondary, name: "_later", value: "yes"),
            Component.Link("Leave without saving", back))
        return PostForm(
            action: "\(back)/sections/\(view.section.rawValue)", csrf: visit.csrf,
            content: [Questions.firstButton] + fields.parts(view.section) + [buttons], version: version, autosave: true)
    }

    /// What is saved so far adds up to this.
    private static func totals(_ costs: BidContent.Costs, _ back: String) -> [any Markup] {
        guard !costs.lines.isEmpty else { return [] }
        let balance: [any Markup] = BidReading.balance(costs).map { [Component.Paragraph($0)] } ?? []
        return [Component.Heading("Totals of what is saved"), BidReading.totals(costs)] + balance
            + [FundParts.link("Go to the next section", "\(back)/sections/\(BidSection.evaluation.rawValue)")]
    }

    // MARK: Reading only

    private static func reading(_ visit: Visit, _ view: SectionView) async throws -> Page {
        let indicators = try await BidPages.indicators(visit)
        let why =
            view.bid.state == .draft
            ? "Only editors of your authority can change this section." : "This bid cannot be changed now."
        let note: [any Markup] = visit.subject.role == .localAuthority ? [Component.InsetText(why)] : []
        return Page(
            view.section.title, caption: "\(BidPages.caption(view.bid)): \(view.bid.title)",
            back: "/bids/\(view.bid.id)",
            wide: true, note + [BidReading(content: view.content, sections: [view.section], indicators: indicators)])
    }

    // MARK: Two people at once

    /// Both versions side by side, and the form with what was typed, ready to be saved over theirs or left.
    private static func conflict(_ visit: Visit, _ opened: SectionView, _ typed: Form) async throws -> Page {
        let theirs = try await visit.core.bids.section(visit.actor, opened.bid.id, opened.section)
        let back = "/bids/\(theirs.bid.id)/sections/\(theirs.section.rawValue)"
        let who = theirs.editedBy ?? "A colleague"
        let when = theirs.editedAt.map { " at \(Deadline.minute($0))" } ?? ""
        let indicators = Dictionary(theirs.indicators.map { ($0.code, $0) }) { first, _ in first }
        let mine = BidSectionForms.content(theirs.section, typed).content
        func version(_ title: String, _ content: BidContent) -> HTML {
            let reading = BidReading(content: content, sections: [theirs.section], indicators: indicators, level: 3)
            return .joined([Component.Heading(title), reading])
        }
        return Page(
            "Somebody else saved this section", caption: "\(BidPages.caption(theirs.bid)): \(theirs.section.title)",
            back: back,
            wide: true,
            [
                Component.Paragraph(
                    "\(who) saved this section\(when), after you opened it. Nothing is lost: both versions are below."),
                Templates.Filled(
                    name: "bid-conflict",
                    fields: [
                        "theirsHTML": .markup(version("Saved by \(who)", theirs.content)),
                        "mineHTML": .markup(version("What you typed", mine)),
                    ]),
                FundParts.link("Keep their version and drop mine", back),
                Component.Heading("Or change your version and save it over theirs"),
                post(visit, theirs, typed, [], version: theirs.version, save: "Save my version"),
            ])
    }
}
