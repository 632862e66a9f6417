import Domain
import Postgres

// From approved bids to awards in force: a round that is decided, agreements, bank details and signatures.

/// An award of the demonstration.
struct DemonstrationAward: Sendable {
    let plot: DemonstrationPlot
    let bid: BidID
    let id: AwardID

    /// DfE code of the authority that holds it.
    var authority: String { plot.authority }
}

extension DemonstrationFund {
    /// Every plot as an award that is being drafted, in one round that is decided.
    func awards(_ programme: ProgrammeID) async throws -> [DemonstrationAward] {
        let round = try await approvedRound(
            programme, "Round 0: first awards", opensIn: 7, budget: Money(pounds: 9_000_000))
        try await tick()
        try await setTimes(round, opened: 240, closesIn: 1)
        try await tick()
        var bids: [DemonstrationBid] = []
        for plot in DemonstrationPlot.all {
            bids.append(try await submittedBid(round, plot.authority, plot.title, pounds: plot.pounds))
        }
        try await setTimes(round, opened: 240, closesIn: -210)
        try await tick()
        for bid in bids {
            try await findEligible(bid)
            try await assign(bid)
        }
        try await beginAppraisal(round)
        for (plot, bid) in zip(DemonstrationPlot.all, bids) { try await promise(bid, plot) }
        try await touchstone.rounds.decide(
            try cast.actor("approver"), round, version: try await roundVersion(round))
        var awards: [DemonstrationAward] = []
        for (plot, bid) in zip(DemonstrationPlot.all, bids) {
            let id = try await touchstone.awards.draft(try cast.actor("officer"), bid.id)
            awards.append(DemonstrationAward(plot: plot, bid: bid.id, id: id))
        }
        return awards
    }

    /// Appraised, cleared and approved.
    private func promise(_ bid: DemonstrationBid, _ plot: DemonstrationPlot) async throws {
        try await finishAppraisals(bid)
        var content = approvalContent(bid.requested)
        content.conditions = ""
        if plot.isOver, let year = years.first { content.years = [BudgetLine(year: year, amount: bid.requested)] }
        let approval = try await touchstone.approvals.prepare(try cast.actor("officer"), bid.id, content)
        try await clear(approval)
        try await approve(approval, by: "approver")
    }

    // MARK: Agreement

    /// Takes an agreement as far as its plot says.
    func agree(_ award: DemonstrationAward) async throws {
        let depth = award.plot.depth
        guard depth != .drafting else { return }
        try await check(award)
        guard depth != .qualityChecked else { return }
        try await offer(award)
        switch depth {
        case .declined:
            try await touchstone.awards.decline(
                try cast.actor("\(award.authority).certifier"), award.id, version: try await head(award).version,
                reason: "The council cannot recruit the team that the agreement asks for.")
        case .expired:
            try await set(DemonstrationStatements.setOfferExpired(award.id))
        case .accepted: try await accept(award)
        case .signed:
            try await accept(award)
            try await sign(award)
        case .inForce:
            try await accept(award)
            try await sign(award)
            try await touchstone.awards.activate(
                try cast.actor("signatory"), award.id, version: try await head(award).version)
        case .drafting, .qualityChecked, .offered: break
        }
    }

    /// Completed by its drafter, and checked by a second officer.
    private func check(_ award: DemonstrationAward) async throws {
        let officer = try cast.actor("officer")
        let view = try await touchstone.awards.agreement(officer, award.id)
        var agreement = view.content
        agreement.instrument = .section31
        agreement.determinationNumber =
            "31/\(7800 + (DemonstrationPlot.all.firstIndex { $0.key == award.plot.key } ?? 0))"
        agreement.conditionality = .ringfenced
        agreement.starts = today.adding(days: -184)
        if award.plot.isOver { agreement.ends = today.adding(days: -1) }
        agreement.retrospectiveApproval = "SUB-\(today.parts.year)-7"
        agreement.ineligible = "Alcohol, fines, and what another grant pays for."
        _ = try await touchstone.awards.save(officer, award.id, version: view.award.version, agreement)
        try await touchstone.awards.qualityCheck(
            try cast.actor("officer2"), award.id, version: try await head(award).version)
    }

    private func offer(_ award: DemonstrationAward) async throws {
        let checked = try await head(award)
        try await touchstone.awards.offer(
            try cast.actor("senior"), award.id, version: checked.version, contentHash: checked.hash)
    }

    /// The certifier's signature, after bank details where the authority has given none yet.
    private func accept(_ award: DemonstrationAward) async throws {
        let first = DemonstrationPlot.all.first { $0.authority == award.authority && $0.depth.isAccepted }
        if first?.key == award.plot.key { try await settleBank(award) }
        let offered = try await head(award)
        try await touchstone.awards.accept(
            try cast.actor("\(award.authority).certifier"), award.id, version: offered.version,
            contentHash: offered.hash)
    }

    /// Bank details by three people.
    private func settleBank(_ award: DemonstrationAward) async throws {
        let editor = try cast.actor("\(award.authority).editor")
        let certifier = try cast.actor("\(award.authority).certifier")
        let bank = BankDetails(name: "Council main account", sortCode: "200000", account: "12345678")
        let account = try await touchstone.bankAccounts.enter(editor, for: award.id, bank)
        try await touchstone.bankAccounts.verify(certifier, for: award.id, account, bank)
        try await touchstone.bankAccounts.verify(try cast.actor("finance"), for: award.id, account, bank)
    }

    private func sign(_ award: DemonstrationAward) async throws {
        var signature = AwardSignature()
        signature.ggisReference = "AWD-000012345"
        signature.evaluatorDueOn = today.adding(days: 30)
        signature.protocolDueOn = today.adding(days: 90)
        let accepted = try await head(award)
        try await touchstone.awards.sign(
            try cast.actor("signatory"), award.id, version: accepted.version, contentHash: accepted.hash, signature)
    }

    // MARK: Versions

    /// What an authority or a signatory must name.
    func head(_ award: DemonstrationAward) async throws -> DemonstrationStatements.AwardHead {
        try await ask(DemonstrationStatements.awardHead(award.id))
    }
}
