import Domain
import Postgres

// What follows approval: awards, claims, returns, evaluation and evidence, in the order in which they depend on one another.

/// An award that the story needs.
struct DemonstrationPlot: Sendable {
    /// How far its agreement goes.
    enum Depth: Sendable {
        case drafting, qualityChecked, offered, declined, expired, accepted, signed, inForce

        /// Whether the authority signs.
        var isAccepted: Bool { [.accepted, .signed, .inForce].contains(self) }
    }

    /// A short name by which the story finds it.
    let key: String
    /// DfE code of the authority.
    let authority: String
    let title: String
    let pounds: Int
    let depth: Depth

    init(_ key: String, _ authority: String, _ title: String, pounds: Int, _ depth: Depth = .inForce) {
        (self.key, self.authority, self.title) = (key, authority, title)
        (self.pounds, self.depth) = (pounds, depth)
    }

    /// Whether its last day was yesterday.
    var isOver: Bool { ["safeguarding", "pause", "early_help"].contains(key) }

    static let all = evaluated + generated + unsigned

    /// The awards of the nine real evaluations; who leads them here is made up, where several authorities took part.
    static let evaluated = [
        DemonstrationPlot("conferencing", "383", "Family group conferences before court", pounds: 480_000),
        DemonstrationPlot("safeguarding_trial", "815", "Family Safeguarding: a trial in steps", pounds: 900_000),
        DemonstrationPlot("valued", "316", "Family Valued: a trial in steps", pounds: 800_000),
        DemonstrationPlot("lifestory", "926", "Creative life story work", pounds: 350_000),
        DemonstrationPlot("schools", "850", "Social workers in schools", pounds: 700_000),
        DemonstrationPlot("drug_court", "307", "Family drug and alcohol court", pounds: 420_000),
        DemonstrationPlot("early_help", "925", "Partners in Practice: early help", pounds: 380_000),
        DemonstrationPlot("safeguarding", "919", "Family Safeguarding", pounds: 650_000),
        DemonstrationPlot("pause", "204", "Support for women whose children were removed", pounds: 300_000),
    ]

    /// Awards in force around which the other states are shown.
    static let generated = [
        DemonstrationPlot("mentors", "840", "Peer mentors for care leavers", pounds: 120_000),
        DemonstrationPlot("kinship", "916", "Grandparents as carers", pounds: 110_000),
        DemonstrationPlot("short_breaks", "831", "Short breaks at home", pounds: 90_000),
        DemonstrationPlot("siblings", "383", "Brothers and sisters together", pounds: 130_000),
        DemonstrationPlot("hubs", "831", "Family hubs by the sea", pounds: 100_000),
        DemonstrationPlot("fathers", "926", "Fathers in the plan", pounds: 95_000),
        DemonstrationPlot("night_team", "815", "A team for the night", pounds: 140_000),
        DemonstrationPlot("letters", "840", "Letters that families can read", pounds: 60_000),
        DemonstrationPlot("foster_line", "204", "A line for foster carers", pounds: 85_000),
        DemonstrationPlot("respite", "307", "Respite before crisis", pounds: 75_000),
        DemonstrationPlot("homework", "925", "Rooms for homework in foster homes", pounds: 55_000),
    ]

    /// Agreements that are not in force, or not yet.
    static let unsigned = [
        DemonstrationPlot("reading", "850", "Reading with young parents", pounds: 100_000, .drafting),
        DemonstrationPlot("housing", "831", "Homes for care leavers", pounds: 100_000, .qualityChecked),
        DemonstrationPlot("transport", "916", "Buses to contact", pounds: 100_000, .offered),
        DemonstrationPlot("music", "316", "Music in residential homes", pounds: 100_000, .declined),
        DemonstrationPlot("gardens", "919", "Gardens for families", pounds: 100_000, .expired),
        DemonstrationPlot("sleep", "925", "Sleep clinics", pounds: 100_000, .accepted),
        DemonstrationPlot("dads", "204", "Young dads", pounds: 100_000, .signed),
    ]
}

extension DemonstrationFund {
    /// One chapter after the other.
    func cycle(_ programme: ProgrammeID, _ progress: @Sendable (String) -> Void) async throws {
        progress("Awards")
        let awards = try await awards(programme)
        for award in awards { try await agree(award) }
        // Returns whose period has ended are opened by the clock.
        try await tick()
        let inForce = awards.filter { $0.plot.depth == .inForce }
        progress("Returns and capacity")
        try await returns(inForce)
        progress("Claims and payments")
        try await money(inForce)
        progress("Evaluations and reviews")
        try await evaluations(inForce)
        progress("Variations, awards that end, and what is asked afterwards")
        try await closing(inForce)
        progress("Practices, ratings and decisions")
        try await evidence(inForce)
    }
}
