import Domain
import Hummingbird
import Services

/// What was funded, for everybody: no sign-in, cacheable.
enum PublicAwardPages {
    static let routes: [Route] = [
        .open("/public/awards", "publicAwardsPage", "What was funded", awards),
        .open("/public/awards/{reference}", "publicAwardPage", "An award, as everybody may see it", award),
    ]

    private static let crumbs: [Component.Link] = [.init("What the fund does", "/public")]

    @Sendable static func awards(_ visit: OpenVisit) async throws -> Response {
        let page = try await visit.core.awards.published(page: visit.publicList)
        let table = Component.Table(
            caption: "Awards, newest first",
            columns: [
                .init("Award"), .init("Authority"), .init("Programme"), .init("Where it stands"),
                .init("Promised", numeric: true), .init("Paid", numeric: true),
            ],
            rows: page.rows.map { row -> [any Markup] in
                [
                    Component.Link("\(row.reference): \(row.title)", "/public/awards/\(row.reference)"),
                    HTML(text: row.organisationName), HTML(text: row.programmeTitle), Words.tag(row.state),
                    HTML(text: row.amount.description), HTML(text: row.paid.description),
                ]
            }, captionHidden: true, firstCellIsHeader: true, empty: "No award has been accepted yet.")
        return visit.cacheable(
            Page(
                "What was funded", breadcrumbs: crumbs, wide: true,
                [
                    Component.Paragraph(
                        "Each award from its acceptance on: what for, to whom, and what was paid.", .lead),
                    table, FundParts.link("Download as CSV", "/public/awards.csv"), visit.nextPage(page.next),
                ]))
    }

    @Sendable static func award(_ visit: OpenVisit) async throws -> Response {
        let story = try await visit.core.awards.published(visit.text("reference").uppercased())
        let award = story.award
        let period = award.starts.map { "\($0.spoken) to \(award.ends?.spoken ?? "")" }
        return visit.cacheable(
            Page(
                award.title, caption: "Award \(award.reference)",
                breadcrumbs: crumbs + [.init("What was funded", "/public/awards")], wide: true,
                [
                    Component.SummaryList([
                        .init("Authority", award.organisationName), .init("Programme", award.programmeTitle),
                        .init("Where it stands", Words.tag(award.state)), .init("Funding period", period),
                        .init("Promised", award.amount.description), .init("Paid so far", award.paid.description),
                    ]),
                    Component.Heading("What the evaluation promised"),
                    PublicEvaluationPages.protocolTable(story.protocols),
                    Component.Heading("What it found"), PublicEvaluationPages.reportTable(story.reports),
                    FundParts.link("Reports that should be public by now", "/public/overdue"),
                ]))
    }
}
