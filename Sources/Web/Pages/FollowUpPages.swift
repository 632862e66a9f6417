import Domain
import Hummingbird
import Services

extension Done {
    static let followUpAnswered = Done(rawValue: "follow-up-answered")
}

/// What is asked after an award ended.
enum FollowUpPages {
    static let routes: [Route] =
        [
            .page("/follow-ups", "followUpsPage", "Follow-ups", .followUpList, list),
            .page("/follow-ups/{id}", "followUpPage", "A follow-up", .followUpRead, show),
            .page("/follow-ups/{id}/answer", "answerFollowUpPage", "Answer a follow-up", .followUpAnswer, showAnswer),
            .page(
                .post, "/follow-ups/{id}/answer", "answerFollowUpForm", "Answer a follow-up", .followUpAnswer, answer),
        ] + decisions.routes("/follow-ups/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.followUps.list(
            visit.actor, page: visit.list, state: visit.query("state").flatMap { FollowUp.State(rawValue: $0) })
        return visit.page(
            Page(
                "Follow-ups", wide: true,
                [
                    Component.Paragraph(
                        "Asked 6, 12, 24 and 36 months after an award ended. Who does not answer after three reminders is counted as unknown, never left out."
                    ),
                    Component.Table(
                        caption: "Follow-ups, the first due first",
                        columns: [
                            .init("Award"), .init("Authority"), .init("Months after the end", numeric: true),
                            .init("Where it stands"), .init("Due"), .init("Reminders", numeric: true),
                            .init("Still running"),
                        ],
                        rows: page.rows.map { row -> [any Markup] in
                            [
                                Component.Link(
                                    row.awardTitle.isEmpty ? row.reference : row.awardTitle, "/follow-ups/\(row.id)",
                                    hidden: row.reference),
                                HTML(text: row.organisationName), HTML(text: "\(row.months)"), Words.tag(row.state),
                                HTML(text: row.dueOn.spoken),
                                HTML(text: "\(row.reminders)"),
                                HTML(text: row.running?.label ?? (row.state == .noResponse ? "Unknown" : "–")),
                            ]
                        }, captionHidden: true, firstCellIsHeader: true,
                        empty: "There are no follow-ups that you can see."),
                    visit.pagination(page.next),
                ]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.followUps.detail(visit.actor, try visit.id())
        let content = detail.followUp.content
        let path = "/follow-ups/\(detail.followUp.id)"
        var parts: [any Markup] = [
            Component.SummaryList([
                .init("Authority", detail.organisationName),
                .init("Asked", "\(detail.followUp.months) months after the end"),
                .init("Where it stands", Words.tag(detail.followUp.state)), .init("Due", detail.followUp.dueOn.spoken),
                .init(
                    "Reminders",
                    detail.reminders.isEmpty ? "None yet" : Words.list(detail.reminders.map(\.londonDay.spoken))),
                .init(
                    "Still running?",
                    content.running?.label ?? (detail.followUp.state == .noResponse ? "Unknown: nobody answered" : nil)),
                .init("Who pays now", content.funder),
                .init("Coverage", content.coverage.map { Words.percent(basisPoints: $0) }),
                .init("Staff still there", content.staff.map { Words.label($0) }),
                .init("Ability to evaluate kept", content.capacityKept?.label),
                .init("Comment", content.comment), .init("Answered", detail.answeredAt?.londonDay.spoken),
                .init("Sent back because", detail.reason),
            ])
        ]
        var links = decisions.links(path, detail)
        if detail.allowed.contains(.answer) { links.insert(.init(text: "Answer", href: "\(path)/answer"), at: 0) }
        parts += FundParts.actions(links)
        parts += [
            Component.Table(
                caption: "Outcomes",
                columns: [.init("Indicator"), .init("Period"), .init("Figure", numeric: true), .init("From")],
                rows: content.values.map { value in
                    let name = detail.indicators.first { $0.code == value.indicator }?.name ?? value.indicator
                    return [
                        HTML(text: name), HTML(text: value.period),
                        HTML(text: value.missing.map { Words.label($0) } ?? value.value),
                        HTML(text: value.source == .published ? "Published statistics" : "The authority"),
                    ]
                }, firstCellIsHeader: true, empty: "No figures have been given yet."),
            FundParts.link("What led to it, and what came of it", "/chain/follow_up/\(detail.followUp.id)"),
            FundParts.history(visit, .followUp, detail.followUp.id),
        ]
        return visit.page(
            Page(
                detail.awardTitle.isEmpty ? "Follow-up" : detail.awardTitle,
                caption: "Follow-up \(detail.followUp.reference)", back: "/follow-ups",
                banner: visit.banner(sentences), parts))
    }

    @Sendable static func showAnswer(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.followUps.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.answer) else { return visit.redirect("/follow-ups/\(detail.followUp.id)") }
        var form = FormWriter()
        let content = detail.followUp.content
        form.put("running", content.running)
        form.put("funder", content.funder)
        form.put("coverage", content.coverage.map { Words.decimal(hundredths: $0) })
        form.put("staff", content.staff)
        form.put("capacityKept", content.capacityKept)
        form.put("comment", content.comment)
        for indicator in detail.indicators {
            let given = content.values.first { $0.indicator == indicator.code }
            form.put("values.\(indicator.code).period", given?.period ?? indicator.period)
            form.put("values.\(indicator.code).value", given?.value ?? indicator.figure)
            form.put("values.\(indicator.code).missing", given?.missing)
        }
        return visit.page(answerPage(visit, detail, form.form, version: detail.followUp.version))
    }

    @Sendable static func answer(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.followUps.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            var content = FollowUp.Content()
            content.running = reader.choice("running")
            content.funder = visit.form["funder"]
            content.coverage = reader.percent("coverage")
            content.staff = reader.choice("staff")
            content.capacityKept = reader.choice("capacityKept")
            content.comment = visit.form["comment"]
            content.values = detail.indicators.map { indicator in
                let field = "values.\(indicator.code)"
                return FollowUp.Value(
                    indicator: indicator.code, period: visit.form["\(field).period"],
                    value: visit.form["\(field).value"],
                    missing: reader.choice("\(field).missing"), source: .authority)
            }
            try reader.check()
            try await visit.core.followUps.answer(
                visit.actor, detail.followUp.id, version: visit.form.version, content, once: visit.once)
            return visit.redirect("/follow-ups/\(detail.followUp.id)", done: .followUpAnswered)
        } orShow: { refusal in
            answerPage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.followUp.version : visit.form.version)
        }
    }

    private static func answerPage(
        _ visit: Visit, _ detail: FollowUpDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/follow-ups/\(detail.followUp.id)"
        var questions: [any Markup] = [
            ask.radios("running", "Does it still run?", Options.of(FollowUp.Running.self) { $0.label }),
            ask.text("funder", "Who pays for it now?"),
            ask.number(
                "coverage", "How many of those for whom it is meant can get it", hint: "In per cent", decimal: true,
                suffix: "%"),
            ask.radios("staff", "Are the staff still there?", Options.of(FollowUp.Staff.self) { Words.label($0) }),
            ask.radios(
                "capacityKept", "Was your ability to evaluate kept?", Options.of(FollowUp.Running.self) { $0.label }),
        ]
        for indicator in detail.indicators {
            let field = "values.\(indicator.code)"
            let known =
                indicator.figure.map { "Published for \(indicator.period ?? ""): \($0)" }
                ?? "Nothing is published for your authority, or it is suppressed"
            questions.append(
                Component.Fieldset(
                    legend: indicator.name, size: .small, hint: known,
                    parts: [
                        Component.TextInput(
                            name: "\(field).value", label: "Figure", value: form["\(field).value"],
                            error: [ask.error(field), ask.error("\(field).value")].compactMap(\.self).first,
                            width: .five, inputMode: "decimal"),
                        ask.text("\(field).period", "Period", width: .ten, size: nil),
                        ask.select(
                            "\(field).missing", "If there is none: why?",
                            Options.of(FollowUp.Missing.self) { Words.label($0) }, size: nil),
                    ]))
        }
        questions += [
            ask.area("comment", "Anything else"),
            Component.ButtonGroup(Component.Button("Send the answer"), Component.Link("Cancel", back)),
        ]
        return Page(
            "Answer", caption: "Follow-up \(detail.followUp.reference): \(detail.awardTitle)", back: back,
            problems: problems,
            [
                Component.Paragraph("Figures that are published for your authority are filled in."),
                PostForm(
                    action: "\(back)/answer", csrf: visit.csrf, content: questions, version: version,
                    once: Tokens.fresh()),
            ])
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<FollowUpDetail>.Case {
        let detail = try await visit.core.followUps.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "Follow-up \(detail.followUp.reference): \(detail.awardTitle)",
            back: "/follow-ups/\(detail.followUp.id)",
            version: detail.followUp.version)
    }

    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.followUpAnswered] = "The answer is with the department."
        return done
    }

    static let decisions: [Decision<FollowUpDetail>] = [
        .init(
            path: "acceptance", name: "acceptFollowUp", title: "Accept", confirm: "Accept the answer",
            action: .followUpAccept, done: "The answer is accepted.",
            allowed: { $0.allowed.contains(.accept) },
            lead: { _, _ in [Component.Paragraph("The answer counts as it stands.")] },
            act: { try await $0.core.followUps.move($0.actor, $1.followUp.id, .accept, version: $0.form.version) }),
        .init(
            path: "return", name: "returnFollowUp", title: "Send back", confirm: "Send back", style: .secondary,
            action: .followUpReturn,
            done: "The follow-up went back to the authority.", reason: "What must change?",
            allowed: { $0.allowed.contains(.sendBack) },
            lead: { _, _ in [Component.Paragraph("The authority can answer again; both answers stay on record.")] },
            act: {
                try await $0.core.followUps.move(
                    $0.actor, $1.followUp.id, .sendBack, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]
}
