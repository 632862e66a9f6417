import Hummingbird

// Owned by the author of the fund pages: the routes, templates and scripts of home, programmes, rounds, bids, appraisals
// and approvals. The route table, the template library and the assets pick them up from here.

extension RouteTable {
    /// The fund's pages. `/` for people who are signed in is `FundPages.home`.
    static let fundPages: [Route] = []
}

extension Templates {
    /// The fund's templates.
    static let fund: [(String, [UInt8])] = []
}

extension Assets {
    /// Scripts and pictures of the fund's pages, served from the assets' address.
    static let fund: [(String, [UInt8])] = []
}

/// Entry points that platform pages call.
enum FundPages {
    /// What `/` shows to somebody who is signed in.
    static func home(_ visit: Visit) async throws -> Response {
        visit.page(Page("Home", [Component.Paragraph("Choose where to go from the menu.")]))
    }
}
