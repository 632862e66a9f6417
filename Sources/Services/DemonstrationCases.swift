import Domain
import FoundationEssentials
import Postgres

// Bids, appraisals and approvals of the demonstration.

/// A bid of the demonstration and what it asks for.
struct DemonstrationBid: Sendable {
    let id: BidID
    let authority: String
    let requested: Money
}

extension DemonstrationFund {
    // MARK: Bidding

    /// A complete draft.
    func draftBid(_ round: RoundID, _ code: String, _ title: String? = nil, pounds: Int? = nil) async throws
        -> DemonstrationBid
    {
        let editor = try cast.actor("\(code).editor")
        let project = projects.first { $0.authority == code }
        let title = title ?? project?.title ?? "Family help together"
        let grant = project?.grant.flatMap { $0 <= Money(pounds: 3_000_000) ? $0 : nil }
        let requested = pounds.map { Money(pounds: $0) } ?? grant ?? Money(pounds: 900_000)
        let id = try await touchstone.bids.start(editor, round, title: title)
        let content = bidContent(title, requested: requested)
        for section in BidSection.allCases {
            _ = try await touchstone.bids.saveSection(editor, id, section, content: content, version: 0)
        }
        return DemonstrationBid(id: id, authority: code, requested: requested)
    }

    func sentBid(_ round: RoundID, _ code: String, _ title: String? = nil, pounds: Int? = nil) async throws
        -> DemonstrationBid
    {
        let bid = try await draftBid(round, code, title, pounds: pounds)
        try await touchstone.bids.sendForCertification(
            try cast.actor("\(code).editor"), bid.id, version: try await version(bid.id))
        return bid
    }

    func submittedBid(_ round: RoundID, _ code: String, _ title: String? = nil, pounds: Int? = nil) async throws
        -> DemonstrationBid
    {
        let bid = try await sentBid(round, code, title, pounds: pounds)
        _ = try await touchstone.bids.submit(
            try cast.actor("\(code).certifier"), bid.id, version: try await version(bid.id),
            declarationVersion: Declaration.version)
        return bid
    }

    func bidsOfDecidedRound(_ round: RoundID) async throws -> [DemonstrationBid] {
        var bids: [DemonstrationBid] = []
        for code in ["840", "916", "919", "383", "812", "831"] { bids.append(try await submittedBid(round, code)) }
        // Never submitted: the round closes on it.
        _ = try await draftBid(round, "307")
        return bids
    }

    func bidsOfAppraisingRound(_ round: RoundID) async throws -> [DemonstrationBid] {
        let wanted: [(String, Int)] = [
            ("840", 240_000), ("916", 200_000), ("919", 2_600_000), ("383", 1_800_000), ("831", 771_000),
            ("307", 400_000),
            ("926", 1_300_000), ("815", 900_000), ("850", 650_000), ("204", 500_000), ("316", 300_000),
        ]
        var bids: [DemonstrationBid] = []
        for (code, pounds) in wanted {
            bids.append(
                try await submittedBid(round, code, code == "840" ? "Second phase" : nil, pounds: pounds))
        }
        return bids
    }

    func bidsOfClosedRound(_ round: RoundID) async throws -> [DemonstrationBid] {
        var bids: [DemonstrationBid] = []
        for code in ["831", "926", "316"] { bids.append(try await submittedBid(round, code, "Leaving care well")) }
        return bids
    }

    func bidsOfOpenRound(_ round: RoundID) async throws {
        _ = try await submittedBid(round, "383", "Family help hubs")
        _ = try await sentBid(round, "840", "Help at the first call")
        _ = try await draftBid(round, "840", "Grandparents as carers")
        _ = try await draftBid(round, "916", "Youth workers in schools")
        _ = try await touchstone.bids.start(try cast.actor("850.editor"), round, title: "Parents' network")
    }

    // MARK: Deciding

    /// Round 1: one approved, one lapsed, one in reserve, one declined, one ineligible, one withdrawn; then decided.
    func decide(_ round: RoundID, _ bids: [DemonstrationBid]) async throws {
        for bid in bids where bid.authority != "831" && bid.authority != "812" { try await findEligible(bid) }
        try await findIneligible(bids[4])
        try await touchstone.bids.withdraw(
            try cast.actor("831.certifier"), bids[5].id, version: try await version(bids[5].id),
            reason: "The council decided to use its own money for this.")
        for bid in bids.prefix(4) { try await assign(bid) }
        try await beginAppraisal(round)
        for bid in bids.prefix(4) { try await finishAppraisals(bid) }
        let awarded = try await prepared(bids[0], amount: Money(pounds: 230_000))
        try await clear(awarded)
        try await approve(awarded, by: "approver.low")
        let lapsing = try await prepared(bids[1])
        try await clear(lapsing)
        try await approve(lapsing, by: "approver")
        try await approve(lapsing, by: "approver2")
        try await touchstone.bids.reserve(
            try cast.actor("approver"), bids[2].id, version: try await version(bids[2].id), reason: Self.reason)
        try await touchstone.bids.decline(
            try cast.actor("approver"), bids[3].id, version: try await version(bids[3].id), reason: Self.reason)
        try await touchstone.rounds.decide(
            try cast.actor("approver"), round, version: try await roundVersion(round))
        try await set(DemonstrationStatements.setLapsed(lapsing))
        try await tick()
    }

    /// Round 2: every stage of appraisal and approval that is still in hand.
    func appraise(_ round: RoundID, _ bids: [DemonstrationBid]) async throws {
        for bid in bids {
            try await findEligible(bid)
            try await assign(bid)
        }
        try await beginAppraisal(round)
        // The last two stay with their appraisers, in every state that an appraisal has.
        for bid in bids.prefix(9) { try await finishAppraisals(bid) }
        try await leaveHalfDone(bids[9])
        _ = try await prepared(bids[0])
        try await clear(try await prepared(bids[1]))
        let referred = try await prepared(bids[4])
        try await clear(referred)
        try await touchstone.approvals.referUp(
            try cast.actor("approver.low"), referred, version: try await head(referred).version)
        let waiting = try await prepared(bids[2])
        try await clear(waiting)
        try await approve(waiting, by: "approver")
        let returned = try await prepared(bids[5])
        try await clear(returned)
        try await touchstone.approvals.return(
            try cast.actor("approver"), returned, version: try await head(returned).version,
            reason: "Say in the conditions when the protocol is due.")
        let rejected = try await prepared(bids[7])
        try await clear(rejected)
        try await touchstone.approvals.reject(
            try cast.actor("approver"), rejected, version: try await head(rejected).version, reason: Self.reason)
    }

    /// Round 3: one checked and waiting for a finding, the others as they came in.
    func check(_ bids: [DemonstrationBid]) async throws {
        _ = try await touchstone.bids.check(
            try cast.actor("officer"), bids[0].id, version: try await version(bids[0].id))
    }

    func findEligible(_ bid: DemonstrationBid) async throws {
        let officer = try cast.actor("officer")
        _ = try await touchstone.bids.check(officer, bid.id, version: try await version(bid.id))
        try await touchstone.bids.findEligible(officer, bid.id, version: try await version(bid.id))
    }

    func findIneligible(_ bid: DemonstrationBid) async throws {
        _ = try await touchstone.bids.check(try cast.actor("officer"), bid.id, version: try await version(bid.id))
        try await touchstone.bids.findIneligible(
            try cast.actor("officer2"), bid.id, version: try await version(bid.id),
            reason: "Ofsted judged the authority inadequate on the last day of the window.")
    }

    private static let scorers: [(String, Criterion.Scorer)] = [
        ("appraiser1", .appraiser), ("appraiser2", .appraiser), ("reviewer", .whatWorks),
    ]

    func assign(_ bid: DemonstrationBid) async throws {
        for (index, scorer) in Self.scorers.enumerated() {
            _ = try await touchstone.appraisals.assign(
                try cast.actor("officer"), bid.id, try cast.person(scorer.0), kind: scorer.1,
                dueOn: today.adding(days: 5 + 3 * index))
        }
    }

    func beginAppraisal(_ round: RoundID) async throws {
        try await touchstone.rounds.beginAppraisal(
            try cast.actor("officer"), round, version: try await roundVersion(round))
    }

    func finishAppraisals(_ bid: DemonstrationBid) async throws {
        let rows = try await appraisals(bid)
        for (index, scorer) in Self.scorers.enumerated() {
            guard let row = rows.first(where: { $0.kind == scorer.1 && $0.appraiser == cast.people[scorer.0] }) else {
                continue
            }
            try await score(row.id, by: scorer.0, value: 3, raise: index)
            try await touchstone.appraisals.submit(try cast.actor(scorer.0), row.id, version: 3)
            try await touchstone.appraisals.finalise(try cast.actor("officer"), row.id, version: 4)
        }
    }

    /// One in progress, one returned and one final; `assigned` and `submitted` are the last bid's.
    func leaveHalfDone(_ bid: DemonstrationBid) async throws {
        let rows = try await appraisals(bid)
        for (scorer, row) in zip(Self.scorers, rows) {
            try await score(row.id, by: scorer.0, value: 4)
            if scorer.0 == "appraiser1" { continue }
            try await touchstone.appraisals.submit(try cast.actor(scorer.0), row.id, version: 3)
            if scorer.0 == "appraiser2" {
                try await touchstone.appraisals.return(
                    try cast.actor("officer"), row.id, version: 4,
                    reason: "The reasons do not say what the score rests on.")
            }
        }
    }

    /// Scores every criterion; each third one is raised, so that appraisers differ a little.
    func score(_ id: AppraisalID, by key: String, value: Int, raise: Int? = nil) async throws {
        let actor = try cast.actor(key)
        try await touchstone.appraisals.begin(actor, id, version: 1)
        let criteria = try await touchstone.appraisals.detail(actor, id).criteria
        let scores = criteria.enumerated().compactMap { place, criterion in
            criterion.id.map {
                Score(criterion: $0, value: place % 3 == raise ? value + 1 : value, rationale: Self.rationale)
            }
        }
        _ = try await touchstone.appraisals.saveScores(actor, id, version: 2, scores)
    }

    func appraisals(_ bid: DemonstrationBid) async throws -> [AppraisalRow] {
        try await touchstone.bids.detail(try cast.actor("officer"), bid.id).appraisals
    }

    // MARK: Approvals

    func prepared(_ bid: DemonstrationBid, amount: Money? = nil) async throws -> ApprovalID {
        try await touchstone.approvals.prepare(
            try cast.actor("officer"), bid.id, approvalContent(amount ?? bid.requested))
    }

    func clear(_ id: ApprovalID) async throws {
        try await touchstone.approvals.clear(try cast.actor("finance"), id, version: try await head(id).version)
    }

    func approve(_ id: ApprovalID, by key: String) async throws {
        let head = try await head(id)
        _ = try await touchstone.approvals.approve(
            try cast.actor(key), id, version: head.version, contentHash: head.hash)
    }

    // MARK: Versions

    func version(_ bid: BidID) async throws -> Int {
        try await ask(DemonstrationStatements.bidVersion(bid))
    }

    func roundVersion(_ round: RoundID) async throws -> Int {
        try await ask(DemonstrationStatements.roundVersion(round))
    }

    func head(_ approval: ApprovalID) async throws -> DemonstrationStatements.ApprovalHead {
        try await ask(DemonstrationStatements.approvalVersion(approval))
    }
}
