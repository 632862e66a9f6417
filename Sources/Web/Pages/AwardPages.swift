import Domain
import Hummingbird
import Services

extension Done {
    static let awardDrafted = Done(rawValue: "award-drafted")
    static let agreementSaved = Done(rawValue: "agreement-saved")
    static let departureAllowed = Done(rawValue: "departure-allowed")
    static let conditionFound = Done(rawValue: "condition-found")
    static let bankEntered = Done(rawValue: "bank-entered")
    static let bankVerified = Done(rawValue: "bank-verified")
    static let recoveryReceived = Done(rawValue: "recovery-received")
}

/// Awards: the list, and each with its whole story.
enum AwardPages {
    static let routes: [Route] =
        [
            .page("/awards", "awardsPage", "Awards", .awardList, list),
            .page("/awards/{id}", "awardPage", "The whole story of an award", .awardRead, show),
            .page(.post, "/bids/{id}/award", "draftAwardForm", "Start the award of a bid", .awardDraft, draft),
        ] + AwardDecisions.all.routes("/awards/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = AwardFilter(state: visit.query("state").flatMap { Award.State(rawValue: $0) })
        let page = try await visit.core.awards.list(visit.actor, page: visit.list, filter: filter)
        let ask = Questions(visit.parameters)
        let states = Award.State.allCases.map { Component.Choice($0.rawValue, Words.tag($0).text) }
        return visit.page(
            Page(
                "Awards", wide: true,
                [
                    FilterForm(
                        action: "/awards",
                        content: [
                            ask.select("state", "Where it stands", [Component.Choice("", "Any")] + states),
                            Component.Button("Filter", style: .secondary),
                        ]),
                    table(page.rows), visit.pagination(page.next),
                ]))
    }

    private static func table(_ rows: [AwardRow]) -> any Markup {
        Component.Table(
            caption: "Awards, newest first",
            columns: [
                .init("Award"), .init("Authority"), .init("Where it stands"), .init("Promised", numeric: true),
                .init("Claimed", numeric: true), .init("Paid", numeric: true),
            ],
            rows: rows.map { row -> [any Markup] in
                [
                    Component.Link("\(row.reference): \(row.title)", "/awards/\(row.id)"),
                    HTML(text: row.organisationName), Words.tag(row.state), HTML(text: row.amount.description),
                    HTML(text: row.claimed.description), HTML(text: row.paid.description),
                ]
            }, firstCellIsHeader: true, empty: "There are no awards.")
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(AwardStoryPage.page(visit, try await visit.core.awards.detail(visit.actor, try visit.id())))
    }

    /// The button on an approved bid: the draft is filled in from what is known, and opened.
    @Sendable static func draft(_ visit: Visit) async throws -> Response {
        let bid: BidID = try visit.id()
        return try await visit.submit {
            let id = try await visit.core.awards.draft(visit.actor, bid, once: visit.once)
            return visit.redirect("/awards/\(id)/agreement/edit", done: .awardDrafted)
        } orShow: { _ in
            BidCasePage.page(visit, try await visit.core.bids.detail(visit.actor, bid))
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<AwardDetail>.Case {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail), back: "/awards/\(detail.award.id)", version: detail.award.version)
    }

    static func caption(_ detail: AwardDetail) -> String {
        "Award \(detail.award.reference): \(detail.title)"
    }

    /// What the banner says on an award's page.
    static var sentences: [Done: String] {
        var done = AwardDecisions.all.sentences()
        done[.departureAllowed] = "The departure is recorded."
        done[.conditionFound] = "The finding is recorded."
        done[.bankEntered] = "The bank details are entered. Somebody else verifies them next."
        done[.bankVerified] = "The bank details are verified by you."
        done[.recoveryReceived] = "It is recorded that the money came back."
        done[.agreementSaved] = "The draft is saved."
        return done
    }
}
