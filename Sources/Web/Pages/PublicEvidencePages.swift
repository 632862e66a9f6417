import Domain
import Hummingbird
import Services

/// What anybody may know of evidence and decisions, without signing in; cacheable.
enum PublicEvidencePages {
    static let routes: [Route] = [
        .open("/public", "publicPage", "What the fund does", index),
        .open("/public/practices", "publicPracticesPage", "Practices", practices),
        .open("/public/practices/{reference}", "publicPracticePage", "A practice", practice),
        .open("/public/ratings", "publicRatingsPage", "Ratings and what they mean", ratings),
        .open("/public/ratings/{reference}", "publicRatingPage", "A rating", rating),
        .open("/public/decisions", "publicDecisionsPage", "Decision log", decisions),
        .open("/public/decisions/{reference}", "publicDecisionPage", "A roll-out decision", decision),
        .open("/public/search", "publicSearchPage", "Search the public record", search),
    ]

    private static let crumbs: [Component.Link] = [.init("What the fund does", "/public")]

    @Sendable static func index(_ visit: OpenVisit) async throws -> Response {
        let counts = try await visit.core.publicEvidence.counts()
        func row(_ title: String, _ path: String, _ count: Int, _ about: String) -> Component.SummaryList.Row {
            .init(title, about, actions: [.init("Read \(Words.grouped(count))", path, hidden: title.lowercased())])
        }
        return visit.cacheable(
            Page(
                "What the fund does",
                [
                    Component.Paragraph(
                        "Why was this funded, what was learnt, and what was decided on it? All of it is here, whatever it says.",
                        .lead),
                    searchForm(""),
                    Component.SummaryList([
                        row(
                            "What was funded", "/public/awards", counts.awards,
                            "Each award, with what was promised and paid."),
                        row(
                            "Protocols", "/public/protocols", counts.protocols,
                            "What each evaluation said beforehand that it would do, with every change."),
                        row(
                            "Reports", "/public/reports", counts.reports,
                            "What each evaluation found: better, worse, no difference, or cannot tell."),
                        row(
                            "Overdue and delayed reports", "/public/overdue", counts.overdue,
                            "By title, with the reason that was given."),
                        row(
                            "Practices", "/public/practices", counts.practices,
                            "What can be taken up, with its evidence and who took it up."),
                        row(
                            "Ratings", "/public/ratings", counts.practices,
                            "How far the evidence can be trusted, and what the ratings mean."),
                        row(
                            "Decision log", "/public/decisions", counts.decisions,
                            "Each roll-out decision, what it cites, and what has changed since."),
                    ]),
                ]))
    }

    private static func searchForm(_ words: String) -> any Markup {
        FilterForm(
            action: "/public/search",
            content: [
                Component.TextInput(name: "q", label: "Search everything that is public", value: words),
                Component.Button("Search", style: .secondary),
            ])
    }

    // MARK: Practices

    @Sendable static func practices(_ visit: OpenVisit) async throws -> Response {
        let page = try await visit.core.publicEvidence.practices(page: visit.publicList)
        return visit.cacheable(
            Page(
                "Practices", breadcrumbs: crumbs, wide: true,
                [
                    Component.Table(
                        caption: "Practices, alphabetically",
                        columns: [.init("Practice"), .init("From"), .init("Evidence"), .init("The results together")],
                        rows: page.rows.map { row -> [any Markup] in
                            [
                                Component.Link(row.name, "/public/practices/\(row.reference)"),
                                HTML(text: row.originator),
                                HTML(text: Words.rating(level: row.level, sms: row.sms, padlock: row.padlock)),
                                row.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–"),
                            ]
                        }, captionHidden: true, firstCellIsHeader: true, empty: "No practice is public yet."),
                    EvidenceParts.meaning(), FundParts.link("Download as CSV", "/public/practices.csv"),
                    visit.nextPage(page.next),
                ]))
    }

    @Sendable static func practice(_ visit: OpenVisit) async throws -> Response {
        let found = try await visit.core.publicEvidence.practice(visit.text("reference").uppercased())
        let practice = found.practice
        let cost = practice.unitCost.map {
            "\($0) for each \(practice.costUnit), in prices of \(practice.priceYear ?? "")"
        }
        return visit.cacheable(
            Page(
                practice.name, caption: "Practice \(practice.reference)",
                breadcrumbs: crumbs + [.init("Practices", "/public/practices")], wide: true,
                [
                    Component.SummaryList([
                        .init("What it is", practice.summary), .init("For whom", practice.population),
                        .init("What makes it this practice", Component.BulletList(practice.coreComponents)),
                        .init("What each place may change", Component.BulletList(practice.adaptableComponents)),
                        .init("Cost", cost),
                        .init("Staff", practice.staffNeeded), .init("Comes from", practice.originator),
                        .init("Published", practice.publishedAt.londonDay.spoken),
                        .init("Card", Words.tag(practice.state)),
                    ]), ratingTable(found.ratings, caption: "Ratings, newest first"), EvidenceParts.meaning(),
                    decisionTable(found.decisions, caption: "Roll-out decisions"),
                    Component.Table(
                        caption: "Who took it up",
                        columns: [.init("Authority"), .init("Step, as it says"), .init("Since"), .init("Verified")],
                        rows: found.adoptions.map {
                            [
                                HTML(text: $0.organisation), Words.tag($0.state),
                                HTML(text: $0.since?.londonDay.spoken ?? "–"), Words.verified($0.verified),
                            ]
                        }, firstCellIsHeader: true, empty: "No authority has taken it up yet."),
                ]))
    }

    // MARK: Ratings

    @Sendable static func ratings(_ visit: OpenVisit) async throws -> Response {
        let (page, thresholds) = try await visit.core.publicEvidence.ratings(page: visit.publicList)
        return visit.cacheable(
            Page(
                "Ratings and what they mean", breadcrumbs: crumbs, wide: true,
                [
                    Component.Paragraph(
                        "A rating says how far the evidence on a practice can be trusted. It does not say how large an effect is, or whether there is one: a study that found no difference can be very secure.",
                        .lead),
                    Component.SummaryList(EvidenceLevel.allCases.map { .init("Level \($0.rawValue)", $0.sentence) }),
                    ratingTable(page.rows, caption: "Ratings in force"), RatingPages.thresholds(thresholds),
                    FundParts.link("Download as CSV", "/public/ratings.csv"), visit.nextPage(page.next),
                ]))
    }

    private static func ratingTable(_ rows: [PublicRating], caption: String) -> any Markup {
        Component.Table(
            caption: caption,
            columns: [
                .init("Rating"), .init("Practice"), .init("Evidence"), .init("The results together"),
                .init("Where it stands"), .init("Agreed"),
            ],
            rows: rows.map { row -> [any Markup] in
                [
                    Component.Link(row.reference, "/public/ratings/\(row.reference)"), HTML(text: row.practice),
                    HTML(
                        text: Words.rating(level: row.content.level, sms: row.content.sms, padlock: row.content.padlock)
                    ),
                    row.content.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–"), Words.tag(row.state),
                    HTML(text: row.agreedAt?.londonDay.spoken ?? "–"),
                ]
            }, firstCellIsHeader: true, empty: "It is not rated yet.")
    }

    @Sendable static func rating(_ visit: OpenVisit) async throws -> Response {
        let rating = try await visit.core.publicEvidence.rating(visit.text("reference").uppercased())
        let content = rating.content
        var parts: [any Markup] = []
        if rating.state == .superseded { parts.append(Component.WarningText("A newer rating has taken its place.")) }
        if rating.state == .reviewNeeded {
            parts.append(Component.WarningText("This rating is being reviewed. \(rating.cause ?? "")"))
        }
        parts += [
            Component.SummaryList([
                .init("Practice", Component.Link(rating.practice, "/public/practices/\(rating.practiceReference)")),
                .init("Level of evidence", content.level.map { "\($0.rawValue): \($0.sentence)" }),
                .init("Method, 1 to 5", content.sms.map { "\($0)" }),
                .init("Padlocks, 0 to 5", content.padlock.map { "\($0)" }),
                .init("The results together", content.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–")),
                .init("Do the studies agree?", content.consistency?.label),
                .init("Replicated", rating.replicated ? "Yes" : "Not yet"),
                .init("Cost band, 1 cheap to 5", content.costBand.map { "\($0)" }), .init("Why", content.rationale),
                .init("Why it is not what the rules propose", content.departureReason),
                .init("Agreed", rating.agreedAt?.londonDay.spoken),
                .init("Next review", rating.nextReviewOn?.spoken),
            ]),
            Component.Table(
                caption: "Reports that it rests on",
                columns: [.init("Report"), .init("Version", numeric: true), .init("Result")],
                rows: rating.reports.map { report -> [any Markup] in
                    let direction = report.direction.flatMap { ResultDirection(rawValue: $0) }
                    return [
                        Component.Link("\(report.reference): \(report.title)", "/public/reports/\(report.reference)"),
                        HTML(text: "\(report.version)"),
                        direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–"),
                    ]
                }, firstCellIsHeader: true),
            EvidenceParts.meaning(),
        ]
        return visit.cacheable(
            Page(
                "Rating of \(rating.practice)", caption: "Rating \(rating.reference), number \(rating.number)",
                breadcrumbs: crumbs + [.init("Ratings", "/public/ratings")], wide: true, parts))
    }

    // MARK: Decisions

    @Sendable static func decisions(_ visit: OpenVisit) async throws -> Response {
        let page = try await visit.core.publicEvidence.decisions(page: visit.publicList)
        return visit.cacheable(
            Page(
                "Decision log", breadcrumbs: crumbs, wide: true,
                [
                    Component.Paragraph(
                        "Each decision says which evidence it rests on and what was known at that moment. Where that has changed since, it says so.",
                        .lead),
                    decisionTable(page.rows, caption: "Roll-out decisions, newest first"),
                    FundParts.link("Download as CSV", "/public/decisions.csv"), visit.nextPage(page.next),
                ]))
    }

    private static func decisionTable(_ rows: [PublicDecision], caption: String) -> any Markup {
        Component.Table(
            caption: caption,
            columns: [
                .init("Decision"), .init("Practice"), .init("What was decided"), .init("Evidence at that moment"),
                .init("Enough by the rule?"), .init("Since then"),
            ],
            rows: rows.map { row -> [any Markup] in
                [
                    Component.Link("\(row.reference): \(row.title)", "/public/decisions/\(row.reference)"),
                    HTML(text: row.practice),
                    HTML(text: row.advice.recommendation?.label ?? "–"),
                    HTML(text: Words.rating(level: row.standing.level, sms: row.standing.sms, padlock: row.padlock)),
                    HTML(text: row.sufficient ? "Yes" : "No: overridden"),
                    row.change == nil ? HTML(text: "–") : Tag("The evidence changed", .orange),
                ]
            }, firstCellIsHeader: true, empty: "No decision has been announced yet.")
    }

    @Sendable static func decision(_ visit: OpenVisit) async throws -> Response {
        let (decision, pack) = try await visit.core.publicEvidence.decision(visit.text("reference").uppercased())
        var parts: [any Markup] = []
        if let change = decision.change {
            parts.append(
                Component.WarningText(
                    "\(change.sentence) (\(decision.changedAt?.londonDay.spoken ?? "")) The decision has not been reviewed since."
                ))
        }
        var rows: [Component.SummaryList.Row] = [
            .init("Practice", Component.Link(decision.practice, "/public/practices/\(decision.practiceReference)")),
            .init("Programme", decision.programme),
            .init("Question", decision.question), .init("What was decided", decision.advice.recommendation?.label),
            .init("Why", decision.advice.reason),
            .init("Expected cost", decision.expectedCost?.description),
            .init("Authorities it would reach", decision.reachAuthorities.map { "\($0)" }),
            .init("Whom it would reach and whom not", decision.equity),
            .init(
                "Evidence at that moment",
                Words.rating(level: decision.standing.level, sms: decision.standing.sms, padlock: decision.padlock)),
            .init("Enough by the rule?", decision.sufficient ? "Yes" : "No: it went ahead by an override"),
        ]
        if let override = decision.advice.override { rows += RollOutPages.override(override) }
        rows += [
            .init("Minister’s decision", decision.advice.externalReference),
            .init("Decided", decision.decidedAt?.londonDay.spoken),
            .init("Announced", decision.announcedAt?.londonDay.spoken), .init("Next review", decision.reviewOn?.spoken),
            .init("What the last review found", decision.reviewOutcome),
        ]
        parts += [Component.SummaryList(rows), RollOutPages.pack(pack), EvidenceParts.meaning()]
        return visit.cacheable(
            Page(
                decision.title, caption: "Roll-out decision \(decision.reference)",
                breadcrumbs: crumbs + [.init("Decision log", "/public/decisions")],
                wide: true, parts))
    }

    // MARK: Search

    @Sendable static func search(_ visit: OpenVisit) async throws -> Response {
        let words = visit.query("q") ?? ""
        var parts: [any Markup] = [searchForm(words)]
        var problems: [FieldProblem] = []
        do {
            let hits = try await visit.core.publicEvidence.search(words)
            if !words.isEmpty {
                parts.append(
                    Component.Table(
                        caption: hits.count == PublicEvidence.hitsMost
                            ? "The first \(hits.count) results" : Words.count(hits.count, "result"),
                        columns: [.init("Title"), .init("Kind"), .init("What it says")],
                        rows: hits.map {
                            [
                                Component.Link("\($0.reference): \($0.title)", "/public/\($0.kind)s/\($0.reference)"),
                                HTML(text: Words.plain($0.kind)), HTML(text: $0.excerpt),
                            ]
                        }, firstCellIsHeader: true,
                        empty: "Nothing public matches these words. Try fewer or other words."))
            }
        } catch let refusal as Refusal where refusal.kind == .invalid {
            problems = refusal.problems
        }
        return visit.cacheable(
            Page("Search the public record", breadcrumbs: crumbs, problems: problems, wide: true, parts))
    }
}
