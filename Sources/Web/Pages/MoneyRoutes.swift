// The routes of awards, variations, claims and payments. The route table picks them up from here.

extension RouteTable {
    /// Pages for people who are signed in.
    static let moneyPages: [Route] =
        AwardPages.routes + AgreementPages.routes + BankPages.routes + VariationPages.routes + ClaimPages.routes
        + PaymentPages.routes + PublicAwardPages.routes + PublicFiles.routes

    /// Operations of the API.
    static let moneyAPI: [Route] = awardAPI + agreementAPI + variationAPI + claimAPI + paymentAPI + publicAwardAPI
}
