import Domain
import Hummingbird
import Services

extension Done {
    static let variationSaved = Done(rawValue: "variation-saved")
}

/// Variations: asked for, assessed, decided, and in effect.
enum VariationPages {
    static let routes: [Route] =
        [
            .page("/awards/{id}/variations/new", "newVariationPage", "Ask for a variation", .variationDraft, showNew),
            .page(
                .post, "/awards/{id}/variations/new", "newVariationForm", "Begin a variation", .variationDraft, begin),
            .page("/variations/{id}", "variationPage", "A variation", .variationRead, show),
            .page("/variations/{id}/edit", "editVariationPage", "Write a variation", .variationEdit, showEdit),
            .page(.post, "/variations/{id}/edit", "editVariationForm", "Save a variation", .variationEdit, save),
        ] + decisions.routes("/variations/{id}", load)

    // MARK: Beginning and writing

    @Sendable static func showNew(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        guard detail.mayVary, let agreement = detail.agreement else {
            return visit.redirect("/awards/\(detail.award.id)")
        }
        var form = FormWriter()
        AgreementForms.put(agreement.instalments, &form)
        return visit.page(newPage(visit, detail, form.form))
    }

    @Sendable static func begin(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        if let typed = visit.form.rowsChanged { return visit.page(newPage(visit, detail, typed)) }
        return try await visit.submit {
            let content = try content(visit.form)
            let id = try await visit.core.variations.draft(visit.actor, detail.award.id, content, once: visit.once)
            return visit.redirect("/variations/\(id)", done: .variationSaved)
        } orShow: { refusal in
            newPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func newPage(
        _ visit: Visit, _ detail: AwardDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let back = "/awards/\(detail.award.id)"
        let ask = Questions(form, problems: problems)
        let post = PostForm(
            action: "\(back)/variations/new", csrf: visit.csrf,
            content: [Questions.firstButton]
                + [ask.radios("kind", "What is to change?", Options.of(Variation.Kind.self) { Words.label($0) })]
                + fields(ask) + [
                    Component.ButtonGroup(Component.Button("Save"), Component.Link("Cancel", back))
                ], once: Tokens.fresh())
        return Page(
            "Ask for a variation", caption: AwardPages.caption(detail), back: back, problems: problems,
            [
                Component.Paragraph(
                    "More money goes through a new approval on everything promised so far. Whoever asks, whoever assesses and whoever approves are three people."
                ), post,
            ])
    }

    private static func fields(_ ask: Questions) -> [any Markup] {
        [
            ask.area("reason", "Why is the change needed?", hint: "At least 20 characters."),
            ask.money("increase", "How much more money", hint: "Only for more money."),
            ask.date("starts", "New first day, if it changes"), ask.date("ends", "New last day, if it changes"),
            ask.date("effectiveOn", "From when the change counts"), AgreementForms.schedule(ask),
        ]
    }

    private static func content(_ form: Form, kind: Variation.Kind? = nil) throws -> Variation.Content {
        var reader = Form.Reader(form)
        var content = Variation.Content()
        let chosen: Variation.Kind? = kind ?? reader.choice("kind")
        if chosen == nil { reader.refuse("kind", "Choose what is to change") }
        content.kind = chosen ?? .dates
        content.reason = form["reason"]
        content.increase = reader.money("increase").flatMap { $0 == .zero ? nil : $0 }
        content.starts = reader.day("starts")
        content.ends = reader.day("ends")
        content.effectiveOn = reader.day("effectiveOn")
        content.instalments = AgreementForms.instalments(&reader)
        try reader.check()
        return content
    }

    @Sendable static func showEdit(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.variations.detail(visit.actor, try visit.id())
        guard detail.editable else { return visit.redirect("/variations/\(detail.variation.id)") }
        let content = detail.variation.content
        var form = FormWriter()
        form.put("reason", content.reason)
        form.put("increase", content.increase)
        form.put("starts", content.starts)
        form.put("ends", content.ends)
        form.put("effectiveOn", content.effectiveOn)
        AgreementForms.put(content.instalments, &form)
        let checked = visit.query("check") == nil ? [] : detail.problems
        return visit.page(editPage(visit, detail, form.form, checked, version: detail.variation.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: VariationID = try visit.id()
        let detail = try await visit.core.variations.detail(visit.actor, id)
        if let typed = visit.form.rowsChanged {
            return visit.page(editPage(visit, detail, typed, [], version: visit.form.version))
        }
        return try await visit.submit {
            let content = try content(visit.form, kind: detail.variation.content.kind)
            let version = try await visit.core.variations.save(
                visit.actor, id, version: visit.form.version, content)
            if visit.isAutosave { return visit.autosaved(version: version) }
            return visit.redirect("/variations/\(id)", done: .variationSaved)
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.variation.version : visit.form.version
            return editPage(visit, detail, visit.form, refusal.problems, version: version)
        }
    }

    private static func editPage(
        _ visit: Visit, _ detail: VariationDetail, _ form: Form, _ problems: [FieldProblem], version: Int
    ) -> Page {
        let back = "/variations/\(detail.variation.id)"
        let post = PostForm(
            action: "\(back)/edit", csrf: visit.csrf,
            content: [Questions.firstButton] + fields(Questions(form, problems: problems)) + [
                Component.ButtonGroup(Component.Button("Save"), Component.Link("Leave without saving", back))
            ], version: version, autosave: true)
        return Page(
            "Write the variation", caption: caption(detail), back: back, problems: problems,
            [Component.Paragraph("\(Words.label(detail.variation.content.kind)).")] + [post])
    }

    // MARK: One variation

    @Sendable static func load(_ visit: Visit) async throws -> Decision<VariationDetail>.Case {
        let detail = try await visit.core.variations.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail), back: "/variations/\(detail.variation.id)",
            version: detail.variation.version)
    }

    private static func caption(_ detail: VariationDetail) -> String {
        "Variation \(detail.variation.reference): \(detail.award.title)"
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.variations.detail(visit.actor, try visit.id())
        return visit.page(page(visit, detail))
    }

    private static func page(_ visit: Visit, _ detail: VariationDetail) -> Page {
        let variation = detail.variation
        let back = "/variations/\(variation.id)"
        var done = decisions.sentences()
        done[.variationSaved] = "The variation is saved."
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(variation.state)),
            .init(
                "Award",
                Component.Link("\(detail.award.reference): \(detail.award.title)", "/awards/\(detail.award.id)")),
            .init("What changes", Words.label(variation.content.kind)), .init("Why", variation.content.reason),
            .init("From", variation.content.effectiveOn?.spoken),
        ]
        if detail.isRetrospective {
            rows.append(.init("Note", Tag("It concerns something that has happened already", .orange)))
        }
        if let day = detail.decideBy { rows.append(.init("Decide by", day.spoken)) }
        if let name = detail.requesterName { rows.append(.init("Asked for by", name)) }
        if let assessment = detail.assessment {
            rows.append(.init("Assessed by", detail.assessorName ?? ""))
            rows.append(.init("Assessment", assessment))
        }
        if let reason = detail.decisionReason { rows.append(.init("Reason given", reason)) }
        var links = decisions.links(back, detail)
        if detail.editable { links.insert(.init(text: "Change it", href: "\(back)/edit"), at: 0) }
        var content: [any Markup] = [Component.SummaryList(rows)] + FundParts.actions(links)
        content += FundParts.needs("Still needed before it can be submitted", detail.problems) { problem in
            "\(back)/edit?check=yes#\(problem.field)"
        }
        content += [
            changes(detail), AwardStoryParts.events(.variation, detail.history),
            FundParts.history(visit, .variation, variation.id),
        ]
        return Page(
            "Variation \(variation.reference)",
            breadcrumbs: [
                .init("Home", "/"), .init("Awards", "/awards"),
                .init(detail.award.reference, "/awards/\(detail.award.id)"),
            ], banner: visit.banner(done), wide: true, content)
    }

    static func changes(_ detail: VariationDetail) -> any Markup {
        Component.Table(
            caption: "What would change", columns: [.init("What"), .init("Now"), .init("Then")],
            rows: detail.changes.map { Words.cells([$0.what, $0.before, $0.after]) }, firstCellIsHeader: true,
            empty: "Nothing differs from the agreement yet.")
    }

    private static func brief(_ text: String) -> @Sendable (Visit, VariationDetail) -> [any Markup] {
        { _, detail in [Component.Paragraph(text), changes(detail)] }
    }

    static let decisions: [Decision<VariationDetail>] = [
        .init(
            path: "submission", name: "submitVariation", title: "Submit the variation", confirm: "Submit",
            action: .variationSubmit, done: "The variation is submitted.", wide: true,
            allowed: { $0.allowed.contains(.submit) && $0.problems.isEmpty },
            lead: brief("A programme officer who did not ask for it assesses it, within twenty working days."),
            act: {
                try await $0.core.variations.submit(
                    $0.actor, $1.variation.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "assessment", name: "assessVariation", title: "Assess the variation",
            confirm: "Record the assessment",
            action: .variationAssess, done: "The assessment is recorded. An approver decides.",
            reason: "What did you find?", wide: true, allowed: { $0.allowed.contains(.assess) },
            lead: brief("Say what the change means for the project, its evaluation and its money."),
            act: {
                try await $0.core.variations.assess(
                    $0.actor, $1.variation.id, version: $0.form.version, assessment: $0.form["reason"])
            }),
        .init(
            path: "approval", name: "approveVariation", title: "Approve the variation", confirm: "Approve",
            action: .variationApprove, done: "The variation is approved. A signatory puts it into effect.", wide: true,
            allowed: { $0.allowed.contains(.approve) },
            lead: brief("You neither asked for it nor assessed it."),
            questions: { detail, ask in
                guard detail.variation.content.kind == .moneyUp else { return [] }
                return [
                    ask.radios(
                        "uplift", "The approval of the money that it rests on",
                        hint: "More money is approved on the whole-life sum first.",
                        detail.uplifts.map {
                            Component.Choice($0.approval.description, "\($0.reference): \($0.amount)")
                        })
                ]
            },
            act: {
                try await $0.core.variations.approve(
                    $0.actor, $1.variation.id, version: $0.form.version, uplift: ApprovalID($0.form["uplift"]),
                    once: $0.once)
            }),
        .init(
            path: "effect", name: "effectVariation", title: "Put it into effect", confirm: "Put into effect",
            action: .variationTakeEffect, done: "The variation is in effect, as a new version of the agreement.",
            wide: true, allowed: { $0.allowed.contains(.takeEffect) },
            lead: brief("The next version of the agreement is made. Instalments that were claimed stay as they are."),
            act: {
                try await $0.core.variations.takeEffect(
                    $0.actor, $1.variation.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "rejection", name: "rejectVariation", title: "Refuse the variation", confirm: "Refuse",
            style: .warning, action: .variationReject, done: "The variation is refused.", reason: "Why is it refused?",
            allowed: { $0.allowed.contains(.reject) }, lead: brief("The agreement stays as it is."),
            act: {
                try await $0.core.variations.reject(
                    $0.actor, $1.variation.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
        .init(
            path: "withdrawal", name: "withdrawVariation", title: "Withdraw the variation", confirm: "Withdraw",
            style: .secondary, action: .variationWithdraw, done: "The variation is withdrawn.",
            reason: "Why is it withdrawn?", allowed: { $0.allowed.contains(.withdraw) },
            lead: brief("The agreement stays as it is. You can ask again later."),
            act: {
                try await $0.core.variations.withdraw(
                    $0.actor, $1.variation.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]
}
