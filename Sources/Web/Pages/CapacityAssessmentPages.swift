import Domain
import Hummingbird
import Services

/// An authority's view of its own capacity to evaluate.
enum CapacityAssessmentPages {
    static let routes: [Route] =
        [
            .page(
                "/capacity-assessments", "capacityAssessmentsPage", "Capacity assessments", .capacityAssessmentList,
                list),
            .page(
                .post, "/capacity-assessments", "openCapacityForm", "Open a capacity assessment",
                .capacityAssessmentOpen, open),
            .page(
                "/capacity-assessments/{id}", "capacityAssessmentPage", "A capacity assessment",
                .capacityAssessmentRead, show),
            .page(
                "/capacity-assessments/{id}/answers", "answerCapacityPage", "Answer a capacity assessment",
                .capacityAssessmentBegin, showAnswers),
            .page(
                .post, "/capacity-assessments/{id}/answers", "answerCapacityForm", "Answer a capacity assessment",
                .capacityAssessmentBegin, answer),
            .page(
                "/capacity-assessments/{id}/certification", "certifyCapacityPage", "Certify a capacity assessment",
                .capacityAssessmentCertify, showCertification),
            .page(
                .post, "/capacity-assessments/{id}/certification", "certifyCapacityForm",
                "Certify a capacity assessment", .capacityAssessmentCertify, certify),
            .page(
                .post, "/capacity-assessments/{id}/peer", "askPeerForm", "Ask a peer", .capacityAssessmentReopen,
                askPeer),
        ] + decisions.routes("/capacity-assessments/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.capacityAssessments.list(visit.actor, page: visit.list)
        let regions = try await visit.core.capacityAssessments.regions(visit.actor)
        var content: [any Markup] = [
            Component.Paragraph(
                "Eight dimensions, four levels each, several voices, and something to show for every level. There is no overall score and no league table."
            )
        ]
        if Permission.allows(.capacityAssessmentOpen, subject: visit.subject, facts: .ownDepartment(visit.subject)) {
            content.append(
                PostForm(
                    action: "/capacity-assessments", csrf: visit.csrf,
                    content: [Component.Button("Open an assessment of our own", style: .secondary)],
                    once: Tokens.fresh()))
        }
        content += [
            Component.Table(
                caption: "Assessments",
                columns: [
                    .init("Authority"), .init("Assessment"), .init("Why now"), .init("Where it stands"), .init("Due"),
                ],
                rows: page.rows.map { row -> [any Markup] in
                    [
                        HTML(text: row.organisationName),
                        Component.Link(row.reference, "/capacity-assessments/\(row.id)"), HTML(text: row.wave.label),
                        Words.tag(row.state), HTML(text: row.dueOn.spoken),
                    ]
                }, firstCellIsHeader: true, empty: "There are no assessments that you can see."),
            visit.pagination(page.next), regional(regions),
        ]
        return visit.page(Page("Capacity to evaluate", wide: true, content))
    }

    private static func regional(_ rows: [RegionalCapacity]) -> any Markup {
        Component.Table(
            caption: "By region, from three authorities on",
            columns: [
                .init("Region"), .init("Dimension"), .init("Authorities", numeric: true),
                .init("Level 1", numeric: true), .init("Level 2", numeric: true),
                .init("Level 3", numeric: true), .init("Level 4", numeric: true),
                .init("Improved, of those assessed twice", numeric: true),
            ],
            rows: rows.map { row in
                let improved = row.twice.map { "\(row.improved ?? 0) of \($0)" } ?? "Too few"
                return [
                    HTML(text: row.region), HTML(text: Words.plain(row.dimension)), HTML(text: "\(row.authorities)"),
                ]
                    + row.levels.map { HTML(text: "\($0)") } + [HTML(text: improved)]
            }, firstCellIsHeader: true, empty: "No region has three certified assessments yet.")
    }

    @Sendable static func open(_ visit: Visit) async throws -> Response {
        let id = try await visit.core.capacityAssessments.open(visit.actor, once: visit.once)
        return visit.redirect("/capacity-assessments/\(id)")
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.capacityAssessments.detail(visit.actor, try visit.id())))
    }

    private static func page(_ visit: Visit, _ detail: CapacityAssessmentDetail, problems: [FieldProblem] = []) -> Page
    {
        let assessment = detail.assessment
        let path = "/capacity-assessments/\(assessment.id)"
        var parts: [any Markup] = [
            Component.SummaryList([
                .init("Authority", detail.organisationName), .init("Why now", assessment.wave.label),
                .init("Where it stands", Words.tag(assessment.state)),
                .init("Due", detail.dueOn.spoken), .init("Rubric", "Version \(assessment.rubricVersion)"),
                .init("Who did the evaluation", detail.context.doneBy?.label),
                .init("Help received", detail.context.support),
                .init("How ready the data are", detail.context.dataReadiness),
                .init("Certified", detail.certifiedAt?.londonDay.spoken), .init("Peer", detail.peerName),
                .init("What the peer found", detail.moderationNote),
                .init("Why it was reopened", detail.reason),
            ])
        ]
        var links: [Component.ButtonLink] = []
        if detail.mayAnswer || detail.allowed.contains(.begin) {
            links.append(.init(text: "Give your answers", href: "\(path)/answers"))
        }
        if detail.allowed.contains(.certify) { links.append(.init(text: "Certify", href: "\(path)/certification")) }
        parts += FundParts.actions(links + decisions.links(path, detail))
        if !detail.levels.isEmpty { parts.append(levels(detail)) }
        parts += comparison(detail) + [voices(detail)]
        if detail.mayAskPeer, assessment.state == .certified {
            let ask = Questions(visit.form, problems: problems)
            parts.append(
                Component.Details(
                    summary: "Ask another authority to look at it",
                    parts: [
                        Component.Paragraph("Its people can read the assessment from then on."),
                        PostForm(
                            action: "\(path)/peer", csrf: visit.csrf,
                            content: [
                                ask.select("peer", "Authority", detail.peers.map { .init("\($0.id)", $0.name) }),
                                Component.Button("Ask", style: .secondary),
                            ],
                            version: assessment.version),
                    ]))
        }
        parts.append(FundParts.history(visit, .capacityAssessment, assessment.id))
        return Page(
            "Capacity to evaluate", caption: "\(detail.organisationName): \(assessment.reference)",
            back: "/capacity-assessments", problems: problems,
            banner: visit.banner(sentences), wide: true, parts)
    }

    private static func title(_ detail: CapacityAssessmentDetail, _ code: String) -> String {
        detail.rubric.first { $0.code == code }?.title ?? Words.plain(code)
    }

    private static func described(_ detail: CapacityAssessmentDetail, _ answer: CapacityAnswer) -> String {
        guard let level = answer.level else { return "–" }
        let words = detail.rubric.first { $0.code == answer.dimension }.map { $0.levels[level - 1] } ?? ""
        return "\(level): \(words)"
    }

    private static func levels(_ detail: CapacityAssessmentDetail) -> any Markup {
        Component.Table(
            caption: "Certified levels", columns: [.init("Dimension"), .init("Level"), .init("What shows it")],
            rows: detail.levels.map {
                [
                    HTML(text: title(detail, $0.dimension)), HTML(text: described(detail, $0)),
                    Component.Prose(text: $0.evidence),
                ]
            },
            firstCellIsHeader: true)
    }

    private static func comparison(_ detail: CapacityAssessmentDetail) -> [any Markup] {
        guard let comparison = detail.comparison, detail.assessment.state.isCertified else { return [] }
        guard let changes = comparison.changes else {
            return [
                Component.InsetText(
                    "The rubric changed after \(comparison.earlier.reference). The series is broken there: levels before and after cannot be compared."
                )
            ]
        }
        return [
            Component.Table(
                caption: "Since \(comparison.earlier.reference)",
                columns: [
                    .init("Dimension"), .init("Then"), .init("Now"), .init("Direction"), .init("What shows it now"),
                ],
                rows: changes.map { change in
                    let tag =
                        switch change.direction {
                        case .improved: Tag("Improved", .green)
                        case .unchanged: Tag("Unchanged", .grey)
                        case .fell: Tag("Fell", .orange)
                        }
                    return [
                        HTML(text: title(detail, change.dimension)), HTML(text: described(detail, change.before)),
                        HTML(text: described(detail, change.after)),
                        tag, Component.Prose(text: change.after.evidence),
                    ]
                }, firstCellIsHeader: true)
        ]
    }

    private static func voices(_ detail: CapacityAssessmentDetail) -> any Markup {
        let rows = detail.rubric.flatMap { dimension in
            detail.voices.filter { $0.voice.answer.dimension == dimension.code }.map { view -> [any Markup] in
                [
                    HTML(text: dimension.title), HTML(text: view.personName), HTML(text: view.voice.team),
                    HTML(text: described(detail, view.voice.answer)),
                    Component.Prose(text: view.voice.answer.evidence),
                ]
            }
        }
        return Component.Table(
            caption: "Answers",
            columns: [.init("Dimension"), .init("Who"), .init("Team"), .init("Level"), .init("What shows it")],
            rows: rows, firstCellIsHeader: true,
            empty: "No answers that you can see yet.")
    }

    @Sendable static func askPeer(_ visit: Visit) async throws -> Response {
        let id: CapacityAssessmentID = try visit.id()
        return try await visit.submit {
            guard let peer = OrganisationID(visit.form["peer"]) else {
                throw Refusal.invalid([FieldProblem("peer", "Choose an authority.")])
            }
            try await visit.core.capacityAssessments.askPeer(visit.actor, id, version: visit.form.version, peer)
            return visit.redirect("/capacity-assessments/\(id)", done: .peerAsked)
        } orShow: { refusal in
            page(visit, try await visit.core.capacityAssessments.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<CapacityAssessmentDetail>.Case {
        let detail = try await visit.core.capacityAssessments.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "\(detail.organisationName): \(detail.assessment.reference)",
            back: "/capacity-assessments/\(detail.assessment.id)",
            version: detail.assessment.version)
    }

    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.capacityAnswered] = "Your answers are recorded."
        done[.capacityCertified] = "The assessment is certified."
        done[.peerAsked] = "The authority can read the assessment now."
        return done
    }

    private static func act(_ event: CapacityAssessmentEvent)
        -> @Sendable (Visit, CapacityAssessmentDetail) async throws -> Void
    {
        { visit, detail in
            try await visit.core.capacityAssessments.move(
                visit.actor, detail.assessment.id, event, version: visit.form.version,
                reason: visit.form.optional("reason"))
        }
    }

    static let decisions: [Decision<CapacityAssessmentDetail>] = [
        .init(
            path: "reopening", name: "reopenCapacity", title: "Reopen", confirm: "Reopen", style: .secondary,
            action: .capacityAssessmentReopen,
            done: "The assessment is open again.", reason: "Why is it reopened?",
            allowed: { $0.allowed.contains(.reopen) },
            lead: { _, _ in [Component.Paragraph("Answers can be given again. What was certified stays on record.")] },
            act: act(.reopen)),
        .init(
            path: "moderation", name: "moderateCapacity", title: "Say what you found", confirm: "Record it",
            action: .capacityAssessmentModerate,
            done: "What you found is recorded.", reason: "What did you find?",
            allowed: { $0.allowed.contains(.moderate) },
            lead: { _, _ in
                [
                    Component.Paragraph(
                        "You were asked as a peer. You change no level; the authority reads what you found.")
                ]
            }, act: act(.moderate)),
        .init(
            path: "lock", name: "lockCapacity", title: "Lock", confirm: "Lock it", style: .secondary,
            action: .capacityAssessmentLock,
            done: "The assessment is locked.", allowed: { $0.allowed.contains(.lock) },
            lead: { _, _ in
                [
                    Component.Paragraph(
                        "Nothing changes any more. It would be locked by itself 28 days after it was certified.")
                ]
            }, act: act(.lock)),
    ]
}

/// Answering and certifying.
extension CapacityAssessmentPages {
    @Sendable static func showAnswers(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.capacityAssessments.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.begin) else {
            return visit.redirect("/capacity-assessments/\(detail.assessment.id)")
        }
        var form = FormWriter()
        form.put("team", detail.ownTeam)
        form.put("doneBy", detail.context.doneBy)
        form.put("support", detail.context.support)
        form.put("dataReadiness", detail.context.dataReadiness)
        for answer in detail.own {
            form.put("answers.\(answer.dimension).level", answer.level)
            form.put("answers.\(answer.dimension).evidence", answer.evidence)
        }
        return visit.page(answersPage(visit, detail, form.form, version: detail.assessment.version))
    }

    @Sendable static func answer(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.capacityAssessments.detail(visit.actor, try visit.id())
        let id = detail.assessment.id
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            var context = CapacityAssessment.Context()
            context.doneBy = reader.choice("doneBy")
            context.support = visit.form["support"]
            context.dataReadiness = visit.form["dataReadiness"]
            let answers = answers(detail, "answers", &reader)
            try reader.check()
            _ = try await visit.core.capacityAssessments.answer(
                visit.actor, id, version: visit.form.version, answers, team: visit.form["team"], context: context)
            return visit.redirect("/capacity-assessments/\(id)", done: .capacityAnswered)
        } orShow: { refusal in
            answersPage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.assessment.version : visit.form.version)
        }
    }

    private static func answers(_ detail: CapacityAssessmentDetail, _ group: String, _ reader: inout Form.Reader)
        -> [CapacityAnswer]
    {
        detail.rubric.map { dimension in
            CapacityAnswer(
                dimension: dimension.code,
                level: reader.number("\(group).\(dimension.code).level", in: 1...4, "Choose a level from 1 to 4"),
                evidence: reader.form["\(group).\(dimension.code).evidence"])
        }
    }

    private static func questions(
        _ ask: Questions, _ detail: CapacityAssessmentDetail, _ group: String, _ heard: (CapacityDimension) -> String?
    ) -> [any Markup] {
        detail.rubric.flatMap { dimension -> [any Markup] in
            let field = "\(group).\(dimension.code)"
            let wrong = [ask.error(field), ask.error("\(field).level")].compactMap(\.self).joined(separator: " ")
            return [
                Component.Radios(
                    name: "\(field).level", legend: dimension.title,
                    choices: dimension.levels.enumerated().map {
                        .init("\($0.offset + 1)", "\($0.offset + 1): \($0.element)")
                    },
                    value: ask.form["\(field).level"], hint: heard(dimension), error: wrong.isEmpty ? nil : wrong,
                    legendSize: .small),
                ask.area(
                    "\(field).evidence", "\(dimension.title): what shows it?",
                    hint: "Level 3 and 4 need at least 20 characters.", rows: 3, size: nil),
            ]
        }
    }

    private static func answersPage(
        _ visit: Visit, _ detail: CapacityAssessmentDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/capacity-assessments/\(detail.assessment.id)"
        return Page(
            "Give your answers", caption: "\(detail.organisationName): \(detail.assessment.reference)", back: back,
            problems: problems,
            [
                Component.Paragraph(
                    "Answer for the dimensions that you know. There is no level without something to show for it. Colleagues see your answers once the assessment is certified."
                ),
                PostForm(
                    action: "\(back)/answers", csrf: visit.csrf,
                    content: [ask.text("team", "Your team")] + questions(ask, detail, "answers") { _ in nil } + [
                        Component.Heading("About the authority"),
                        ask.radios(
                            "doneBy", "Who did the evaluation?", Options.of(CapacityAssessment.Doer.self) { $0.label }),
                        ask.area("support", "What help did you have?", rows: 3, most: 2000),
                        ask.area("dataReadiness", "How ready are your data?", rows: 3, most: 2000),
                        Component.ButtonGroup(Component.Button("Record your answers"), Component.Link("Cancel", back)),
                    ], version: version),
            ])
    }

    @Sendable static func showCertification(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.capacityAssessments.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.certify) else {
            return visit.redirect("/capacity-assessments/\(detail.assessment.id)")
        }
        var form = FormWriter()
        for dimension in detail.rubric {
            let heard = detail.voices.filter { $0.voice.answer.dimension == dimension.code }
            let fit = CapacityRules.bestFit(heard.compactMap(\.voice.answer.level))
            form.put("levels.\(dimension.code).level", fit)
            form.put(
                "levels.\(dimension.code).evidence", heard.first { $0.voice.answer.level == fit }?.voice.answer.evidence
            )
        }
        return visit.page(certificationPage(visit, detail, form.form, version: detail.assessment.version))
    }

    @Sendable static func certify(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.capacityAssessments.detail(visit.actor, try visit.id())
        let id = detail.assessment.id
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let levels = answers(detail, "levels", &reader)
            try reader.check()
            try await visit.core.capacityAssessments.certify(visit.actor, id, version: visit.form.version, levels)
            return visit.redirect("/capacity-assessments/\(id)", done: .capacityCertified)
        } orShow: { refusal in
            certificationPage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.assessment.version : visit.form.version)
        }
    }

    private static func certificationPage(
        _ visit: Visit, _ detail: CapacityAssessmentDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/capacity-assessments/\(detail.assessment.id)"
        return Page(
            "Certify the levels", caption: "\(detail.organisationName): \(detail.assessment.reference)", back: back,
            problems: problems,
            [
                Component.Paragraph(
                    "Choose the level that fits each dimension best, within what was answered. The middle answer is chosen for you to begin with."
                ),
                PostForm(
                    action: "\(back)/certification", csrf: visit.csrf,
                    content: questions(ask, detail, "levels") { dimension in
                        let heard = detail.voices.filter { $0.voice.answer.dimension == dimension.code }
                        let words = heard.map { "\($0.voice.team) \($0.voice.answer.level.map { "\($0)" } ?? "–")" }
                        return words.isEmpty ? "Nobody has answered on it yet" : "Answered: \(Words.list(words))"
                    } + [Component.ButtonGroup(Component.Button("Certify"), Component.Link("Cancel", back))],
                    version: version),
            ])
    }
}
