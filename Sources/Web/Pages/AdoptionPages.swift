import Domain
import Hummingbird
import Services

extension Done {
    static let adoptionDeclared = Done(rawValue: "adoption-declared")
}

/// The register of adoptions, and one authority's way with one practice.
enum AdoptionPages {
    static let routes: [Route] =
        [
            .page("/adoptions", "adoptionsPage", "Adoptions", .laAdoptionList, list),
            .page("/adoptions/{id}", "adoptionPage", "An adoption", .laAdoptionRead, show),
            .page(
                "/practices/{id}/adoptions/new", "newAdoptionPage", "Declare what you know of a practice",
                .laAdoptionDeclare, showNew),
            .page(
                .post, "/practices/{id}/adoptions/new", "newAdoptionForm", "Declare what you know of a practice",
                .laAdoptionDeclare, declare),
        ] + decisions.routes("/adoptions/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = AdoptionFilter(
            practice: visit.query("practice").flatMap { PracticeID($0) },
            organisation: visit.query("organisation").flatMap { OrganisationID($0) },
            state: visit.query("state").flatMap { Adoption.State(rawValue: $0) })
        let page = try await visit.core.adoptions.list(visit.actor, page: visit.list, filter: filter)
        return visit.page(
            Page(
                "Adoptions", wide: true,
                [
                    Component.Paragraph(
                        "What each authority says of itself, and apart from that whether somebody else found it so. Alphabetical, never by merit."
                    ),
                    Component.Table(
                        caption: "Register of adoptions",
                        columns: [
                            .init("Practice"), .init("Authority"), .init("Step"), .init("Since"), .init("Verified"),
                        ],
                        rows: page.rows.map { row -> [any Markup] in
                            [
                                Component.Link(row.practiceName, "/adoptions/\(row.id)", hidden: row.organisationName),
                                HTML(text: row.organisationName),
                                Words.tag(row.state), HTML(text: row.since.londonDay.spoken),
                                Words.verified(row.verified),
                            ]
                        }, captionHidden: true, firstCellIsHeader: true,
                        empty: "There are no adoptions that you can see."),
                    visit.pagination(page.next),
                ]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.adoptions.detail(visit.actor, try visit.id())
        let adoption = detail.adoption
        let content = adoption.content
        let read = detail.reports.filter { content.evidenceRead.contains($0.id) }.map(\.reference)
        var parts: [any Markup] = [
            Component.SummaryList([
                .init("Practice", Component.Link(detail.practiceName, "/practices/\(adoption.practice)")),
                .init("Step, as the authority says", Words.tag(adoption.state)),
                .init("Since", detail.since.londonDay.spoken),
                .init(
                    "Verified", detail.isVerified ? Words.verified(detail.findings.first?.kind) : Words.verified(nil)),
                .init("Delivered since", content.startedOn?.spoken),
                .init("Coverage", content.coverage.map { Words.percent(basisPoints: $0) }),
                .init("What was changed", content.adaptations),
                .init("How much of the core, 1 to 5", content.fidelity.map { "\($0)" }),
                .init("Cost here in a year", content.localCost?.description), .init("Who pays", content.fundedBy),
                .init("Outside funding ended", content.fundingEndedOn?.spoken),
                .init("Heard of it from", content.awarenessSource.map { Words.label($0) }),
                .init("Reports read", Words.list(read)), .init("Reason", detail.reason),
            ])
        ]
        parts += FundParts.actions(decisions.links("/adoptions/\(adoption.id)", detail))
        parts += [
            Component.Table(
                caption: "What others found",
                columns: [.init("When"), .init("Step"), .init("By"), .init("What was looked at")],
                rows: detail.findings.map {
                    [
                        HTML(text: $0.at.londonDay.spoken), Words.tag($0.state), HTML(text: $0.organisationName),
                        Component.Prose(text: $0.note),
                    ]
                }, empty: "Nobody else has looked at it yet."),
            FundParts.link("What led to it, and what came of it", "/chain/la_adoption/\(adoption.id)"),
            FundParts.history(visit, .laAdoption, adoption.id),
        ]
        return visit.page(
            Page(
                "\(detail.organisationName): \(detail.practiceName)", caption: "Adoption \(adoption.reference)",
                back: "/adoptions",
                banner: visit.banner(sentences), parts))
    }

    // MARK: Declaring

    @Sendable static func showNew(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        guard visit.subject.holds(.laCertifier) else { throw Domain.Action.laAdoptionDeclare.permission.refusal }
        return visit.page(newPage(visit, detail, .empty))
    }

    @Sendable static func declare(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        return try await visit.submit {
            let id = try await visit.core.adoptions.declare(
                visit.actor, detail.practice.id, try content(visit.form, of: Adoption.Content()), once: visit.once)
            return visit.redirect("/adoptions/\(id)", done: .adoptionDeclared)
        } orShow: { refusal in
            newPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func newPage(_ visit: Visit, _ detail: PracticeDetail, _ form: Form, _ problems: [FieldProblem] = [])
        -> Page
    {
        let ask = Questions(form, problems: problems)
        let back = "/practices/\(detail.practice.id)"
        return Page(
            "Declare what you know of it", caption: detail.practice.content.name, back: back, problems: problems,
            [
                Component.Paragraph(
                    "You say for your authority that it knows of this practice. From here you can go on to consider, pilot and adopt it."
                ),
                PostForm(
                    action: "\(back)/adoptions/new", csrf: visit.csrf,
                    content: [
                        ask.radios(
                            "awarenessSource", "Where did you hear of it?",
                            Options.of(Adoption.Source.self) { Words.label($0) }),
                        read(ask, detail.reports),
                        Component.ButtonGroup(Component.Button("Declare"), Component.Link("Cancel", back)),
                    ], once: Tokens.fresh()),
            ])
    }

    private static func read(_ ask: Questions, _ reports: [EvidenceReport]) -> any Markup {
        guard !reports.isEmpty else { return Component.InsetText("No report on it is published yet.") }
        return ask.boxes(
            "evidenceRead", "Which reports did you read?",
            reports.map { .init("\($0.id)", "\($0.reference): \($0.title)") })
    }

    /// What is so now: what the form asks replaces what was said, the rest stays.
    private static func content(_ form: Form, of before: Adoption.Content) throws -> Adoption.Content {
        var reader = Form.Reader(form)
        var content = before
        if form.has("awarenessSource") { content.awarenessSource = reader.choice("awarenessSource") }
        let read = form.all("evidenceRead").compactMap { EvaluationReportID($0) }
        if !read.isEmpty { content.evidenceRead = read }
        if form.has("adaptations") {
            content.startedOn = reader.day("startedOn")
            content.coverage = reader.percent("coverage")
            content.adaptations = form["adaptations"]
            content.fidelity = reader.number("fidelity", in: 1...5, "Choose 1 to 5")
            content.localCost = reader.money("localCost")
            content.fundedBy = form["fundedBy"]
            content.fundingEndedOn = reader.day("fundingEndedOn")
        }
        try reader.check()
        return content
    }

    // MARK: Steps

    @Sendable static func load(_ visit: Visit) async throws -> Decision<AdoptionDetail>.Case {
        let detail = try await visit.core.adoptions.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "\(detail.organisationName): \(detail.practiceName)",
            back: "/adoptions/\(detail.adoption.id)",
            version: detail.adoption.version)
    }

    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.adoptionDeclared] = "It is in the register."
        return done
    }

    private static func act(_ event: AdoptionEvent) -> @Sendable (Visit, AdoptionDetail) async throws -> Void {
        { visit, detail in
            try await visit.core.adoptions.move(
                visit.actor, detail.adoption.id, event, version: visit.form.version,
                try content(visit.form, of: detail.adoption.content), reason: visit.form.optional("reason"))
        }
    }

    /// The questions of a step, with what was said before.
    @Sendable private static func ask(_ detail: AdoptionDetail, _ ask: Questions) -> [any Markup] {
        let content = detail.adoption.content
        var before = FormWriter()
        before.put("startedOn", content.startedOn)
        before.put("coverage", content.coverage.map { Words.decimal(hundredths: $0) })
        before.put("adaptations", content.adaptations)
        before.put("fidelity", content.fidelity)
        before.put("localCost", content.localCost)
        before.put("fundedBy", content.fundedBy)
        before.put("fundingEndedOn", content.fundingEndedOn)
        let ask = ask.form.has("adaptations") ? ask : Questions(before.form, problems: ask.problems)
        return [
            ask.date("startedOn", "Delivered since"),
            ask.number(
                "coverage", "How many of those for whom it is meant can get it", hint: "In per cent", decimal: true,
                suffix: "%"),
            ask.area("adaptations", "What was changed", rows: 4),
            ask.select(
                "fidelity", "How much of the core you deliver",
                (1...5).map { .init("\($0)", $0 == 1 ? "1: little" : $0 == 5 ? "5: all of it" : "\($0)") }),
            ask.money("localCost", "What it costs you in a year"), ask.text("fundedBy", "Who pays"),
            ask.date("fundingEndedOn", "When outside funding ended", hint: "Leave it blank while it goes on"),
        ]
    }

    private static func step(
        _ event: AdoptionEvent, _ path: String, _ title: String, _ action: Domain.Action, done: String,
        reason: String? = nil,
        asks: Bool = false, style: Component.Button.Style = .primary
    ) -> Decision<AdoptionDetail> {
        var step = Decision<AdoptionDetail>(
            path: path, name: "\(event.rawValue)Adoption", title: title, confirm: title, style: style, action: action,
            done: done, reason: reason,
            allowed: { $0.allowed.contains(event) },
            lead: { _, _ in
                [
                    Component.Paragraph(
                        "You say this for your authority. It is kept as said, and can be verified by others.")
                ]
            }, act: act(event))
        if asks { step.questions = Self.ask }
        return step
    }

    static let decisions: [Decision<AdoptionDetail>] = [
        step(
            .consider, "consideration", "We are considering it", .laAdoptionConsider, done: "You are considering it.",
            style: .secondary),
        step(
            .pilot, "pilot", "We are piloting it", .laAdoptionPilot, done: "The pilot is in the register.", asks: true,
            style: .secondary),
        step(
            .adopt, "adoption", "We have adopted it", .laAdoptionAdopt, done: "The adoption is in the register.",
            asks: true),
        step(
            .sustain, "sustaining", "It runs without outside funding", .laAdoptionSustain, done: "It is sustained.",
            asks: true),
        step(.confirm, "confirmation", "It still runs", .laAdoptionConfirm, done: "It is confirmed.", asks: true),
        step(
            .reconsider, "reconsideration", "We are considering it again", .laAdoptionReconsider,
            done: "You are considering it again.", style: .secondary),
        step(
            .stop, "stop", "It has stopped", .laAdoptionStop, done: "That it stopped is in the register.",
            reason: "Why did it stop?", style: .secondary),
        step(
            .reject, "rejection", "We decided against it", .laAdoptionReject, done: "Your decision is in the register.",
            reason: "Why did you decide against it?", style: .secondary),
        .init(
            path: "verification", name: "verifyAdoption", title: "Verify", confirm: "We found it so", style: .secondary,
            action: .laAdoptionVerify,
            done: "Your finding is recorded.", allowed: { $0.mayVerify },
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "You say that you found it so: “\(Words.plain(detail.adoption.state.rawValue))” at \(detail.organisationName)."
                    )
                ]
            },
            questions: { _, ask in [ask.area("note", "What did you look at?", least: 20)] },
            act: {
                try await $0.core.adoptions.verify(
                    $0.actor, $1.adoption.id, version: $0.form.version, note: $0.form["note"])
            }),
    ]
}
