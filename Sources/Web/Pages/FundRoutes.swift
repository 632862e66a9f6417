import Hummingbird

// The routes and templates of home, programmes, rounds, bids, appraisals and approvals. The route table, the template
// library and the assets pick them up from here.

extension RouteTable {
    /// The fund's pages. `/` for people who are signed in is `FundPages.home`.
    static let fundPages: [Route] =
        ProgrammePages.routes + RoundPages.routes + BidPages.routes + AppraisalPages.routes + ApprovalPages.routes
}

extension Templates {
    /// The fund's templates.
    static let fund: [(String, [UInt8])] = [
        ("appraisal-beside", PackageResources.appraisal_beside_mustache),
        ("bid-conflict", PackageResources.bid_conflict_mustache),
        ("review-beside", PackageResources.review_beside_mustache),
        ("fund-actions", PackageResources.fund_actions_mustache),
        ("fund-code", PackageResources.fund_code_mustache),
        ("fund-deadline", PackageResources.fund_deadline_mustache),
        ("fund-first-button", PackageResources.fund_first_button_mustache),
        ("fund-link", PackageResources.fund_link_mustache),
        ("fund-rows", PackageResources.fund_rows_mustache),
        ("fund-time", PackageResources.fund_time_mustache),
    ]
}

extension Assets {
    /// Scripts and pictures of the fund's pages, served from the assets' address.
    static let fund: [(String, [UInt8])] = []
}

/// Entry points that platform pages call.
enum FundPages {
    /// What `/` shows to somebody who is signed in.
    @Sendable static func home(_ visit: Visit) async throws -> Response { try await HomePages.home(visit) }
}
