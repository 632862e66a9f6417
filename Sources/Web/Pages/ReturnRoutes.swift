// The routes of monitoring returns, indicators and published figures. The route table picks them up from here.

extension RouteTable {
    /// Pages for people who are signed in.
    static let returnPages: [Route] = ReturnPages.routes + IndicatorPages.routes

    /// Operations of the API.
    static let returnAPI: [Route] = monitoringReturnAPI + statisticAPI
}
