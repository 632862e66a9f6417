import Domain
import Hummingbird
import Services

extension Done {
    static let claimSaved = Done(rawValue: "claim-saved")
    static let findingsSaved = Done(rawValue: "findings-saved")
    static let claimVerified = Done(rawValue: "claim-verified")
    static let claimAnswered = Done(rawValue: "claim-answered")
}

/// Claims: the list, drafting, and each on its page.
enum ClaimPages {
    static let routes: [Route] =
        [
            .page("/claims", "claimsPage", "Claims", .claimList, list),
            .page("/claims/{id}", "claimPage", "A claim", .claimRead, show),
            .page("/awards/{id}/claims/new", "newClaimPage", "Start a claim", .claimStart, showNew),
            .page(.post, "/awards/{id}/claims/new", "newClaimForm", "Start a claim", .claimStart, start),
            .page("/claims/{id}/edit", "editClaimPage", "Write a claim", .claimEdit, showEdit),
            .page(.post, "/claims/{id}/edit", "editClaimForm", "Save a claim", .claimEdit, save),
        ] + ClaimCheckPages.routes + ClaimDecisions.all.routes("/claims/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = ClaimFilter(state: visit.query("state").flatMap { Claim.State(rawValue: $0) })
        let page = try await visit.core.claims.list(visit.actor, page: visit.list, filter: filter)
        let states = Claim.State.allCases.map { Component.Choice($0.rawValue, Words.tag($0).text) }
        return visit.page(
            Page(
                "Claims", wide: true,
                [
                    FilterForm(
                        action: "/claims",
                        content: [
                            Questions(visit.parameters).select(
                                "state", "Where it stands", [Component.Choice("", "Any")] + states),
                            Component.Button("Filter", style: .secondary),
                        ]),
                    table(page.rows, caption: "Claims, newest first"), visit.pagination(page.next),
                ]))
    }

    static func table(_ rows: [ClaimRow], caption: String, captionHidden: Bool = false) -> any Markup {
        Component.Table(
            caption: caption,
            columns: [
                .init("Claim"), .init("Authority"), .init("Instalment", numeric: true), .init("Period"),
                .init("Where it stands"), .init("Claimed", numeric: true), .init("Verified", numeric: true),
            ],
            rows: rows.map { row -> [any Markup] in
                let period = row.from.map { "\($0.spoken) to \(row.to?.spoken ?? "")" } ?? ""
                return [
                    Component.Link("\(row.reference): \(row.title)", "/claims/\(row.id)"),
                    HTML(text: row.organisationName), HTML(text: "\(row.position)"), HTML(text: period),
                    Words.tag(row.state), HTML(text: row.amount?.description ?? "–"),
                    HTML(text: row.verified?.description ?? "–"),
                ]
            }, captionHidden: captionHidden, firstCellIsHeader: true, empty: "There are no claims.")
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<ClaimDetail>.Case {
        let detail = try await visit.core.claims.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail), back: "/claims/\(detail.claim.id)", version: detail.claim.version)
    }

    static func caption(_ detail: ClaimDetail) -> String { "Claim \(detail.claim.reference): \(detail.award.title)" }

    /// What the banner says on a claim's page.
    static var sentences: [Done: String] {
        var done = ClaimDecisions.all.sentences()
        done[.claimSaved] = "The claim is saved."
        done[.findingsSaved] = "Your findings are saved."
        done[.claimVerified] = "The check is finished."
        done[.claimAnswered] = "The question is answered. The check goes on."
        return done
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(ClaimStoryPage.page(visit, try await visit.core.claims.detail(visit.actor, try visit.id())))
    }

    // MARK: Starting

    @Sendable static func showNew(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        guard !detail.claimable.isEmpty else { return visit.redirect("/awards/\(detail.award.id)") }
        return visit.page(newPage(visit, detail, visit.parameters))
    }

    @Sendable static func start(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let position = reader.number("position", in: 1...60, "Choose an instalment")
            if position == nil { reader.refuse("position", "Choose an instalment") }
            try reader.check()
            let id = try await visit.core.claims.start(
                visit.actor, detail.award.id, position: position ?? 0, once: visit.once)
            return visit.redirect("/claims/\(id)/edit")
        } orShow: { refusal in
            newPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func newPage(
        _ visit: Visit, _ detail: AwardDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let back = "/awards/\(detail.award.id)"
        let open = detail.instalments.filter { detail.claimable.contains($0.position) }
        let post = PostForm(
            action: "\(back)/claims/new", csrf: visit.csrf,
            content: [
                Questions(form, problems: problems).radios(
                    "position", "Which instalment is it for?",
                    open.map { instalment in
                        Component.Choice(
                            "\(instalment.position)",
                            "Instalment \(instalment.position): \(instalment.amount), due \(instalment.dueOn.spoken)",
                            hint: instalment.gate.isOpen ? nil : instalment.gate.sentence)
                    }),
                Component.ButtonGroup(Component.Button("Start the claim"), Component.Link("Cancel", back)),
            ], once: Tokens.fresh())
        return Page(
            "Start a claim", caption: AwardPages.caption(detail), back: back, problems: problems,
            [
                Component.Paragraph(
                    "You may write and certify a claim while the evaluation is not there yet. It is paid once it is."),
                post,
            ])
    }

    // MARK: Writing

    @Sendable static func showEdit(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.claims.detail(visit.actor, try visit.id())
        guard detail.editable else { return visit.redirect("/claims/\(detail.claim.id)") }
        let checked = visit.query("check") == nil ? [] : detail.problems
        return visit.page(
            editPage(visit, detail, ClaimForms.form(detail.claim.content), checked, version: detail.claim.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: ClaimID = try visit.id()
        let detail = try await visit.core.claims.detail(visit.actor, id)
        let typed = visit.form.rowsChanged ?? visit.form
        return try await visit.submit {
            let (content, problems) = ClaimForms.content(typed)
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
            let version = try await visit.core.claims.save(visit.actor, id, version: visit.form.version, content)
            if visit.isAutosave { return visit.autosaved(version: version) }
            if visit.form.has("_add") || visit.form.has("_remove") {
                return visit.page(editPage(visit, detail, typed, [], version: version))
            }
            return visit.redirect("/claims/\(id)", done: .claimSaved)
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.claim.version : visit.form.version
            return editPage(visit, detail, typed, refusal.problems, version: version)
        }
    }

    private static func editPage(
        _ visit: Visit, _ detail: ClaimDetail, _ form: Form, _ problems: [FieldProblem], version: Int
    ) -> Page {
        let back = "/claims/\(detail.claim.id)"
        let post = PostForm(
            action: "\(back)/edit", csrf: visit.csrf,
            content: [Questions.firstButton]
                + ClaimForms.questions(Questions(form, problems: problems), detail.categories) + [
                    Component.ButtonGroup(Component.Button("Save"), Component.Link("Leave without saving", back))
                ], version: version, autosave: true)
        var lead: [any Markup] = []
        if let instalment = detail.instalment {
            lead.append(
                Component.Paragraph(
                    "Instalment \(instalment.position) is at most \(instalment.amount). Enter each payment that your authority made, with its entry in your ledger."
                ))
        }
        return Page(
            "Write the claim", caption: caption(detail), back: back, problems: problems, wide: true, lead + [post])
    }
}

/// A claim as a form, and back.
enum ClaimForms {
    static func form(_ content: Claim.Content) -> Form {
        var form = FormWriter()
        form.put("from", content.from)
        form.put("to", content.to)
        for (index, line) in content.lines.enumerated() {
            let row = "lines.\(index)"
            form.row(row)
            form.put("\(row).date", line.date)
            form.put("\(row).category", line.category)
            form.put("\(row).amount", line.amount)
            form.put("\(row).vat", line.vat)
            form.put("\(row).supplier", line.supplier)
            form.put("\(row).ledgerReference", line.ledgerReference)
            form.put("\(row).evidence", line.evidence)
        }
        return form.form
    }

    static func content(_ form: Form) -> (content: Claim.Content, problems: [FieldProblem]) {
        var reader = Form.Reader(form)
        var content = Claim.Content()
        content.from = reader.day("from")
        content.to = reader.day("to")
        for number in form.rows("lines") {
            let row = "lines.\(number)"
            var line = Claim.Line()
            line.date = reader.day("\(row).date")
            line.category = reader.choice("\(row).category")
            line.amount = reader.money("\(row).amount").flatMap { $0 == .zero ? nil : $0 }
            line.vat = reader.money("\(row).vat")
            line.supplier = form["\(row).supplier"]
            line.ledgerReference = form["\(row).ledgerReference"]
            line.evidence = form["\(row).evidence"]
            if line != Claim.Line() { content.lines.append(line) }
        }
        return (content, reader.problems)
    }

    static func questions(_ ask: Questions, _ categories: [BidContent.CostLine.Category]) -> [any Markup] {
        let kinds =
            [Component.Choice("", "Choose one")]
            + categories.map { Component.Choice($0.rawValue, Words.label($0)) }
        return [
            ask.date("from", "First day of the period"), ask.date("to", "Last day of the period"),
            ask.list("lines", "Lines", hint: "One for each payment that you made.", add: "Add a line", row: "Line") {
                path, _ in
                [
                    ask.date("\(path).date", "Paid on"), ask.select("\(path).category", "Kind of cost", kinds),
                    ask.money("\(path).amount", "Amount, without VAT that you get back"),
                    ask.money("\(path).vat", "VAT in it that you cannot get back"),
                    ask.text("\(path).supplier", "Paid to"),
                    ask.text("\(path).ledgerReference", "Reference in your ledger"),
                    ask.text("\(path).evidence", "Evidence", hint: "The name or number of the document."),
                ]
            },
        ]
    }
}
