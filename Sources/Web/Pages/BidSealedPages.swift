import Domain
import Hummingbird
import Services

/// A sealed bid for an auditor: that it is there, and what it says once they have put on record why they must know.
enum BidSealedPages {
    static let routes: [Route] = [
        .page("/bids/{id}/sealed-readings", "sealedBidPage", "A sealed bid, unopened", .bidReadSealed, show),
        .page(
            .post, "/bids/{id}/sealed-readings", "readSealedBidForm",
            "Read a sealed bid, for a reason that is recorded",
            .bidReadSealed, read),
    ]

    /// Where an auditor asks to read it.
    static func address(_ id: BidID) -> String { "/bids/\(id)/sealed-readings" }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(try await page(visit, nil))
    }

    @Sendable static func read(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            let reading = try await visit.core.bids.readSealed(
                visit.actor, try visit.id(), reason: visit.form["reason"])
            let indicators = try await BidPages.indicators(visit)
            return visit.page(readingPage(visit, reading, indicators))
        } orShow: {
            try await page(visit, $0)
        }
    }

    private static func page(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let bid = try await visit.core.bids.sealed(visit.actor, try visit.id())
        return Page(
            "Sealed bid", caption: "Bid \(bid.reference)",
            breadcrumbs: [.init("Home", "/"), .init("Bids", "/bids")],
            [
                outside(bid),
                Component.Paragraph(
                    "Until the round closes, only the authority that writes this bid can read it. You may, if your work "
                        + "cannot wait. What you enter here stands in the audit trail with your name and the time."),
                PostForm(
                    action: address(bid.id), csrf: visit.csrf,
                    content: [
                        Component.Textarea(
                            name: "reason", label: "Why do you need to read this before the round closes?",
                            value: visit.form["reason"],
                            hint: "At least \(Rules.shortestReason) characters. Name the audit or the question.",
                            error: visit.problem("reason", in: refusal),
                            maximum: BidRules.longestSealedReadingReason),
                        Component.ButtonGroup(Component.Button("Read the bid"), Component.Link("Cancel", "/bids")),
                    ]),
                FundParts.history(visit, .bid, bid.id),
            ])
    }

    private static func outside(_ bid: SealedBid) -> any Markup {
        Component.SummaryList([
            .init("Where it stands", Words.tag(bid.state)), .init("Authority", bid.organisationName),
            .init("Round", Component.Link(bid.roundTitle, "/rounds/\(bid.round)")),
            .init("Round closes", bid.closesAt.map(Deadline.moment)),
            .init("Last changed", Deadline.minute(bid.updatedAt)),
        ])
    }

    private static func readingPage(
        _ visit: Visit, _ reading: SealedReading, _ indicators: [String: Indicator]
    ) -> Page {
        let body: any Markup =
            reading.sections.isEmpty
            ? Component.Paragraph("Nothing has been written yet but its title.")
            : BidReading(content: reading.content, sections: reading.sections, indicators: indicators)
        return Page(
            reading.title, caption: "Sealed bid \(reading.bid.reference), \(reading.bid.organisationName)",
            back: address(reading.bid.id),
            banner: .important("It is recorded that you read this bid before its round closed, and why."), wide: true,
            [Component.InsetText([Component.Prose(text: "Your reason: \(reading.reason)")]), body])
    }
}
