import Domain
import Hummingbird
import Services

extension Done {
    static let scoresSaved = Done(rawValue: "scores-saved")
    static let appraisalSubmitted = Done(rawValue: "appraisal-submitted")
}

/// Appraisals: my list, and the page on which a bid is read and scored.
enum AppraisalPages {
    static let routes: [Route] =
        [
            .page("/appraisals", "appraisalsPage", "Your appraisals", .appraisalList, list),
            .page("/appraisals/{id}", "appraisalPage", "An appraisal", .appraisalRead, show),
            .page(.post, "/appraisals/{id}/scores", "saveScoresForm", "Save scores", .appraisalScore, save),
        ] + decisions.routes("/appraisals/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.appraisals.mine(visit.actor, page: visit.list)
        let table = Component.Table(
            caption: "Your appraisals, those to do first",
            columns: [
                .init("Bid"), .init("Authority"), .init("Round"), .init("You score"), .init("Due"),
                .init("Where it stands"),
            ],
            rows: page.rows.map { row -> [any Markup] in
                let due =
                    row.state.isDone ? row.dueOn.spoken : Deadline(row.dueOn, now: visit.subject.now).words
                return [
                    Component.Link(row.bidTitle, "/appraisals/\(row.id)"), HTML(text: row.organisationName),
                    HTML(text: row.roundTitle),
                    HTML(text: row.kind == .whatWorks ? "Evaluation" : "All but evaluation"),
                    HTML(text: due), Words.tag(row.state),
                ]
            }, captionHidden: true, firstCellIsHeader: true, empty: "No bids are assigned to you.")
        return visit.page(Page("Your appraisals", wide: true, [table, visit.pagination(page.next)]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.appraisals.detail(visit.actor, try visit.id())
        return visit.page(
            try await page(visit, detail, form(detail.scores, detail.criteria), [], version: detail.appraisal.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: AppraisalID = try visit.id()
        let detail = try await visit.core.appraisals.detail(visit.actor, id)
        return try await visit.submit {
            let (scores, problems) = scores(visit.form, detail.criteria)
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
            let version = try await visit.core.appraisals.saveScores(
                visit.actor, id, version: visit.form.version, scores)
            if visit.isAutosave { return visit.autosaved(version: version) }
            guard visit.form.has("_submit") else { return visit.redirect("/appraisals/\(id)", done: .scoresSaved) }
            return try await submit(visit, id, version: version)
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.appraisal.version : visit.form.version
            return try await page(visit, detail, visit.form, refusal.problems, version: version)
        }
    }

    /// Scores are saved by now; a refusal shows them again with what is missing, at the version to which they were saved.
    private static func submit(_ visit: Visit, _ id: AppraisalID, version: Int) async throws -> Response {
        do {
            try await visit.core.appraisals.submit(visit.actor, id, version: version)
            return visit.redirect("/appraisals/\(id)", done: .appraisalSubmitted)
        } catch let refusal as Refusal where refusal.kind == .invalid || refusal.kind == .conflict {
            let saved = try await visit.core.appraisals.detail(visit.actor, id)
            let shown = try await page(visit, saved, visit.form, refusal.problems, version: version)
            return visit.page(shown.saying(refusal), status: refusal.kind.status)
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<AppraisalDetail>.Case {
        let detail = try await visit.core.appraisals.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail), back: "/appraisals/\(detail.appraisal.id)",
            version: detail.appraisal.version)
    }

    private static func caption(_ detail: AppraisalDetail) -> String {
        "Bid \(detail.bidReference), \(detail.organisationName)"
    }

    // MARK: Form

    private static func form(_ scores: [Score], _ criteria: [Criterion]) -> Form {
        var form = FormWriter()
        for criterion in criteria {
            guard let score = scores.first(where: { $0.criterion == criterion.id }) else { continue }
            form.put("scores.\(criterion.code).value", score.value)
            form.put("scores.\(criterion.code).rationale", score.rationale)
        }
        return form.form
    }

    private static func scores(_ form: Form, _ criteria: [Criterion]) -> ([Score], [FieldProblem]) {
        var reader = Form.Reader(form)
        let scores = criteria.compactMap { criterion -> Score? in
            guard let id = criterion.id else { return nil }
            let field = "scores.\(criterion.code)"
            return Score(
                criterion: id, value: reader.number("\(field).value", in: 0...5, "Choose a score from 0 to 5"),
                rationale: form["\(field).rationale"])
        }
        return (scores, reader.problems)
    }

    // MARK: Page

    private static func page(
        _ visit: Visit, _ detail: AppraisalDetail, _ form: Form, _ problems: [FieldProblem], version: Int
    ) async throws -> Page {
        let back = "/appraisals/\(detail.appraisal.id)"
        let scoring = detail.isOwn && detail.appraisal.state == .inProgress
        let indicators = try await BidPages.indicators(visit)
        var content: [any Markup] = notices(visit, detail)
        content += FundParts.actions(decisions.links(back, detail))
        let scores: any Markup =
            scoring
            ? PostForm(
                action: "\(back)/scores", csrf: visit.csrf, content: questions(detail, form, problems),
                version: version,
                autosave: true)
            : given(detail)
        content.append(
            Templates.Filled(
                name: "appraisal-beside",
                fields: [
                    "bidHTML": .markup(
                        BidReading(content: detail.content, sections: detail.sections, indicators: indicators, level: 3)
                            .html),
                    "scoresHTML": .markup(scores.html),
                ]))
        content.append(FundParts.history(visit, .appraisal, detail.appraisal.id))
        var done = decisions.sentences()
        done[.scoresSaved] = "Your scores are saved."
        done[.appraisalSubmitted] = "Your scores are handed in. They are checked, then made final."
        return Page(
            detail.bidTitle, caption: caption(detail),
            back: detail.isOwn ? "/appraisals" : "/bids/\(detail.appraisal.bid)",
            problems: problems, banner: visit.banner(done), wide: true, content)
    }

    private static func notices(_ visit: Visit, _ detail: AppraisalDetail) -> [any Markup] {
        let open = [.assigned, .inProgress, .returned].contains(detail.appraisal.state)
        let due = open ? Deadline(detail.appraisal.dueOn, now: visit.subject.now).words : detail.appraisal.dueOn.spoken
        var parts: [any Markup] = [
            Component.SummaryList([
                .init("Where it stands", Words.tag(detail.appraisal.state)), .init("Due", due),
                .init("Appraiser", detail.appraiserName),
                .init(
                    "Scores",
                    detail.appraisal.kind == .whatWorks ? "The evaluation criterion" : "All criteria but evaluation"),
            ])
        ]
        if let reason = detail.returnReason, detail.appraisal.state != .final {
            parts.append(Component.InsetText([Component.Prose(text: "Sent back: \(reason)")]))
        }
        if detail.isOwn, detail.appraisal.state != .final {
            parts.append(
                Component.InsetText(
                    "You score alone. You cannot see what others gave, and they cannot see yours, until your own scores are final."
                ))
        }
        return parts
    }

    private static func questions(_ detail: AppraisalDetail, _ form: Form, _ problems: [FieldProblem]) -> [any Markup] {
        let ask = Questions(form, problems: problems)
        let choices = Words.anchors.enumerated().map { Component.Choice("\($0)", "\($0) – \($1)") }
        let fields = detail.criteria.flatMap { criterion -> [any Markup] in
            let field = "scores.\(criterion.code)"
            let mark = criterion.passMark == 0 ? "" : ", pass mark \(criterion.passMark)"
            return [
                Component.Heading(criterion.title, level: 3),
                Component.Paragraph("Weight \(Words.percent(basisPoints: criterion.weightBasisPoints))\(mark)", .small),
                Component.InsetText([Component.Prose(text: criterion.guidance)]),
                ask.radios("\(field).value", "Score for \(criterion.title.lowercased())", choices),
                ask.area(
                    "\(field).rationale", "Reason for this score", hint: "Point to what the bid says.", rows: 5,
                    least: AppraisalRules.shortestRationale),
            ]
        }
        let buttons = Component.ButtonGroup(
            Component.Button("Save draft", style: .secondary),
            Component.Button("Save and hand in", name: "_submit", value: "yes"))
        return fields + [buttons]
    }

    private static func given(_ detail: AppraisalDetail) -> any Markup {
        guard detail.scoresVisible else {
            return Component.Paragraph("These scores are hidden from you until your own are final, or until all are.")
        }
        let parts = detail.criteria.flatMap { criterion -> [any Markup] in
            let score = detail.scores.first { $0.criterion == criterion.id }
            return [
                Component.Heading(criterion.title, level: 3),
                Component.SummaryList([
                    .init("Score", Words.score(score?.value)), .init("Reason", score?.rationale),
                    .init("Guidance", criterion.guidance),
                ]),
            ]
        }
        return HTML.joined(parts)
    }
}

// MARK: Decisions

extension AppraisalPages {
    private static func sentence(_ text: String) -> @Sendable (Visit, AppraisalDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    static let decisions: [Decision<AppraisalDetail>] = [
        .init(
            path: "beginning", name: "beginAppraisal", title: "Begin scoring", confirm: "Begin scoring",
            action: .appraisalBegin,
            done: "You can score now. Your scores save themselves.", allowed: { $0.allowed.contains(.begin) },
            lead: { _, _ in
                [
                    Component.Paragraph(
                        "Do not begin if you know the people behind this bid, have worked on it, or would gain from it. Tell the programme officer instead."
                    ),
                    Component.Paragraph("Score each criterion alone, from what the bid says."),
                ]
            },
            act: { try await $0.core.appraisals.begin($0.actor, $1.appraisal.id, version: $0.form.version) }),
        .init(
            path: "resumption", name: "resumeAppraisal", title: "Take up again", confirm: "Take up again",
            action: .appraisalResume,
            done: "You can change your scores now.", allowed: { $0.allowed.contains(.resume) },
            lead: { _, detail in [Component.Prose(text: detail.returnReason ?? "")] },
            act: { try await $0.core.appraisals.resume($0.actor, $1.appraisal.id, version: $0.form.version) }),
        .init(
            path: "finalisation", name: "finaliseAppraisal", title: "Make final", confirm: "Make these scores final",
            action: .appraisalFinalise, done: "The scores are final.", allowed: { $0.allowed.contains(.finalise) },
            lead: sentence(
                "The scores are in order: each has a reason that points to the bid. They cannot change after this."),
            act: { try await $0.core.appraisals.finalise($0.actor, $1.appraisal.id, version: $0.form.version) }),
        .init(
            path: "return", name: "returnAppraisal", title: "Send back", confirm: "Send back", style: .secondary,
            action: .appraisalReturn, done: "The scores went back to their appraiser.",
            reason: "What should the appraiser look at again?",
            allowed: { $0.allowed.contains(.sendBack) },
            lead: sentence("Ask for a clearer reason, never for another score."),
            act: {
                try await $0.core.appraisals.return(
                    $0.actor, $1.appraisal.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]
}
