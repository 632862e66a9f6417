/// The state of all lanes at one moment.
public struct PoolStatistics: Sendable, Equatable {
    /// Reads on shared connections.
    public var read = LaneStatistics()
    /// Transactions.
    public var write = LaneStatistics()
    /// Reports.
    public var report = LaneStatistics()
    /// Imports.
    public var imports = LaneStatistics()

    /// Nothing open, nothing asked.
    public init() {}
}

/// The state of one lane at one moment.
public struct LaneStatistics: Sendable, Equatable {
    /// Connections that work.
    public var open = 0
    /// Connections being made.
    public var opening = 0
    /// Connections being closed; the server may still count them.
    public var closing = 0
    /// Open connections that nobody uses.
    public var idle = 0
    /// Requests that have a connection.
    public var leased = 0
    /// Requests that wait for one.
    public var waiting = 0

    /// Nothing open, nothing asked.
    public init() {}
}

/// How many flights went to the server: each is one network round trip, whatever number of statements it carried.
public struct FlightCounts: Sendable, Equatable {
    /// In the read lane.
    public var read = 0
    /// In the write lane.
    public var write = 0
    /// In the report lane.
    public var report = 0
    /// In the import lane.
    public var imports = 0

    /// None yet.
    public init() {}

    /// In all lanes.
    public var total: Int { read + write + report + imports }
}
