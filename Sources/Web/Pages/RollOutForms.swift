import Domain
import Hummingbird
import Services

/// Writing what is asked, and recommending.
enum RollOutForms {
    static let routes: [Route] = [
        .page(
            "/practices/{id}/roll-out-decisions/new", "newRollOutPage", "Put an option up for decision",
            .adoptionDecisionIdentify, showNew),
        .page(
            .post, "/practices/{id}/roll-out-decisions/new", "newRollOutForm", "Put an option up for decision",
            .adoptionDecisionIdentify, create),
        .page(
            "/roll-out-decisions/{id}/edit", "editRollOutPage", "Change what is asked", .adoptionDecisionAssemble,
            showEdit),
        .page(
            .post, "/roll-out-decisions/{id}/edit", "editRollOutForm", "Change what is asked",
            .adoptionDecisionAssemble, save),
        .page(
            "/roll-out-decisions/{id}/recommendation", "recommendRollOutPage", "Recommend", .adoptionDecisionRecommend,
            showAdvice),
        .page(
            .post, "/roll-out-decisions/{id}/recommendation", "recommendRollOutForm", "Recommend",
            .adoptionDecisionRecommend, recommend),
    ]

    // MARK: The option

    @Sendable static func showNew(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        guard Permission.allows(.adoptionDecisionIdentify, subject: visit.subject, facts: .ownDepartment(visit.subject))
        else {
            throw Domain.Action.adoptionDecisionIdentify.permission.refusal
        }
        return visit.page(try await newPage(visit, detail, .empty))
    }

    @Sendable static func create(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let programme: ProgrammeID? = reader.id("programme")
            if programme == nil { reader.refuse("programme", "Choose the programme whose money it concerns") }
            let content = content(&reader)
            try reader.check()
            guard let programme else { throw WebRefusal.notFound }
            let id = try await visit.core.adoptionDecisions.identify(
                visit.actor, detail.practice.id, in: programme, content, once: visit.once)
            return visit.redirect("/roll-out-decisions/\(id)", done: .optionSaved)
        } orShow: { refusal in
            try await newPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func newPage(_ visit: Visit, _ detail: PracticeDetail, _ form: Form, _ problems: [FieldProblem] = [])
        async throws -> Page
    {
        let ask = Questions(form, problems: problems)
        let programmes = try await visit.core.adoptionDecisions.programmes(visit.actor)
        let back = "/practices/\(detail.practice.id)"
        let choices = programmes.map { Component.Choice("\($0.id)", $0.title) }
        return Page(
            "Put an option up for decision",
            caption: "Practice \(detail.practice.reference): \(detail.practice.content.name)", back: back,
            problems: problems,
            [
                PostForm(
                    action: "\(back)/roll-out-decisions/new", csrf: visit.csrf,
                    content: [ask.select("programme", "Programme", choices)] + questions(ask) + [
                        Component.ButtonGroup(Component.Button("Save the option"), Component.Link("Cancel", back))
                    ], once: Tokens.fresh())
            ])
    }

    private static func questions(_ ask: Questions) -> [any Markup] {
        [
            ask.text("title", "The option, in a line"),
            ask.area("question", "The question to be decided", rows: 3, most: 2000),
            ask.money("expectedCost", "What it would cost"),
            ask.number("reachAuthorities", "How many authorities it would reach"),
            ask.area("equity", "Whom it would reach, and whom not"),
        ]
    }

    private static func content(_ reader: inout Form.Reader) -> AdoptionDecision.Content {
        var content = AdoptionDecision.Content()
        content.title = reader.form["title"]
        content.question = reader.form["question"]
        content.expectedCost = reader.money("expectedCost")
        content.reachAuthorities = reader.number("reachAuthorities", in: 0...500, "Enter a whole number, at most 500")
        content.equity = reader.form["equity"]
        return content
    }

    @Sendable static func showEdit(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.adoptionDecisions.detail(visit.actor, try visit.id())
        guard detail.mayEdit else { return visit.redirect("/roll-out-decisions/\(detail.decision.id)") }
        let content = detail.decision.content
        var form = FormWriter()
        form.put("title", content.title)
        form.put("question", content.question)
        form.put("expectedCost", content.expectedCost)
        form.put("reachAuthorities", content.reachAuthorities)
        form.put("equity", content.equity)
        return visit.page(editPage(visit, detail, form.form, version: detail.decision.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.adoptionDecisions.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let content = content(&reader)
            try reader.check()
            _ = try await visit.core.adoptionDecisions.save(
                visit.actor, detail.decision.id, version: visit.form.version, content)
            return visit.redirect("/roll-out-decisions/\(detail.decision.id)", done: .optionSaved)
        } orShow: { refusal in
            editPage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.decision.version : visit.form.version)
        }
    }

    private static func editPage(
        _ visit: Visit, _ detail: AdoptionDecisionDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let back = "/roll-out-decisions/\(detail.decision.id)"
        return Page(
            "Change what is asked", caption: "Roll-out decision \(detail.decision.reference)", back: back,
            problems: problems,
            [
                PostForm(
                    action: "\(back)/edit", csrf: visit.csrf,
                    content: questions(Questions(form, problems: problems)) + [
                        Component.ButtonGroup(Component.Button("Save the option"), Component.Link("Cancel", back))
                    ], version: version)
            ])
    }

    // MARK: The recommendation

    @Sendable static func showAdvice(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.adoptionDecisions.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.recommend) else {
            return visit.redirect("/roll-out-decisions/\(detail.decision.id)")
        }
        return visit.page(advicePage(visit, detail, .empty, version: detail.decision.version))
    }

    @Sendable static func recommend(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.adoptionDecisions.detail(visit.actor, try visit.id())
        return try await visit.submit {
            try await visit.core.adoptionDecisions.recommend(
                visit.actor, detail.decision.id, version: visit.form.version, try advice(visit.form, detail.pack),
                once: visit.once)
            return visit.redirect("/roll-out-decisions/\(detail.decision.id)", done: .rollOutRecommended)
        } orShow: { refusal in
            advicePage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.decision.version : visit.form.version)
        }
    }

    private static func advicePage(
        _ visit: Visit, _ detail: AdoptionDecisionDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/roll-out-decisions/\(detail.decision.id)"
        let bearings = [Component.Choice("", "Not cited")] + Options.of(AdoptionDecision.Bearing.self) { $0.label }
        var questions: [any Markup] = [
            ask.radios(
                "recommendation", "What do you recommend?",
                Options.of(AdoptionDecision.Recommendation.self) { $0.label }),
            ask.area("reason", "Why", rows: 6), Component.Heading("What it rests on"),
            Component.Paragraph("Cite at least one item. Say also what speaks against it."),
        ]
        for (index, item) in detail.pack.enumerated() {
            let name = "citations.\(index).bearing"
            questions += [
                Component.Radios(
                    name: name, legend: item.title, choices: bearings, value: form[name], hint: item.direction?.label,
                    error: index == 0 ? ask.error("citations") : nil, legendSize: .small, inline: true),
                ask.text("citations.\(index).note", "What it says here", size: nil),
            ]
        }
        questions += [Component.Heading("If the evidence is short of scaling")]
        if let shortfall = detail.shortfall { questions.append(Component.InsetText(shortfall)) }
        questions += [
            ask.flag("override", "Go ahead all the same: an override"),
            ask.area("overrideReason", "Why it cannot wait", rows: 3),
            ask.area("evidenceToFollow", "Which evidence will follow", rows: 3), ask.date("evidenceDue", "By when"),
            ask.area("stopRule", "What makes it stop", rows: 3),
            ask.text("externalReference", "Reference of a minister’s decision, if there is one"),
            Component.ButtonGroup(Component.Button("Recommend"), Component.Link("Cancel", back)),
        ]
        return Page(
            "Recommend", caption: "Roll-out decision \(detail.decision.reference): \(detail.decision.content.title)",
            back: back, problems: problems,
            [
                PostForm(
                    action: "\(back)/recommendation", csrf: visit.csrf, content: questions, version: version,
                    once: Tokens.fresh())
            ])
    }

    private static func advice(_ form: Form, _ pack: [EvidenceItem]) throws -> AdoptionDecision.Advice {
        var reader = Form.Reader(form)
        var advice = AdoptionDecision.Advice()
        advice.recommendation = reader.choice("recommendation")
        advice.reason = form["reason"]
        for (index, item) in pack.enumerated() {
            let bearing: AdoptionDecision.Bearing? = reader.choice("citations.\(index).bearing")
            if let bearing {
                advice.citations.append(
                    .init(evidence: item.id, bearing: bearing, note: form["citations.\(index).note"]))
            }
        }
        if reader.ticked("override") {
            var override = AdoptionDecision.Override()
            override.reason = form["overrideReason"]
            override.evidenceToFollow = form["evidenceToFollow"]
            override.evidenceDue = reader.day("evidenceDue")
            override.stopRule = form["stopRule"]
            advice.override = override
        }
        advice.externalReference = form["externalReference"]
        try reader.check()
        return advice
    }
}
