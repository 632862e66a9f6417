import Domain
import Postgres

// What follows approval: awards, a claim, returns and an evaluation, each as far as the people here can take it today.

extension DemonstrationFund {
    /// The authorities with awards in a round of their own: in force, offered, being drafted.
    static let awarded = ["926", "815", "850"]

    /// A round whose bids were approved; their awards and what comes with the one in force; then practice and capacity.
    func cycle(_ programme: ProgrammeID) async throws {
        let bids = try await approvedBids(programme)
        let awards = try await draftedAwards(bids)
        try await offer(awards[1])
        try await offer(awards[0])
        try await putIntoForce(awards[0], of: bids[0].authority)
        // Returns whose period has ended are opened by the clock.
        try await tick()
        try await submitClaim(on: awards[0], of: bids[0].authority)
        try await beginReturn(of: bids[0].authority)
        try await beginPlan()
        try await practices()
        _ = try await touchstone.capacityAssessments.open(try cast.actor("307.editor"))
    }

    // MARK: Awards

    /// One approved bid of each authority, in a round that is decided.
    private func approvedBids(_ programme: ProgrammeID) async throws -> [DemonstrationBid] {
        let round = try await approvedRound(
            programme, "Round 0: first awards", opensIn: 7, budget: Money(pounds: 5_000_000))
        try await tick()
        try await setTimes(round, opened: 150, closesIn: 1)
        try await tick()
        var bids: [DemonstrationBid] = []
        for code in Self.awarded { bids.append(try await submittedBid(round, code, pounds: 100_000)) }
        try await setTimes(round, opened: 150, closesIn: -110)
        try await tick()
        for bid in bids {
            try await findEligible(bid)
            try await assign(bid)
        }
        try await beginAppraisal(round)
        for bid in bids {
            try await finishAppraisals(bid)
            var content = approvalContent(bid.requested)
            content.conditions = ""
            let approval = try await touchstone.approvals.prepare(try cast.actor("officer"), bid.id, content)
            try await clear(approval)
            try await approve(approval, by: "approver")
        }
        try await touchstone.rounds.decide(
            try cast.actor("approver"), round, version: try await roundVersion(round))
        return bids
    }

    private func draftedAwards(_ bids: [DemonstrationBid]) async throws -> [AwardID] {
        var awards: [AwardID] = []
        for bid in bids { awards.append(try await touchstone.awards.draft(try cast.actor("officer"), bid.id)) }
        return awards
    }

    /// The agreement is completed, checked by a second officer and offered.
    private func offer(_ award: AwardID) async throws {
        let officer = try cast.actor("officer")
        let view = try await touchstone.awards.agreement(officer, award)
        var agreement = view.content
        agreement.instrument = .section31
        agreement.determinationNumber = "31/7833"
        agreement.conditionality = .ringfenced
        agreement.starts = today.adding(days: -100)
        agreement.retrospectiveApproval = "SUB-\(today.parts.year)-7"
        agreement.ineligible = "Alcohol, fines, and what another grant pays for."
        _ = try await touchstone.awards.save(officer, award, version: view.award.version, agreement)
        try await touchstone.awards.qualityCheck(
            try cast.actor("officer2"), award, version: try await head(award).version)
        let checked = try await head(award)
        try await touchstone.awards.offer(
            try cast.actor("senior"), award, version: checked.version, contentHash: checked.hash)
    }

    /// Bank details by three people, the certifier's signature, the department's, and into force.
    private func putIntoForce(_ award: AwardID, of code: String) async throws {
        let certifier = try cast.actor("\(code).certifier")
        let bank = BankDetails(name: "Council main account", sortCode: "200000", account: "12345678")
        let account = try await touchstone.bankAccounts.enter(try cast.actor("\(code).editor"), for: award, bank)
        try await touchstone.bankAccounts.verify(certifier, for: award, account, bank)
        try await touchstone.bankAccounts.verify(try cast.actor("finance"), for: award, account, bank)
        let offered = try await head(award)
        try await touchstone.awards.accept(certifier, award, version: offered.version, contentHash: offered.hash)
        var signature = AwardSignature()
        signature.ggisReference = "AWD-000012345"
        signature.evaluatorDueOn = today.adding(days: 30)
        signature.protocolDueOn = today.adding(days: 90)
        let accepted = try await head(award)
        let signatory = try cast.actor("signatory")
        try await touchstone.awards.sign(
            signatory, award, version: accepted.version, contentHash: accepted.hash, signature)
        try await touchstone.awards.activate(signatory, award, version: try await head(award).version)
    }

    /// A claim for the first instalment, certified and waiting for its check.
    private func submitClaim(on award: AwardID, of code: String) async throws {
        let editor = try cast.actor("\(code).editor")
        let claims = touchstone.claims
        let id = try await claims.start(editor, award, position: 1)
        // Spent within the financial year of the instalment.
        let first = FinancialYear(of: today).flatMap { Day(year: $0.start, month: 4, day: 1) } ?? today
        let day = max(first, today.adding(days: -10))
        var content = Claim.Content()
        content.from = day
        content.to = day
        content.lines = [Money(pounds: 14_200), Money(pounds: 9_800)].enumerated().map { index, amount in
            var line = Claim.Line()
            line.date = day
            line.category = .staff
            line.amount = amount
            line.supplier = "Family workers"
            line.ledgerReference = "PAY-\(index + 1)"
            line.evidence = "Payroll of the month"
            return line
        }
        _ = try await claims.save(editor, id, version: 1, content)
        try await claims.sendForCertification(editor, id, version: try await version(id))
        try await claims.submit(
            try cast.actor("\(code).certifier"), id, version: try await version(id),
            declarationVersion: Claim.Declaration.version)
    }

    // MARK: Returns and evaluation

    /// The first open return, where one has opened, is begun.
    private func beginReturn(of code: String) async throws {
        let editor = try cast.actor("\(code).editor")
        let rows = try await touchstone.returns.list(editor).rows
        guard let row = rows.first(where: { $0.state == .open }) else { return }
        let view = try await touchstone.returns.section(editor, row.id, .reach)
        var content = ReturnContent()
        content.reach.peopleReached = 40
        _ = try await touchstone.returns.saveSection(
            editor, row.id, .reach, content: content, version: view.version)
    }

    /// An evaluator is appointed and begins the plan.
    private func beginPlan() async throws {
        let officer = try cast.actor("officer")
        guard let row = try await touchstone.evaluations.list(officer).rows.first else { return }
        let detail = try await touchstone.evaluations.detail(officer, row.id)
        let evaluator = try await owner.transaction("demonstration.evaluator") { tx in
            try tx.run(DemonstrationStatements.organisation(named: DemonstrationCast.evaluators).one)
        }
        _ = try await touchstone.evaluations.appoint(
            officer, row.id, version: detail.evaluation.version, evaluator: evaluator, contract: "EVAL-7833")
        guard let plan = detail.plan else { return }
        let author = try cast.actor("evaluator")
        let found = try await touchstone.evaluationPlans.detail(author, plan.id)
        try await touchstone.evaluationPlans.start(author, plan.id, version: found.plan.version, declares: true)
    }

    // MARK: Practice

    /// One card published, with an authority that knows of it and one that tries it; one checked and one draft.
    private func practices() async throws {
        let officer = try cast.actor("officer")
        _ = try await touchstone.practices.create(officer, try await practiceContent("Peer mentors for care leavers"))
        _ = try await checkedPractice("Family help teams in schools")
        let published = try await checkedPractice("Family group meetings before court")
        try await touchstone.practices.move(officer, published, .publish, version: 2)
        var content = Adoption.Content()
        content.awarenessSource = .webinar
        _ = try await touchstone.adoptions.declare(try cast.actor("316.certifier"), published, content)
        let pilot = try cast.actor("204.certifier")
        let id = try await touchstone.adoptions.declare(pilot, published, content)
        content.startedOn = today.adding(days: -60)
        content.coverage = 1_500
        content.fidelity = 4
        content.adaptations = "Meetings are held in family hubs, in the evening."
        try await touchstone.adoptions.move(pilot, id, .pilot, version: 1, content)
    }

    private func checkedPractice(_ name: String) async throws -> PracticeID {
        let id = try await touchstone.practices.create(
            try cast.actor("officer"), try await practiceContent(name))
        try await touchstone.practices.move(try cast.actor("reviewer"), id, .check, version: 1)
        return id
    }

    private func practiceContent(_ name: String) async throws -> Practice.Content {
        var content = Practice.Content()
        content.name = name
        content.summary = "A way of working that brings the people around a child together early and lets them decide."
        content.coreComponents = ["The family leads", "One worker throughout", "A written plan within four weeks"]
        content.adaptableComponents = ["Where people meet"]
        content.population = "Families with children aged 5 to 15 who were referred more than once."
        content.features = ["family help", "early help"]
        content.staffNeeded = "A coordinator for every sixty families."
        content.originator = try await touchstone.subject(try cast.actor("840.editor")).organisation
        return content
    }

    // MARK: Versions

    private func head(_ award: AwardID) async throws -> DemonstrationStatements.AwardHead {
        try await owner.transaction("demonstration.version") { tx in
            try tx.run(DemonstrationStatements.awardHead(award).one)
        }
    }

    private func version(_ claim: ClaimID) async throws -> Int {
        try await owner.transaction("demonstration.version") { tx in
            try tx.run(DemonstrationStatements.claimVersion(claim).one)
        }
    }
}
