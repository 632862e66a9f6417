import Domain
import FoundationEssentials
import Hummingbird
import Services

extension Done {
    static let interestsDeclared = Done(rawValue: "interests-declared")
    static let reviewSaved = Done(rawValue: "review-saved")
    static let reviewSubmitted = Done(rawValue: "review-submitted")
    static let pointAdded = Done(rawValue: "point-added")
    static let noteAdded = Done(rawValue: "note-added")
}

/// Reviews: one's own list, the review lead's desk, and the page on which a submission is read and scored.
enum ReviewPages {
    static let routes: [Route] =
        [
            .page("/reviews", "reviewsPage", "Reviews", .reviewList, list),
            .page("/reviews/{id}", "reviewPage", "A review", .reviewRead, show),
            .page(.post, "/reviews/{id}/scores", "saveReviewScoresForm", "Save scores", .reviewScore, save),
            .page(.post, "/reviews/{id}/points", "addReviewPointForm", "Raise a point", .reviewScore, addPoint),
            .page(
                .post, "/reviews/{id}/notes", "addReviewNoteForm", "Add a note for the review lead", .reviewScore,
                addNote),
            .page("/reviews/{id}/interests", "interestsPage", "Declare interests", .reviewDeclareInterest, interests),
            .page(
                .post, "/reviews/{id}/interests", "interestsForm", "Declare interests", .reviewDeclareInterest, declare),
        ] + decisions.routes("/reviews/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.reviews.mine(visit.actor, page: visit.list)
        var parts: [any Markup] = []
        if visit.subject.holds(.reviewLead) { parts += try await desk(visit) }
        let now = visit.subject.now
        parts.append(
            Component.Table(
                caption: "Your reviews, the first due first",
                columns: [.init("What"), .init("Kind"), .init("Authority"), .init("Due"), .init("Where it stands")],
                rows: page.rows.map { row -> [any Markup] in
                    [
                        Component.Link(row.title, "/reviews/\(row.id)"), HTML(text: Words.label(row.kind)),
                        HTML(text: row.authorityName),
                        HTML(text: row.state == .final ? row.dueOn.spoken : Deadline(row.dueOn, now: now).words),
                        Words.tag(row.state),
                    ]
                }, firstCellIsHeader: true, empty: "Nothing is assigned to you."))
        parts.append(visit.pagination(page.next))
        return visit.page(Page("Reviews", wide: true, parts))
    }

    private static func desk(_ visit: Visit) async throws -> [any Markup] {
        let rows = try await visit.core.reviews.desk(visit.actor)
        let agreement = try await visit.core.reviews.agreement(visit.actor)
        return [
            Component.Table(
                caption: "Submissions that wait for you",
                columns: [
                    .init("What"), .init("Kind"), .init("Evaluator"), .init("Submission", numeric: true),
                    .init("Reviews", numeric: true), .init("Final", numeric: true),
                    .init("Interests to rule on", numeric: true),
                ],
                rows: rows.map { row -> [any Markup] in
                    let noun = row.kind == .protocol ? "evaluation-plans" : "evaluation-reports"
                    return [
                        Component.Link(row.title, "/\(noun)/\(row.id.uuidString.lowercased())/reviews"),
                        HTML(text: "\(Words.label(row.kind)) \(row.reference)"), HTML(text: row.evaluatorName ?? "–"),
                        HTML(text: "\(row.submission)"), HTML(text: "\(row.reviews)"), HTML(text: "\(row.finals)"),
                        HTML(text: "\(row.locked)"),
                    ]
                }, firstCellIsHeader: true, empty: "No submission waits for you."),
            Component.Details(
                summary: "How far reviewers agree",
                parts: [
                    Component.SummaryList(
                        [
                            .init("Weighted kappa, by squared distance", Words.kappa(agreement.quadratic)),
                            .init("Weighted kappa, by distance", Words.kappa(agreement.linear)),
                        ] + agreement.criteria.map { .init($0.title, Words.kappa($0.kappa)) })
                ]),
        ]
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.reviews.detail(visit.actor, try visit.id())
        return visit.page(page(visit, detail, form(detail), [], version: detail.review.version))
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<ReviewDetail>.Case {
        let detail = try await visit.core.reviews.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "\(detail.review.reference): \(detail.title)",
            back: "/reviews/\(detail.review.id)",
            version: detail.review.version)
    }

    // MARK: Scoring

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: ReviewID = try visit.id()
        let detail = try await visit.core.reviews.detail(visit.actor, id)
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let scores = detail.rubric.criteria(for: detail.review.kind).map { criterion in
                ReviewScore(
                    criterion: criterion.code,
                    value: reader.number(
                        "scores.\(criterion.code).value", in: 0...Rubric.highest,
                        "Choose a score from 0 to \(Rubric.highest)."),
                    rationale: visit.form["scores.\(criterion.code).rationale"])
            }
            try reader.check()
            let version = try await visit.core.reviews.saveScores(
                visit.actor, id, version: visit.form.version, scores)
            if visit.isAutosave { return visit.autosaved(version: version) }
            guard visit.form.has("_submit") else { return visit.redirect("/reviews/\(id)", done: .reviewSaved) }
            return try await submit(visit, id, version: version, isClarification: detail.review.state == .clarification)
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.review.version : visit.form.version
            return page(visit, detail, visit.form, refusal.problems, version: version)
        }
    }

    /// Scores are saved by now; a refusal shows them again with what is missing.
    private static func submit(_ visit: Visit, _ id: ReviewID, version: Int, isClarification: Bool) async throws
        -> Response
    {
        do {
            if isClarification {
                try await visit.core.reviews.clarify(visit.actor, id, version: version)
            } else {
                try await visit.core.reviews.submit(visit.actor, id, version: version)
            }
            return visit.redirect("/reviews/\(id)", done: .reviewSubmitted)
        } catch let refusal as Refusal where refusal.kind == .invalid || refusal.kind == .conflict {
            let saved = try await visit.core.reviews.detail(visit.actor, id)
            let shown = page(visit, saved, visit.form, refusal.problems, version: version)
            return visit.page(shown.saying(refusal), status: refusal.kind.status)
        }
    }

    @Sendable static func addPoint(_ visit: Visit) async throws -> Response {
        let id: ReviewID = try visit.id()
        return try await visit.submit {
            _ = try await visit.core.reviews.addItem(
                visit.actor, id, mustFix: visit.form["kind"] == "must_fix", criterion: visit.form.optional("criterion"),
                body: visit.form["point"])
            return visit.redirect("/reviews/\(id)", done: .pointAdded)
        } orShow: {
            try await again(visit, id, $0, field: "point")
        }
    }

    @Sendable static func addNote(_ visit: Visit) async throws -> Response {
        let id: ReviewID = try visit.id()
        return try await visit.submit {
            try await visit.core.reviews.addNote(visit.actor, id, body: visit.form["note"])
            return visit.redirect("/reviews/\(id)", done: .noteAdded)
        } orShow: {
            try await again(visit, id, $0, field: "note")
        }
    }

    private static func again(_ visit: Visit, _ id: ReviewID, _ refusal: Refusal, field: String) async throws -> Page {
        let detail = try await visit.core.reviews.detail(visit.actor, id)
        let problems = refusal.problems.map { FieldProblem(field, $0.sentence) }
        return page(visit, detail, form(detail), problems, version: detail.review.version)
    }

    private static func form(_ detail: ReviewDetail) -> Form {
        var form = FormWriter()
        for score in detail.scores {
            form.put("scores.\(score.criterion).value", score.value)
            form.put("scores.\(score.criterion).rationale", score.rationale)
        }
        return form.form
    }

    // MARK: The page

    private static func page(
        _ visit: Visit, _ detail: ReviewDetail, _ form: Form, _ problems: [FieldProblem], version: Int
    ) -> Page {
        let base = "/reviews/\(detail.review.id)"
        let scoring = detail.isOwn && [.inProgress, .clarification].contains(detail.review.state)
        var parts: [any Markup] = notices(visit, detail)
        var links = decisions.links(base, detail)
        if detail.isOwn, detail.allowed.contains(.checkInterests) || detail.allowed.contains(.declareInterest) {
            links.insert(
                .init(
                    text: detail.review.state == .accepted ? "Declare your interests" : "Declare an interest",
                    href: "\(base)/interests", style: detail.review.state == .accepted ? .primary : .secondary), at: 0)
        }
        parts += FundParts.actions(links)
        let ask = Questions(form, problems: problems)
        let scores: any Markup =
            scoring
            ? PostForm(
                action: "\(base)/scores", csrf: visit.csrf, content: questions(detail, ask), version: version,
                autosave: true)
            : given(detail)
        if let answers = detail.answers {
            let text = HTML.joined(
                detail.warnings.map { Component.WarningText($0) } + PaperParts.messages(detail.messages)
                    + [PaperReading(form: detail.form, answers: answers, level: 3)])
            parts.append(
                Templates.Filled(
                    name: "review-beside", fields: ["paperHTML": .markup(text), "scoresHTML": .markup(scores.html)]))
        } else {
            parts.append(
                Component.InsetText(
                    "You can read the text once you have accepted and declared your interests, and none stands in the way."
                ))
        }
        if scoring { parts += extras(visit, detail, ask, base) }
        parts += items(detail)
        parts.append(FundParts.history(visit, .review, detail.review.id))
        var done = decisions.sentences()
        done[.interestsDeclared] = "Your declaration is recorded."
        done[.reviewSaved] = "Your scores are saved."
        done[.reviewSubmitted] = "Your review is handed in."
        done[.pointAdded] = "The point is added."
        done[.noteAdded] = "The note is added."
        return Page(
            detail.title, caption: "Review \(detail.review.reference) of \(detail.paperReference)", back: "/reviews",
            problems: problems, banner: visit.banner(done), wide: true, parts)
    }

    private static func notices(_ visit: Visit, _ detail: ReviewDetail) -> [any Markup] {
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(detail.review.state)),
            .init("What is reviewed", "\(Words.label(detail.review.kind)), submission \(detail.review.submission)"),
            .init("Due", Deadline(detail.review.dueOn, now: visit.subject.now).words),
        ]
        if let name = detail.reviewerName {
            rows.append(
                .init("Reviewer", [name, detail.reviewerOrganisation].compactMap(\.self).joined(separator: ", ")))
        }
        rows += detail.declarations.prefix(1).map { declaration in
            let what = declaration.isDeclared ? "Declared: \(declaration.detail)" : "None declared"
            let ruling = declaration.ruling.map { "\n\(Words.plain($0)): \(declaration.rulingReason ?? "")" } ?? ""
            return .init("Interests", what + ruling)
        }
        var parts: [any Markup] = [Component.SummaryList(rows)]
        if let reason = detail.reason, detail.review.state != .final {
            parts.append(Component.InsetText([Component.Prose(text: reason)]))
        }
        if detail.isOwn, detail.review.state != .final {
            parts.append(
                Component.InsetText(
                    "You judge alone. You cannot see what the other reviewer gives, and they cannot see yours, until both reviews are final. The evaluator and the authority never learn who you are."
                ))
        }
        return parts
    }

    /// Each criterion with what 4 and 0 look like beside the score.
    private static func questions(_ detail: ReviewDetail, _ ask: Questions) -> [any Markup] {
        let choices = detail.rubric.anchors.enumerated().map { Component.Choice("\($0)", "\($0) – \($1)") }
        let fields = detail.rubric.criteria(for: detail.review.kind).flatMap { criterion -> [any Markup] in
            let field = "scores.\(criterion.code)"
            let gate = criterion.isGate(detail.review.kind, estimatesImpact: detail.estimatesImpact)
            return [
                Component.Heading(criterion.title, level: 3),
                Component.Paragraph(
                    "Weight \(criterion.weight(detail.review.kind)) of 100"
                        + (gate ? ". A gate: at least 2 is needed." : "."),
                    .small),
                Component.InsetText([
                    Component.SummaryList([
                        .init("4 looks like", criterion.best), .init("0 looks like", criterion.worst),
                    ])
                ]),
                ask.radios("\(field).value", "Score for \(criterion.title.lowercased())", choices),
                ask.area(
                    "\(field).rationale", "Reason for this score", hint: "Point to what the text says.", rows: 4,
                    least: ReviewRules.shortestRationale),
            ]
        }
        return fields + [
            Component.ButtonGroup(
                Component.Button("Save draft", style: .secondary),
                Component.Button("Save and hand in", name: "_submit", value: "yes"))
        ]
    }

    private static func given(_ detail: ReviewDetail) -> any Markup {
        guard detail.scoresVisible, detail.scores.contains(where: { $0.value != nil }) else {
            return Component.Paragraph("There are no scores that you may see.")
        }
        return HTML.joined(
            detail.rubric.criteria(for: detail.review.kind).map { criterion in
                let score = detail.scores.first { $0.criterion == criterion.code }
                return Component.SummaryList(
                    [
                        .init("Score", score?.value.map { "\($0)" }), .init("Reason", score?.rationale),
                        .init("4 looks like", criterion.best),
                    ], card: criterion.title)
            })
    }

    private static func extras(_ visit: Visit, _ detail: ReviewDetail, _ ask: Questions, _ base: String) -> [any Markup]
    {
        let criteria = detail.rubric.criteria(for: detail.review.kind).map { Component.Choice($0.code, $0.title) }
        return [
            Component.Heading("Points for the author"),
            PostForm(
                action: "\(base)/points", csrf: visit.csrf,
                content: [
                    ask.radios(
                        "kind", "How grave is it?",
                        [
                            .init("must_fix", "Must be put right before approval"),
                            .init("should_fix", "Should be put right"),
                        ]), ask.select("criterion", "Which criterion is it about? (optional)", criteria),
                    ask.area("point", "What is to be put right?", rows: 3),
                    Component.Button("Add point", style: .secondary),
                ]), Component.Heading("Note for the review lead alone"),
            PostForm(
                action: "\(base)/notes", csrf: visit.csrf,
                content: [
                    ask.area("note", "Confidential note", rows: 3), Component.Button("Add note", style: .secondary),
                ]),
        ]
    }

    private static func items(_ detail: ReviewDetail) -> [any Markup] {
        let items: [any Markup] =
            detail.items.isEmpty
            ? []
            : [
                Component.Table(
                    caption: "Points raised", columns: [.init("Kind"), .init("What"), .init("Closed with")],
                    rows: detail.items.map {
                        Words.cells([
                            $0.isMustFix ? "Must be put right" : "Should be put right", $0.body, $0.closedWith,
                        ])
                    }, captionSize: .small)
            ]
        let notes: [any Markup] =
            detail.notes.isEmpty
            ? [] : [Component.Heading("Confidential notes", level: 3), Component.BulletList(detail.notes)]
        return items + notes
    }

    // MARK: Interests

    @Sendable static func interests(_ visit: Visit) async throws -> Response {
        visit.page(interestsPage(visit, try await visit.core.reviews.detail(visit.actor, try visit.id()), .empty, []))
    }

    @Sendable static func declare(_ visit: Visit) async throws -> Response {
        let id: ReviewID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let kinds: [Review.Interest] = reader.choices("kinds")
            let none = visit.form.all("kinds").contains("none")
            if kinds.isEmpty, !none { reader.refuse("kinds", "Choose what applies, or say that nothing does.") }
            if !kinds.isEmpty, none { reader.refuse("kinds", "Choose either “none of these” or what applies.") }
            try reader.check()
            try await visit.core.reviews.declare(
                visit.actor, id, version: visit.form.version, kinds: kinds, detail: visit.form["detail"])
            return visit.redirect("/reviews/\(id)", done: .interestsDeclared)
        } orShow: { refusal in
            let detail = try await visit.core.reviews.detail(visit.actor, id)
            return interestsPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func interestsPage(_ visit: Visit, _ detail: ReviewDetail, _ form: Form, _ problems: [FieldProblem])
        -> Page
    {
        let base = "/reviews/\(detail.review.id)"
        let ask = Questions(form, problems: problems)
        return Page(
            "Declare your interests", caption: "\(detail.review.reference): \(detail.title), \(detail.authorityName)",
            back: base,
            problems: problems,
            [
                Component.Paragraph(
                    "Anything that you declare locks the review until the review lead rules. Declaring is no fault; hiding is."
                ),
                PostForm(
                    action: "\(base)/interests", csrf: visit.csrf,
                    content: [
                        ask.boxes(
                            "kinds", "What stands between you and this evaluation?",
                            [Component.Choice("none", "None of these")]
                                + Options.of(Review.Interest.self) { Words.label($0) }),
                        ask.area(
                            "detail", "Describe it", hint: "At least 20 characters, unless there is none.", rows: 4),
                        Component.ButtonGroup(Component.Button("Declare"), Component.Link("Cancel", base)),
                    ], version: detail.review.version),
            ])
    }
}
