extension Touchstone {
    /// Programmes.
    public var programmes: Programmes { Programmes(platform: platform) }
    /// Rounds.
    public var rounds: Rounds { Rounds(platform: platform) }
    /// Bids.
    public var bids: Bids { Bids(platform: platform) }
    /// Appraisals.
    public var appraisals: Appraisals { Appraisals(platform: platform) }
    /// Approvals.
    public var approvals: Approvals { Approvals(platform: platform) }
    /// Settings.
    public var settings: Settings { Settings(platform: platform) }
    /// Reports.
    public var reports: Reports { Reports(platform: platform) }
}
