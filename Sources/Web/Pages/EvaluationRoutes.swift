// The routes of evaluations, plans, reviews and reports. The route table picks them up from here.

extension RouteTable {
    /// Pages for people who are signed in.
    static let evaluationPages: [Route] =
        EvaluationPages.routes + EvaluationPlanPages.routes + ReviewPages.routes + ReviewDeskPages.routes
        + EvaluationReportPages.routes

    /// Pages for everybody.
    static let publicEvaluationPages: [Route] = PublicEvaluationPages.routes
}
