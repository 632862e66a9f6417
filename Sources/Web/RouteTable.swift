import Hummingbird
import Services

/// Every route there is.
enum RouteTable {
    /// The table, in the order of the documentation. Names are unique; a test holds that.
    static let routes: [Route] =
        openPages + accountPages + peoplePages + organisationPages + overviewPages + reportPages + fundPages
        + evaluationPages + publicEvaluationPages + moneyPages + returnPages + evidencePages + publicEvidencePages
        + system
        + accountAPI + peopleAPI + organisationAPI + programmeAPI + roundAPI + bidAPI + appraisalAPI + approvalAPI
        + evaluationAPI + evaluationPlanAPI + reviewAPI + evaluationReportAPI + publicEvaluationAPI
        + evidenceAPI + overviewAPI + moneyAPI + returnAPI

    /// The router with every route of the table, and with nothing else.
    static func router(core: Touchstone, settings: WebConfiguration) -> Router<WebContext> {
        let front = Front(core: core, settings: settings, assets: Assets(folder: settings.assetsFolder))
        let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: MetricsMiddleware())
        router.add(middleware: Envelope(front: front, table: routes))
        let signedIn = router.group(context: SignedInContext.self)
        let dispatch = Dispatch(front: front)
        for route in routes { dispatch.add(route, to: router, signedIn) }
        return router
    }
}
