import Domain
import Hummingbird
import Services

extension Done {
    static let bidStarted = Done(rawValue: "bid-started")
    static let bidSaved = Done(rawValue: "bid-saved")
    static let appraiserAssigned = Done(rawValue: "appraiser-assigned")
}

/// Bids: the list, starting one, its own page, what it says, and its receipt.
enum BidPages {
    static let routes: [Route] =
        [
            .page("/bids", "bidsPage", "Bids", .bidList, list),
            .page("/bids/new", "newBidPage", "Start a bid", .bidStart, showNew),
            .page(.post, "/bids/new", "startBidForm", "Start a bid", .bidStart, start),
            .page("/bids/{id}", "bidPage", "A bid", .bidRead, show),
            .page("/bids/{id}/content", "bidContentPage", "What a bid says", .bidRead, content),
            .page("/bids/{id}/receipt", "bidReceiptPage", "A bid's receipt", .bidRead, receipt),
        ] + BidSectionPages.routes + BidAppraisalPages.routes + BidSealedPages.routes
        + decisions.routes("/bids/{id}", load)

    // MARK: The list

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let state = visit.query("state").flatMap { Bid.State(rawValue: $0) }
        let filter = BidFilter(round: visit.query("round").flatMap { RoundID($0) }, state: state)
        let page = try await visit.core.bids.list(visit.actor, page: visit.list, filter: filter)
        let form = FilterForm(
            action: "/bids",
            content: [
                Component.Select(
                    name: "state", label: "Where they stand",
                    choices: Bid.State.allCases.map { Component.Choice($0.rawValue, Words.tag($0).text) },
                    value: state?.rawValue,
                    blank: "Any"),
                Component.Button("Filter", style: .secondary),
            ])
        let sealed: [any Markup] =
            switch visit.subject.role {
            case .department:
                [Component.Paragraph("Bids are sealed until their round closes. You see them here after that.")]
            case .auditor:
                [
                    Component.Paragraph(
                        "Bids are sealed until their round closes. You see that they are there; to read one before that, "
                            + "you say why, and it is recorded.")
                ]
            default: []
            }
        return visit.page(
            Page(
                "Bids", wide: true,
                sealed + [
                    form, table(page.rows, visit, caption: "Bids, last changed first"), visit.pagination(page.next),
                ]))
    }

    /// An auditor sees that there is a sealed bid, and not what it is called.
    private static func isSealed(_ row: BidRow, _ subject: Subject) -> Bool {
        subject.role == .auditor && row.title.isEmpty
    }

    /// Bids as a table.
    static func table(_ rows: [BidRow], _ visit: Visit, caption: String, round: Bool = true) -> any Markup {
        var columns: [Component.Table.Column] = [.init("Bid"), .init("Reference"), .init("Authority")]
        if round { columns.append(.init("Round")) }
        columns += [.init("Where it stands"), .init("Asked for", numeric: true)]
        return Component.Table(
            caption: caption, columns: columns,
            rows: rows.map { row in
                var cells: [any Markup] = [
                    isSealed(row, visit.subject)
                        ? Component.Link(
                            row.state == .notSubmitted ? "Never submitted" : "Sealed until the round closes",
                            BidSealedPages.address(row.id), hidden: row.reference
                        ).html
                        : Component.Link(row.title, "/bids/\(row.id)").html,
                    HTML.unbroken(row.reference),
                    HTML(text: row.organisationName),
                ]
                if round { cells.append(HTML(text: row.roundTitle)) }
                return cells + [Words.tag(row.state), HTML(text: row.requested?.description ?? "–")]
            }, firstCellIsHeader: true, empty: "There are no bids to show.")
    }

    // MARK: A new one

    @Sendable static func showNew(_ visit: Visit) async throws -> Response { visit.page(try await newPage(visit)) }

    @Sendable static func start(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            guard let round = RoundID(visit.form["round"]) else { throw Refusal.notFound("round") }
            let id = try await visit.core.bids.start(visit.actor, round, title: visit.form["title"], once: visit.once)
            return visit.redirect("/bids/\(id)", done: .bidStarted)
        } orShow: { refusal in
            try await newPage(visit, refusal.problems)
        }
    }

    private static func newPage(_ visit: Visit, _ problems: [FieldProblem] = []) async throws -> Page {
        guard let id = RoundID(visit.query("round") ?? visit.form["round"]) else { throw WebRefusal.notFound }
        let detail = try await visit.core.rounds.detail(visit.actor, id)
        let ask = Questions(visit.form, problems: problems)
        let form = PostForm(
            action: "/bids/new", csrf: visit.csrf,
            content: [
                ask.text("title", "Title of the project", hint: "Up to 140 characters. You can change it later."),
                Component.ButtonGroup(Component.Button("Start the bid"), Component.Link("Cancel", "/rounds/\(id)")),
            ], once: Tokens.fresh(), hidden: [("round", "\(id)")])
        return Page(
            "Start a bid", caption: detail.round.content.title, back: "/rounds/\(id)",
            [FundParts.deadline(detail.round.content.closesAt, now: visit.subject.now), form])
    }

    // MARK: One bid

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let id: BidID = try visit.id()
        let detail: BidDetail
        do {
            detail = try await visit.core.bids.detail(visit.actor, id)
        } catch let refusal as Refusal where refusal.kind == .notFound && visit.subject.role == .auditor {
            // What is sealed an auditor may ask to read; what is not there is not there.
            _ = try await visit.core.bids.sealed(visit.actor, id)
            return visit.redirect(BidSealedPages.address(id))
        }
        let page =
            visit.subject.role == .localAuthority ? BidTaskPage.page(visit, detail) : BidCasePage.page(visit, detail)
        return visit.page(page)
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<BidDetail>.Case {
        let detail = try await visit.core.bids.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail.bid), back: "/bids/\(detail.bid.id)", version: detail.bid.version)
    }

    static func caption(_ bid: Bid) -> String { "Bid \(bid.reference)" }

    /// What the banner says on a bid's page.
    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.bidStarted] = "The bid is started. Fill in its sections in any order."
        done[.bidSaved] = "Saved."
        done[.appraiserAssigned] = "The bid is assigned. They are told."
        return done
    }

    // MARK: What it says

    @Sendable static func content(_ visit: Visit) async throws -> Response {
        let view = try await visit.core.bids.content(visit.actor, try visit.id())
        let indicators = try await indicators(visit)
        let back = "/bids/\(view.bid.id)"
        let drafting = !view.isSubmitted && view.bid.state == .draft
        var reading = BidReading(content: view.content, sections: view.sections, indicators: indicators)
        if drafting, visit.subject.holds(.laEditor) { reading.edit = { "\(back)/sections/\($0.rawValue)" } }
        var parts: [any Markup] = []
        if view.isSubmitted {
            parts.append(Component.Paragraph("This is the text as it was submitted. It does not change."))
        } else if view.problems.isEmpty {
            parts.append(Component.InsetText("Every section is complete. The bid can be sent for certification."))
        } else {
            parts += FundParts.needs("Still needed before certification", view.problems) { address($0, back) }
        }
        parts.append(reading)
        if drafting, view.problems.isEmpty {
            parts.append(Component.ButtonLink(text: "Continue to certification", href: "\(back)/certification-request"))
        }
        let title =
            drafting
            ? "Check your answers" : view.content.summary.title.isEmpty ? "The bid" : view.content.summary.title
        return visit.page(
            Page(title, caption: "\(caption(view.bid)), \(view.organisationName)", back: back, wide: true, parts))
    }

    /// The page of the section on which a problem can be put right, and the field on it.
    static func address(_ problem: FieldProblem, _ back: String) -> String {
        let name = problem.field.prefix { $0 != "." }
        let section: BidSection =
            switch name {
            case "theoryOfChange": .theoryOfChange
            case "dataProtection": .dataProtection
            default: BidSection(rawValue: String(name)) ?? .summary
            }
        return "\(back)/sections/\(section.rawValue)?check=1"
    }

    static func indicators(_ visit: Visit) async throws -> [String: Indicator] {
        let all = try await visit.core.organisations.indicators(visit.actor)
        return Dictionary(all.map { ($0.code, $0) }) { first, _ in first }
    }

    // MARK: Receipt

    @Sendable static func receipt(_ visit: Visit) async throws -> Response {
        let id: BidID = try visit.id()
        let receipt = try await visit.core.bids.receipt(visit.actor, id)
        return visit.page(
            Page(
                "Bid submitted", back: "/bids/\(id)", heading: false,
                [
                    Component.Panel(title: "Bid submitted", text: "Your reference", strong: receipt.reference),
                    Component.Paragraph("Keep or print this page. It proves what was submitted and when."),
                    receiptList(receipt),
                    Component.Paragraph(
                        "Nobody outside your authority can read the bid until the round closes. Until then a certifier can "
                            + "reopen it, change it and submit it again."),
                    FundParts.link("Read what was submitted", "/bids/\(id)/content"),
                ]))
    }

    /// A receipt's particulars.
    static func receiptList(_ receipt: Receipt) -> any Markup {
        Component.SummaryList([
            .init("Reference", receipt.reference),
            .init("Submission number", "\(receipt.number)"),
            .init("Received", Deadline.second(receipt.submittedAt)),
            .init("Certified by", receipt.certifiedBy),
            .init(
                "Fingerprint of the text (SHA-256)",
                Templates.Filled(name: "fund-code", fields: ["text": .text(receipt.hash)])),
        ])
    }
}
