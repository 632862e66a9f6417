import Domain
import Hummingbird
import Services

extension Done {
    static let ratingProposed = Done(rawValue: "rating-proposed")
    static let ratingVoted = Done(rawValue: "rating-voted")
    static let ratingAgreed = Done(rawValue: "rating-agreed")
}

/// Ratings: what the rules make of the reports, what was proposed, and the panel.
enum RatingPages {
    static let routes: [Route] =
        [
            .page("/ratings", "ratingsPage", "Ratings", .evidenceRatingList, list),
            .page("/ratings/{id}", "ratingPage", "A rating", .evidenceRatingRead, show),
            .page(
                "/ratings/{id}/proposal", "proposeRatingPage", "Propose a rating", .evidenceRatingPropose, showProposal),
            .page(
                .post, "/ratings/{id}/proposal", "proposeRatingForm", "Propose a rating", .evidenceRatingPropose,
                propose),
            .page(.post, "/ratings/{id}/votes", "voteOnRatingForm", "Vote on a rating", .evidenceRatingAgree, vote),
        ] + decisions.routes("/ratings/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.ratings.list(
            visit.actor, page: visit.list, state: visit.query("state").flatMap { EvidenceRating.State(rawValue: $0) })
        return visit.page(
            Page(
                "Ratings", wide: true,
                [
                    EvidenceParts.meaning(),
                    Component.Table(
                        caption: "Ratings, those in hand first",
                        columns: [
                            .init("Practice"), .init("Rating"), .init("Evidence"), .init("Result"),
                            .init("Where it stands"), .init("Next review"),
                        ],
                        rows: page.rows.map { row -> [any Markup] in
                            [
                                Component.Link(
                                    row.practiceName, "/ratings/\(row.brief.id)", hidden: row.brief.reference),
                                HTML(text: row.brief.reference),
                                HTML(
                                    text: Words.rating(
                                        level: row.brief.level, sms: row.brief.sms, padlock: row.brief.padlock)),
                                row.brief.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–"),
                                Words.tag(row.brief.state), HTML(text: row.nextReviewOn?.spoken ?? "–"),
                            ]
                        }, captionHidden: true, firstCellIsHeader: true, empty: "There are no ratings yet."),
                    visit.pagination(page.next),
                ]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.ratings.detail(visit.actor, try visit.id())))
    }

    private static func page(_ visit: Visit, _ detail: RatingDetail, problems: [FieldProblem] = []) -> Page {
        let rating = detail.rating
        var parts: [any Markup] = [facts(detail)]
        if let reason = detail.reason, rating.state == .reviewNeeded || rating.state == .proposed {
            parts.append(Component.InsetText([Component.Prose(text: reason)]))
        }
        var links = decisions.links("/ratings/\(rating.id)", detail)
        if detail.allowed.contains(.propose) {
            links.insert(
                .init(
                    text: rating.state == .notRated ? "Propose a rating" : "Propose anew",
                    href: "/ratings/\(rating.id)/proposal"), at: 0)
        }
        parts += FundParts.actions(links)
        if detail.mayVote { parts += ballot(visit, detail) }
        parts += rules(detail)
        parts.append(EvidenceParts.reports(detail.read, caption: "Reports that were read for it, in which version"))
        parts += emmie(rating.content) + votes(detail)
        parts += [
            EvidenceParts.meaning(), thresholds(detail.thresholds),
            FundParts.link("What led to it, and what came of it", "/chain/evidence_rating/\(rating.id)"),
            FundParts.history(visit, .evidenceRating, rating.id),
        ]
        return Page(
            "Rating of \(detail.practiceName)", caption: "Rating \(rating.reference)",
            back: "/practices/\(rating.practice)",
            problems: problems, banner: visit.banner(sentences), wide: true, parts)
    }

    private static func facts(_ detail: RatingDetail) -> any Markup {
        let content = detail.rating.content
        return Component.SummaryList([
            .init("Where it stands", Words.tag(detail.rating.state)),
            .init("Level of evidence", content.level.map { "\($0.rawValue): \($0.sentence)" }),
            .init("Method, 1 to 5", content.sms.map { "\($0)" }),
            .init("Padlocks, 0 to 5", content.padlock.map { "\($0)" }),
            .init("The results together", content.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–")),
            .init("Do the studies agree?", content.consistency?.label),
            .init("Replicated", detail.replicated ? "Yes" : "Not yet"),
            .init("Cost band, 1 cheap to 5", content.costBand.map { "\($0)" }), .init("Why", content.rationale),
            .init("Why it is not what the rules propose", content.departureReason),
            .init("Proposed by", detail.proposerName),
            .init("Agreed", detail.agreedAt?.londonDay.spoken), .init("Next review", detail.nextReviewOn?.spoken),
        ])
    }

    /// What the rules propose, beside what was proposed.
    private static func rules(_ detail: RatingDetail) -> [any Markup] {
        guard let now = detail.proposal else {
            return [Component.InsetText("No report on the practice is published, so there is nothing to rate.")]
        }
        let content = detail.rating.content
        func row(_ title: String, _ rule: String, _ said: String?) -> [any Markup] {
            [HTML(text: title), HTML(text: rule), HTML(text: said ?? "–")]
        }
        return [
            Component.Table(
                caption: "What the rules make of the reports",
                columns: [.init("Measure"), .init("By rule"), .init("Proposed")],
                rows: [
                    row("Level of evidence", now.level.rawValue, content.level?.rawValue),
                    row("Method", "\(now.sms)", content.sms.map { "\($0)" }),
                    row("Padlocks", "\(now.padlock)", content.padlock.map { "\($0)" }),
                    row("The results together", now.direction.label, content.direction?.label),
                    row("Do the studies agree?", now.consistency.label, content.consistency?.label),
                    row("Cost band", now.costBand.map { "\($0)" } ?? "Not known", content.costBand.map { "\($0)" }),
                ], firstCellIsHeader: true),
            Component.BulletList(now.because),
        ]
    }

    private static func emmie(_ content: EvidenceRating.Content) -> [any Markup] {
        let known = content.emmie.letters.filter { $0.finding.quality != nil || !$0.finding.note.isEmpty }
        guard !known.isEmpty else { return [] }
        return [
            Component.Table(
                caption: "What is known of each part",
                columns: [.init("Part"), .init("How well, 0 to 4", numeric: true), .init("What")],
                rows: known.map {
                    [
                        HTML(text: $0.title), HTML(text: $0.finding.quality.map { "\($0)" } ?? "–"),
                        Component.Prose(text: $0.finding.note, absent: "–"),
                    ]
                }, firstCellIsHeader: true)
        ]
    }

    private static func votes(_ detail: RatingDetail) -> [any Markup] {
        guard !detail.votes.isEmpty else { return [] }
        return [
            Component.Table(
                caption: "Votes of the panel", columns: [.init("Who"), .init("Vote"), .init("Note"), .init("When")],
                rows: detail.votes.map { vote in
                    let said =
                        (vote.agrees ? "Agrees" : "Does not agree") + (vote.counts ? "" : " (with an earlier proposal)")
                    return [
                        HTML(text: vote.personName), HTML(text: said), Component.Prose(text: vote.note, absent: "–"),
                        HTML(text: vote.at.londonDay.spoken),
                    ]
                })
        ]
    }

    private static func ballot(_ visit: Visit, _ detail: RatingDetail) -> [any Markup] {
        let ask = Questions(visit.form)
        let rating = detail.rating
        return [
            Component.Heading("Your vote"),
            Component.Paragraph(
                "\(Words.count(detail.quorum, "member")) of the panel must agree to exactly this proposal. Then it counts, and the rating before it is superseded."
            ),
            PostForm(
                action: "/ratings/\(rating.id)/votes", csrf: visit.csrf,
                content: [
                    ask.radios("agrees", "Do you agree?", inline: true, [.init("yes", "Yes"), .init("no", "No")]),
                    ask.area("note", "Note", hint: "Needed when you do not agree: at least 20 characters.", rows: 3),
                    Component.Button("Vote"),
                ], version: rating.version, once: Tokens.fresh(), hidden: [("contentHash", rating.contentHash ?? "")]),
        ]
    }

    static func thresholds(_ rows: [EvidenceThreshold]) -> any Markup {
        Component.Details(
            summary: "Thresholds of the rules, and where they come from",
            parts: [
                Component.Table(
                    caption: "Thresholds",
                    columns: [
                        .init("Measure"), .init("Meaning"), .init("Bound", numeric: true),
                        .init("Gives", numeric: true), .init("Source"),
                    ],
                    rows: rows.map {
                        let mark =
                            $0.mark == "D"
                            ? " (default of this service)" : $0.mark == "K" ? " (common practice, to be checked)" : ""
                        return [
                            HTML(text: Words.plain($0.measure)), HTML(text: $0.meaning), HTML(text: $0.bound),
                            HTML(text: "\($0.gives)"),
                            HTML(text: $0.source + mark),
                        ]
                    }, captionSize: .small, captionHidden: true, firstCellIsHeader: true)
            ])
    }

    @Sendable static func vote(_ visit: Visit) async throws -> Response {
        let id: EvidenceRatingID = try visit.id()
        return try await visit.submit {
            guard let agrees = Form.Reader(visit.form).yes("agrees") else {
                throw Refusal.invalid([FieldProblem("agrees", "Choose whether you agree.")])
            }
            let state = try await visit.core.ratings.vote(
                visit.actor, id, version: visit.form.version, contentHash: visit.form["contentHash"], agrees: agrees,
                note: visit.form["note"], once: visit.once)
            return visit.redirect("/ratings/\(id)", done: state == .agreed ? .ratingAgreed : .ratingVoted)
        } orShow: { refusal in
            page(visit, try await visit.core.ratings.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<RatingDetail>.Case {
        let detail = try await visit.core.ratings.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "Rating \(detail.rating.reference): \(detail.practiceName)",
            back: "/ratings/\(detail.rating.id)",
            version: detail.rating.version)
    }

    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.ratingProposed] = "The rating is proposed. Send it to the panel when you are sure of it."
        done[.ratingVoted] = "Your vote is recorded."
        done[.ratingAgreed] = "The rating is agreed and public."
        return done
    }

    private static func act(_ event: EvidenceRatingEvent) -> @Sendable (Visit, RatingDetail) async throws -> Void {
        { visit, detail in
            try await visit.core.ratings.move(
                visit.actor, detail.rating.id, event, version: visit.form.version, reason: visit.form.optional("reason")
            )
        }
    }

    static let decisions: [Decision<RatingDetail>] = [
        .init(
            path: "panel", name: "sendRatingToPanel", title: "Send to the panel", confirm: "Send to the panel",
            action: .evidenceRatingSendToPanel, done: "The rating is with the panel.",
            allowed: { $0.allowed.contains(.sendToPanel) },
            lead: { _, _ in
                [
                    Component.Paragraph(
                        "The panel votes on exactly what you proposed. Members who had a part in one of the cases cannot vote."
                    )
                ]
            },
            act: act(.sendToPanel)),
        .init(
            path: "return", name: "returnRating", title: "Send back to the proposer", confirm: "Send back",
            style: .secondary,
            action: .evidenceRatingReturn, done: "The rating went back to its proposer.", reason: "What must change?",
            allowed: { $0.allowed.contains(.sendBack) },
            lead: { _, _ in [Component.Paragraph("Votes that were given do not count for another proposal.")] },
            act: act(.sendBack)),
        .init(
            path: "review", name: "flagRating", title: "Say that it needs review", confirm: "It needs review",
            style: .secondary,
            action: .evidenceRatingFlag, done: "The rating is marked for review.", reason: "Why does it need review?",
            allowed: { $0.allowed.contains(.flag) },
            lead: { _, _ in [Component.Paragraph("Decisions that rest on it are flagged, in public.")] },
            act: act(.flag)),
    ]
}

extension Form.Reader {
    /// Yes or no, without collecting anything.
    func yes(_ field: String) -> Bool? {
        switch form[field] {
        case "yes": true
        case "no": false
        default: nil
        }
    }
}

/// Proposing a rating: a form that starts from what the rules propose.
extension RatingPages {
    @Sendable static func showProposal(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.ratings.detail(visit.actor, try visit.id())
        guard detail.allowed.contains(.propose), let proposal = detail.proposal else {
            return visit.redirect("/ratings/\(detail.rating.id)")
        }
        var content = detail.rating.content
        if detail.rating.state == .notRated {
            content.sms = proposal.sms
            content.padlock = proposal.padlock
            content.level = proposal.level
            content.direction = proposal.direction
            content.consistency = proposal.consistency
            content.costBand = proposal.costBand
        }
        return visit.page(proposalPage(visit, detail, form(content), version: detail.rating.version))
    }

    @Sendable static func propose(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.ratings.detail(visit.actor, try visit.id())
        let id = detail.rating.id
        return try await visit.submit {
            try await visit.core.ratings.propose(visit.actor, id, version: visit.form.version, try content(visit.form))
            return visit.redirect("/ratings/\(id)", done: .ratingProposed)
        } orShow: { refusal in
            proposalPage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.rating.version : visit.form.version)
        }
    }

    private static func proposalPage(
        _ visit: Visit, _ detail: RatingDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        func numbers(_ range: ClosedRange<Int>) -> [Component.Choice] { range.map { .init("\($0)", "\($0)") } }
        let back = "/ratings/\(detail.rating.id)"
        var questions: [any Markup] = [
            ask.select(
                "level", "Level of evidence", Options.of(EvidenceLevel.self) { "\($0.rawValue): \($0.sentence)" }),
            ask.select("sms", "Method, 1 to 5", numbers(1...5)),
            ask.select("padlock", "Padlocks, 0 to 5", numbers(0...5)),
            ask.radios("direction", "What the results say together", Options.of(ResultDirection.self) { $0.label }),
            ask.radios(
                "consistency", "Do the studies agree?", Options.of(EvidenceRating.Consistency.self) { $0.label }),
            ask.select("costBand", "Cost band", hint: "Leave it open where the cost is not known.", numbers(1...5)),
            ask.area("rationale", "Why this rating", rows: 6, least: 50),
            ask.area(
                "departureReason", "Why it departs from the rules",
                hint: "Only where it does: at least 20 characters. A plus is always such a judgement.",
                rows: 3),
            Component.Heading("What is known of each part"),
        ]
        for letter in EvidenceRating.Emmie().letters {
            questions += [
                ask.select("emmie.\(letter.code).quality", "\(letter.title): how well is it known?", numbers(0...4)),
                ask.area("emmie.\(letter.code).note", "\(letter.title): what is known", rows: 3, most: 2000),
            ]
        }
        questions.append(Component.ButtonGroup(Component.Button("Propose"), Component.Link("Cancel", back)))
        return Page(
            "Propose a rating", caption: "Rating \(detail.rating.reference): \(detail.practiceName)", back: back,
            problems: problems,
            [
                Component.Paragraph(
                    "It rests on every report on the practice that is published, in the version of today. Nobody chooses which."
                ),
                Component.BulletList(detail.proposal?.because ?? []), EvidenceParts.meaning(),
                PostForm(action: "\(back)/proposal", csrf: visit.csrf, content: questions, version: version),
            ])
    }

    private static func form(_ content: EvidenceRating.Content) -> Form {
        var form = FormWriter()
        form.put("level", content.level)
        form.put("sms", content.sms)
        form.put("padlock", content.padlock)
        form.put("direction", content.direction)
        form.put("consistency", content.consistency)
        form.put("costBand", content.costBand)
        form.put("rationale", content.rationale)
        form.put("departureReason", content.departureReason)
        for letter in content.emmie.letters {
            form.put("emmie.\(letter.code).quality", letter.finding.quality)
            form.put("emmie.\(letter.code).note", letter.finding.note)
        }
        return form.form
    }

    private static func content(_ form: Form) throws -> EvidenceRating.Content {
        var reader = Form.Reader(form)
        var content = EvidenceRating.Content()
        content.level = reader.choice("level")
        content.sms = reader.number("sms", in: 1...5, "Choose 1 to 5")
        content.padlock = reader.number("padlock", in: 0...5, "Choose 0 to 5")
        content.direction = reader.choice("direction")
        content.consistency = reader.choice("consistency")
        content.costBand = reader.number("costBand", in: 1...5, "Choose 1 to 5")
        content.rationale = form["rationale"]
        content.departureReason = form["departureReason"]
        func finding(_ code: String) -> EvidenceRating.Finding {
            .init(
                quality: reader.number("emmie.\(code).quality", in: 0...4, "Choose 0 to 4"),
                note: form["emmie.\(code).note"])
        }
        content.emmie.effect = finding("effect")
        content.emmie.mechanism = finding("mechanism")
        content.emmie.moderators = finding("moderators")
        content.emmie.implementation = finding("implementation")
        content.emmie.economic = finding("economic")
        try reader.check()
        return content
    }
}
