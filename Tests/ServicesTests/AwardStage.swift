import Domain
import Foundation
import Postgres

@testable import Services

/// A stage with an award on it, and the people who move money, each acting for themselves.
struct AwardStage {
    let stage: FundStage
    let bid: DemonstrationBid
    let award: AwardID

    var services: Touchstone { stage.services }
    func actor(_ key: String) throws -> Actor { try stage.actor(key) }
    var editor: Actor { get throws { try actor("\(bid.authority).editor") } }
    var certifier: Actor { get throws { try actor("\(bid.authority).certifier") } }
    var programme: ProgrammeID {
        get async throws { try await stage.test.value("select programme_id from award where id = \(award)") }
    }

    static let bank = BankDetails(name: "Anytown Council", sortCode: "200000", account: "12345678")
    static let reason = "Because of what was found on looking at it."

    /// Runs a test on a stage where an award is being drafted.
    static func run(pounds: Int = 100_000, _ body: (AwardStage) async throws -> Void) async throws {
        try await FundStage.run { stage in
            let (bid, approval) = try await stage.clearedApproval(pounds: pounds) { $0.conditions = "" }
            _ = try await stage.approve(approval, by: "approver")
            let award = try await stage.services.awards.draft(try stage.actor("officer"), bid.id)
            let made = AwardStage(stage: stage, bid: bid, award: award)
            try await made.openGates()
            try await body(made)
        }
    }

    /// Runs a test on a stage where the award is in force and its bank details are settled.
    static func runActive(pounds: Int = 100_000, _ body: (AwardStage) async throws -> Void) async throws {
        try await run(pounds: pounds) { made in
            try await made.activate()
            try await body(made)
        }
    }

    /// An award in force of an authority on a stage, in a round of its own, with everything else as it is.
    static func inForce(on stage: FundStage, of authority: String, pounds: Int = 100_000) async throws -> AwardStage {
        let (_, bids) = try await stage.appraisedBids([(authority, pounds)])
        let approval = try await stage.cleared(bids[0], pounds: pounds) { $0.conditions = "" }
        _ = try await stage.approve(approval, by: "approver")
        let award = try await stage.services.awards.draft(try stage.actor("officer"), bids[0].id)
        let made = AwardStage(stage: stage, bid: bids[0], award: award)
        try await made.activate()
        return made
    }

    // MARK: What others of the cycle say

    /// The evaluation and the returns answer what the test wants; their own suites test them.
    func openGates() async throws {
        try await stage.test.sql(
            "create table if not exists public.said (milestone text primary key, met boolean not null)")
        try await stage.test.sql(
            """
            create or replace function public.evaluation_milestone(
                award uuid, milestone text, out met boolean, out waiting_on text, out since timestamptz)
                language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
            begin
                met := milestone = 'none'
                    or coalesce((select s.met from public.said s where s.milestone = evaluation_milestone.milestone), false);
                waiting_on := 'the What Works review lead';
                since := '2026-11-03 09:00+00';
            end $$
            """)
        try await stage.test.sql(
            """
            create or replace function public.return_accepted(award uuid, period_from date, period_to date)
                returns boolean language sql stable as 'select true'
            """)
        try await stage.test.sql(
            "create or replace function public.returns_overdue(award uuid) returns integer language sql stable as 'select 0'"
        )
        try await stage.test.sql(
            "create or replace function public.final_report_submitted(award uuid) returns boolean language sql stable as 'select true'"
        )
    }

    func say(_ milestone: EvaluationMilestone, met: Bool) async throws {
        try await stage.test.sql(
            """
            insert into public.said values (\(milestone), \(met))
            on conflict (milestone) do update set met = excluded.met
            """)
    }

    // MARK: The agreement

    /// What a drafter makes of the proposal.
    func completeDraft(_ change: (inout Agreement) -> Void = { _ in }) async throws {
        let view = try await services.awards.agreement(try actor("officer"), award)
        var agreement = view.content
        let today = try await services.subject(try actor("officer")).now.londonDay
        agreement.instrument = .section31
        agreement.determinationNumber = "31/7833"
        agreement.conditionality = .ringfenced
        agreement.starts = today.adding(days: -200)
        agreement.retrospectiveApproval = "SUB-2026-7"
        agreement.ineligible = "Alcohol, fines, and what another grant pays for."
        if agreement.evaluationBudget == nil { agreement.evaluationBudget = .zero }
        change(&agreement)
        _ = try await services.awards.save(
            try actor("officer"), award, version: view.award.version, agreement)
    }

    func version() async throws -> Int { try await stage.test.value("select version from award where id = \(award)") }
    func hash() async throws -> String {
        try await stage.test.value("select encode(agreement_hash, 'hex') from award where id = \(award)")
    }
    func state() async throws -> Award.State {
        try await stage.test.value("select state from award where id = \(award)")
    }

    func offer() async throws {
        try await completeDraft()
        try await services.awards.qualityCheck(try actor("officer2"), award, version: try await version())
        try await services.awards.offer(
            try actor("senior"), award, version: try await version(), contentHash: try await hash())
    }

    func settleBank() async throws {
        let id = try await services.bankAccounts.enter(try editor, for: award, Self.bank)
        try await services.bankAccounts.verify(try certifier, for: award, id, Self.bank)
        try await services.bankAccounts.verify(try actor("finance"), for: award, id, Self.bank)
    }

    func signature() async throws -> AwardSignature {
        let today = try await services.subject(try actor("signatory")).now.londonDay
        var signature = AwardSignature()
        signature.ggisReference = "AWD-000012345"
        signature.evaluatorDueOn = today.adding(days: 30)
        signature.protocolDueOn = today.adding(days: 90)
        return signature
    }

    func activate() async throws {
        try await offer()
        try await settleBank()
        try await services.awards.accept(
            try certifier, award, version: try await version(), contentHash: try await hash())
        try await services.awards.sign(
            try actor("signatory"), award, version: try await version(), contentHash: try await hash(),
            try await signature())
        try await services.awards.activate(try actor("signatory"), award, version: try await version())
    }

    // MARK: Claims

    /// The content of a claim of so many days ago, of one line or more.
    func content(daysAgo: Int, _ amounts: [Money], reference: String = "INV") async throws -> Claim.Content {
        let day = try await services.subject(try editor).now.londonDay.adding(days: -daysAgo)
        var content = Claim.Content()
        content.from = day
        content.to = day
        content.lines = amounts.enumerated().map { index, amount in
            var line = Claim.Line()
            line.date = day
            line.category = .staff
            line.amount = amount
            line.supplier = "Family workers"
            line.ledgerReference = "\(reference)-\(daysAgo)-\(index + 1)"
            line.evidence = "Payroll of the month"
            return line
        }
        return content
    }

    func claimVersion(_ id: ClaimID) async throws -> Int {
        try await stage.test.value("select version from claim where id = \(id)")
    }

    func drafted(_ position: Int, _ amounts: [Money]) async throws -> ClaimID {
        let id = try await services.claims.start(try editor, award, position: position)
        _ = try await services.claims.save(
            try editor, id, version: 1, try await content(daysAgo: position * 10, amounts))
        return id
    }

    func submitted(_ position: Int, _ amounts: [Money]) async throws -> ClaimID {
        let id = try await drafted(position, amounts)
        try await services.claims.sendForCertification(try editor, id, version: try await claimVersion(id))
        try await services.claims.submit(
            try certifier, id, version: try await claimVersion(id), declarationVersion: Claim.Declaration.version)
        return id
    }

    /// Everything allowed.
    func verified(_ position: Int, _ amounts: [Money]) async throws -> ClaimID {
        let id = try await submitted(position, amounts)
        try await services.claims.beginCheck(try actor("officer"), id, version: try await claimVersion(id))
        _ = try await services.claims.verify(
            try actor("officer"), id, version: try await claimVersion(id),
            amounts.indices.map { Claim.Finding(line: $0 + 1, verdict: .allowed) })
        return id
    }

    func approved(_ position: Int, _ amounts: [Money]) async throws -> ClaimID {
        let id = try await verified(position, amounts)
        try await services.claims.approve(try actor("finance2"), id, version: try await claimVersion(id))
        return id
    }

    /// In a batch that somebody else can release.
    func assembled(_ claims: [ClaimID]) async throws -> PaymentBatchID {
        try await services.payments.assemble(try actor("finance2"), programme: try await programme, claims: claims)
    }

    func released(_ claims: [ClaimID]) async throws -> (batch: PaymentBatchID, file: String) {
        let batch = try await assembled(claims)
        let detail = try await services.payments.detail(try actor("releaser"), batch)
        _ = try await services.payments.release(
            try actor("releaser"), batch, version: detail.row.batch.version, count: detail.row.batch.count,
            total: detail.row.batch.total)
        return (batch, try await services.payments.export(try actor("finance2"), batch).csv)
    }

    func batchVersion(_ id: PaymentBatchID) async throws -> Int {
        try await stage.test.value("select version from payment_batch where id = \(id)")
    }

    func claimState(_ id: ClaimID) async throws -> Claim.State {
        try await stage.test.value("select state from claim where id = \(id)")
    }

    func paid() async throws -> Money {
        try await stage.test.value("select public.award_paid(\(award))")
    }
}
