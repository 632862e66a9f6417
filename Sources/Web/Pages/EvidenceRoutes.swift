// The routes of practices, ratings, decisions, adoption, capacity and follow-up. The route table picks them up from here.

extension RouteTable {
    /// Pages for people who are signed in.
    static let evidencePages: [Route] =
        PracticePages.routes + RatingPages.routes + RollOutPages.routes + AdoptionPages.routes
        + CapacityAssessmentPages.routes
        + FollowUpPages.routes + ChainPages.routes + MyAuthorityPages.routes

    /// Pages for everybody.
    static let publicEvidencePages: [Route] = PublicEvidencePages.routes

    /// Operations of the API.
    static let evidenceAPI: [Route] =
        practiceAPI + ratingAPI + rollOutAPI + adoptionAPI + capacityAPI + followUpAPI
        + chainAPI + publicEvidenceAPI
}

extension Done {
    static let capacityAnswered = Done(rawValue: "capacity-answered")
    static let capacityCertified = Done(rawValue: "capacity-certified")
    static let peerAsked = Done(rawValue: "peer-asked")
}
