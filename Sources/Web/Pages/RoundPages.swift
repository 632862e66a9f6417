import Domain
import Hummingbird
import Services

/// Rounds: the list, one round (also as its prospectus), and the decisions on it.
enum RoundPages {
    static let routes: [Route] =
        [
            .page("/rounds", "roundsPage", "Rounds", .roundList, list),
            .page("/rounds/{id}", "roundPage", "A round", .roundRead, show),
        ] + RoundEditPages.routes + decisions.routes("/rounds/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let onlyOpen = visit.query("show") == "open"
        let page =
            onlyOpen
            ? try await visit.core.rounds.open(visit.actor, page: visit.list)
            : try await visit.core.rounds.list(visit.actor, page: visit.list)
        let filter = FilterForm(
            action: "/rounds",
            content: [
                Component.Select(
                    name: "show", label: "Show", choices: [.init("open", "Open for bids, the first to close first")],
                    value: visit.query("show"), blank: "All, newest first"),
                Component.Button("Show", style: .secondary),
            ])
        let table = Component.Table(
            caption: onlyOpen ? "Rounds open for bids" : "Rounds, newest first",
            columns: [
                .init("Round"), .init("Programme"), .init("Where it stands"), .init("Closes"),
                .init("Budget", numeric: true),
            ],
            rows: page.rows.map { row -> [any Markup] in
                let closes = row.closesAt.map {
                    row.state == .open ? Deadline($0, now: visit.subject.now).words : Deadline.moment($0)
                }
                return [
                    Component.Link(row.title, "/rounds/\(row.id)"), HTML(text: row.programmeTitle),
                    Words.tag(row.state),
                    HTML(text: closes ?? "Not set"), HTML(text: row.budget?.description ?? "–"),
                ]
            }, firstCellIsHeader: true, empty: onlyOpen ? "No round is open for bids now." : "There are no rounds yet.")
        return visit.page(Page("Rounds", wide: true, [filter, table, visit.pagination(page.next)]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.rounds.detail(visit.actor, try visit.id())))
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<RoundDetail>.Case {
        let detail = try await visit.core.rounds.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail), back: "/rounds/\(detail.round.id)", version: detail.round.version)
    }

    static func caption(_ detail: RoundDetail) -> String { "Round \(detail.round.reference)" }

    /// A round's page as a value: prospectus for those who bid, workings for those who run it.
    static func page(_ visit: Visit, _ detail: RoundDetail) -> Page {
        let round = detail.round
        let back = "/rounds/\(round.id)"
        let runs = visit.subject.role == .department
        var content: [any Markup] = []
        if round.state != .draft { content.append(FundParts.deadline(round.content.closesAt, now: visit.subject.now)) }
        if visit.subject.role == .localAuthority { content += bidding(visit, detail) }
        var links = decisions.links(back, detail)
        if round.state == .draft, mayEdit(visit) {
            links.append(.init(text: "Change this round", href: "\(back)/edit/basics", style: .secondary))
        }
        content += FundParts.actions(links)
        if round.state == .draft, runs {
            content += FundParts.needs("Still needed before it can be approved", detail.problems) {
                "\(back)/edit/\(RoundPart.of($0).rawValue)?check=1"
            }
        }
        content += reading(detail, editable: round.state == .draft && mayEdit(visit))
        content += bids(visit, detail)
        content.append(FundParts.history(visit, .round, round.id))
        var done = decisions.sentences()
        done[.roundSaved] = "The round is saved."
        return Page(
            round.content.title, caption: caption(detail),
            breadcrumbs: [.init("Home", "/"), .init("Rounds", "/rounds")], banner: visit.banner(done), wide: true,
            content)
    }

    private static func mayEdit(_ visit: Visit) -> Bool {
        let facts = Permission.Facts(organisation: visit.subject.organisation, department: visit.subject.organisation)
        return Permission.allows(.roundEdit, subject: visit.subject, facts: facts)
    }

    private static func bidding(_ visit: Visit, _ detail: RoundDetail) -> [any Markup] {
        guard detail.isOpen else { return [Component.Paragraph("This round is not open for bids now.")] }
        guard visit.subject.holds(.laEditor) else {
            return [Component.Paragraph("An editor of your authority can start a bid.")]
        }
        return [Component.ButtonLink(text: "Start a bid", href: "/bids/new?round=\(detail.round.id)", start: true)]
    }

    private static func bids(_ visit: Visit, _ detail: RoundDetail) -> [any Markup] {
        guard !detail.bidCounts.isEmpty || !detail.bids.isEmpty else { return [] }
        var parts: [any Markup] = [
            Component.Table(
                caption: "Bids by where they stand",
                columns: [.init("Where they stand"), .init("Bids", numeric: true)],
                rows: detail.bidCounts.map { [Words.tag($0.state), HTML(text: "\($0.count)")] })
        ]
        if !detail.bids.isEmpty {
            parts.append(BidPages.table(detail.bids, visit, caption: "Bids in this round", round: false))
        }
        return parts
    }

    /// What the round says, for anybody who may see it.
    static func reading(_ detail: RoundDetail, editable: Bool = false) -> [any Markup] {
        let content = detail.round.content
        func change(_ part: RoundPart) -> [Component.Link] {
            editable
                ? [.init("Change", "/rounds/\(detail.round.id)/edit/\(part.rawValue)", hidden: part.title.lowercased())]
                : []
        }
        let facts = Component.SummaryList(
            [
                .init("Where it stands", Words.tag(detail.round.state)),
                .init("Programme", Component.Link(detail.programmeTitle, "/programmes/\(detail.round.programme)")),
                .init("Opens", content.opensAt.map { Deadline.minute($0) }),
                .init("Closes", content.closesAt.map { Deadline.moment($0) }),
                .init("Smallest award", content.minimumAward?.description),
                .init("Largest award", content.maximumAward?.description),
                .init("Money in this round", content.budget?.description),
                .init("Awarded so far", detail.awarded.description),
                .init("Prospectus", content.prospectus),
            ], card: RoundPart.basics.title, cardActions: change(.basics))
        return [facts] + criteria(content, change(.criteria)) + rules(content, change(.rules))
    }

    private static func criteria(_ content: Round.Content, _ change: [Component.Link]) -> [any Markup] {
        let sum = content.criteria.map(\.weightBasisPoints).reduce(0, +)
        return [Component.Heading("Criteria")] + change
            + [
                Component.Paragraph(
                    "Each is scored from 0 (absent) to 5 (excellent). The weights add up to \(Words.percent(basisPoints: sum))."
                ),
                Component.Table(
                    caption: "Criteria",
                    columns: [
                        .init("Criterion"), .init("Weight", numeric: true), .init("Pass mark", numeric: true),
                        .init("Scored by"), .init("Guidance"),
                    ],
                    rows: content.criteria.map {
                        Words.cells([
                            $0.title, Words.percent(basisPoints: $0.weightBasisPoints),
                            $0.passMark == 0 ? "None" : "\($0.passMark)",
                            Words.label($0.scorer), $0.guidance,
                        ])
                    }, captionHidden: true, firstCellIsHeader: true, empty: "No criteria are set yet."),
            ]
    }

    private static func rules(_ content: Round.Content, _ change: [Component.Link]) -> [any Markup] {
        [Component.Heading("Who may bid")] + change
            + (content.rules.isEmpty
                ? [Component.Paragraph("No eligibility rules are set yet.")]
                : [
                    Component.Paragraph("Each rule is checked as at the closing day."),
                    Component.BulletList(content.rules.map { "\($0.sentence) (Source: \($0.source).)" }),
                ])
    }
}

// MARK: Decisions

extension RoundPages {
    private static func sentence(_ text: String) -> @Sendable (Visit, RoundDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    static let decisions: [Decision<RoundDetail>] = [
        .init(
            path: "approval", name: "approveRound", title: "Approve", confirm: "Approve this round",
            action: .roundApprove,
            done: "The round is approved. It opens by itself at its time.", wide: true,
            allowed: { $0.allowed.contains(.approve) },
            lead: { _, detail in
                [Component.InsetText("Criteria and eligibility rules are fixed once you approve.")] + reading(detail)
            },
            act: { try await $0.core.rounds.approve($0.actor, $1.round.id, version: $0.form.version, once: $0.once) }),
        .init(
            path: "extension", name: "extendRound", title: "Extend the closing time", confirm: "Extend",
            style: .secondary,
            action: .roundExtend, done: "The round closes later. Everybody who started a bid is told.",
            reason: "Why is it extended?", allowed: { $0.allowed.contains(.extend) },
            lead: { visit, detail in
                [
                    FundParts.deadline(detail.round.content.closesAt, now: visit.subject.now),
                    Component.Paragraph(
                        "The new time is the same for every applicant, and must be later than the old one."),
                ]
            },
            questions: { _, ask in
                ask.moment(
                    "closesAt", "New closing time",
                    timeHint: "London time, such as 11:59pm, which means to the end of the day.")
            },
            act: { visit, detail in
                var reader = Form.Reader(visit.form)
                let close = reader.deadline("closesAt")
                if close == nil, reader.problems.isEmpty {
                    reader.refuse("closesAt", "Enter the new closing date and time")
                }
                try reader.check()
                guard let close else { return }
                try await visit.core.rounds.extend(
                    visit.actor, detail.round.id, version: visit.form.version, newClose: close,
                    reason: visit.form["reason"])
            }),
        .init(
            path: "appraisal", name: "beginRoundAppraisal", title: "Begin appraisal", confirm: "Begin appraisal",
            action: .roundBeginAppraisal, done: "Appraisal has begun.",
            allowed: { $0.allowed.contains(.beginAppraisal) },
            lead: sentence("Every eligible bid needs two appraisers and one evaluation scorer first."),
            act: { try await $0.core.rounds.beginAppraisal($0.actor, $1.round.id, version: $0.form.version) }),
        .init(
            path: "decision", name: "decideRound", title: "Record that the round is decided",
            confirm: "The round is decided",
            action: .roundDecide, done: "The round is decided.", allowed: { $0.allowed.contains(.decide) },
            lead: { _, detail in
                [
                    Component.Paragraph("Every eligible bid must be approved, on the reserve list or declined."),
                    Component.SummaryList([
                        .init("Awarded", detail.awarded.description),
                        .init("Money in this round", detail.round.content.budget?.description),
                    ]),
                ]
            },
            act: { try await $0.core.rounds.decide($0.actor, $1.round.id, version: $0.form.version, once: $0.once) }),
        .init(
            path: "cancellation", name: "cancelRound", title: "Cancel the round", confirm: "Cancel the round",
            style: .warning,
            action: .roundCancel, done: "The round is cancelled.", reason: "Why is it cancelled?",
            allowed: { $0.allowed.contains(.cancel) },
            lead: sentence("This ends the round for every applicant. It cannot be undone."),
            act: {
                try await $0.core.rounds.cancel(
                    $0.actor, $1.round.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]
}
