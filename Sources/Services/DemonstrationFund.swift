import Domain
import FoundationEssentials
import Postgres

/// Does the work of the demonstration, each act by the person who would do it.
struct DemonstrationFund: Sendable {
    let touchstone: Touchstone
    let owner: Database
    let scheduler: Scheduler
    let cast: DemonstrationCast
    let today: Day
    let projects: [DemonstrationProject]
    /// Codes of the indicators that bids and aims choose from.
    let indicators: [String]

    /// One round after the other, the open one last, so that what is newest is what is open.
    func load(_ progress: @Sendable (String) -> Void) async throws {
        progress("Programmes")
        let main = try await openProgramme("Innovation in children's social care", budget: Money(pounds: 99_000_000))
        try await otherProgrammes()
        progress("Rounds")
        let decided = try await approvedRound(main, "Round 1: test and improve", opensIn: 7)
        let appraising = try await approvedRound(main, "Round 2: scale and spread", opensIn: 7)
        let closed = try await approvedRound(main, "Round 3: care leavers", opensIn: 7)
        let open = try await approvedRound(main, "Round 4: help before crisis", opensIn: 7)
        try await otherRounds(main)
        try await tick()
        try await setTimes(decided, opened: 120, closesIn: 1)
        try await setTimes(appraising, opened: 60, closesIn: 1)
        try await setTimes(closed, opened: 40, closesIn: 1)
        try await setTimes(open, opened: 10, closesIn: 18)
        try await tick()
        progress("Bids")
        let first = try await bidsOfDecidedRound(decided)
        let second = try await bidsOfAppraisingRound(appraising)
        let third = try await bidsOfClosedRound(closed)
        try await bidsOfOpenRound(open)
        try await setTimes(decided, opened: 120, closesIn: -80)
        try await setTimes(appraising, opened: 60, closesIn: -25)
        try await setTimes(closed, opened: 40, closesIn: -1)
        try await tick()
        progress("Appraisals and approvals")
        try await decide(decided, first)
        try await appraise(appraising, second)
        try await check(third)
        try await cycle(main, progress)
        progress("People and limits")
        try await accounts()
    }

    // MARK: Time

    /// What is due by the clock is done.
    func tick() async throws {
        let report = await scheduler.tick()
        if !report.failed.isEmpty { throw DemonstrationError.schedule(report.failed) }
    }

    /// The round opened so many days ago and closes in so many days, at 11:59pm.
    func setTimes(_ round: RoundID, opened: Int, closesIn: Int) async throws {
        guard let opens = LondonTime(today.adding(days: -opened), hour: 9)?.instant,
            let closes = LondonTime(today.adding(days: closesIn), hour: 23, minute: 59)?.instant
        else { return }
        try await set(DemonstrationStatements.setTimes(round, opens: opens, closes: closes))
    }

    // MARK: What the owner reads and helps along

    /// What a step must name, such as a version.
    func ask<Answer: Sendable>(_ statement: Statement<Answer>) async throws -> Answer {
        try await owner.transaction("demonstration.ask") { tx in try tx.run(statement.one) }
    }

    /// Moves time along.
    func set(_ statement: Statement<Void>) async throws {
        try await owner.transaction("demonstration.set") { tx in tx.queue(statement.done) }
    }

    // MARK: Programmes

    func openProgramme(_ title: String, budget: Money) async throws -> ProgrammeID {
        let id = try await approvedProgramme(title, budget: budget)
        try await touchstone.programmes.open(try cast.actor("senior"), id, version: 3, ggis: "SCH-000005439")
        return id
    }

    func approvedProgramme(_ title: String, budget: Money) async throws -> ProgrammeID {
        let id = try await submittedProgramme(title, budget: budget)
        try await touchstone.programmes.approve(try cast.actor("approver2"), id, version: 2)
        return id
    }

    func submittedProgramme(_ title: String, budget: Money) async throws -> ProgrammeID {
        let id = try await touchstone.programmes.create(
            try cast.actor("officer"), programmeContent(title, budget: budget, senior: try cast.person("senior")))
        try await touchstone.programmes.submit(try cast.actor("officer"), id, version: 1)
        return id
    }

    func otherProgrammes() async throws {
        let senior = try cast.actor("senior")
        let small = Money(pounds: 3_000_000)
        var draft = Programme.Content()
        draft.title = "Workforce and leadership"
        _ = try await touchstone.programmes.create(try cast.actor("officer2"), draft)
        _ = try await submittedProgramme("Data and digital foundations", budget: small)
        _ = try await approvedProgramme("Kinship care pilots", budget: small)
        let rejected = try await submittedProgramme("Regional residential centres", budget: small)
        try await touchstone.programmes.reject(
            try cast.actor("approver2"), rejected, version: 2,
            reason: "The economic case does not compare real options.")
        let suspended = try await openProgramme("Independent visiting", budget: small)
        try await touchstone.programmes.suspend(
            senior, suspended, version: 4, reason: "Suspended while the spending review is under way.")
        let closing = try await openProgramme("Early partners", budget: small)
        try await touchstone.programmes.beginClosing(senior, closing, version: 4)
    }

    // MARK: Rounds

    func approvedRound(
        _ programme: ProgrammeID, _ title: String, opensIn: Int, budget: Money = Money(pounds: 15_000_000)
    ) async throws -> RoundID {
        let id = try await touchstone.rounds.create(
            try cast.actor("officer"), programme,
            roundContent(title, budget: budget, opensIn: opensIn, openFor: 30))
        try await touchstone.rounds.approve(try cast.actor("approver2"), id, version: 1)
        return id
    }

    /// Approved, scheduled, draft and cancelled. The worker schedules what is approved at its next turn, so the
    /// approved one is made last, in `accounts`.
    func otherRounds(_ programme: ProgrammeID) async throws {
        _ = try await approvedRound(programme, "Round 5: fostering", opensIn: 20)
        var draft = Round.Content()
        draft.title = "Round 7: to be written"
        _ = try await touchstone.rounds.create(try cast.actor("officer2"), programme, draft)
        let cancelled = try await approvedRound(programme, "Round 6: residential care", opensIn: 25)
        try await touchstone.rounds.cancel(
            try cast.actor("senior"), cancelled, version: 2, reason: "The money was moved to the other rounds.")
    }

    // MARK: People

    /// Accounts and limits in the states that are left; and one round that is approved and not yet scheduled.
    func accounts() async throws {
        let administrator = try cast.actor("administrator")
        let second = try cast.actor("administrator2")
        let department = try await touchstone.subject(try cast.actor("officer")).organisation
        var people: [PersonID] = []
        for (name, local) in [("Nora Newcomer", "invited"), ("Simon Pause", "suspended"), ("Lena Gone", "left")] {
            let invited = try await touchstone.people.invite(
                administrator,
                NewPerson(
                    organisation: department, role: .department, email: "\(local)@department.example", name: name,
                    capacities: [.appraiser]))
            people.append(invited.person)
            guard local != "invited" else { continue }
            try await touchstone.signIn.accept(invitation: invited.invitationToken, passphrase: Tokens.fresh())
        }
        try await touchstone.people.suspend(
            administrator, people[1], version: 2, reason: "On leave for the rest of the year.")
        try await touchstone.people.leave(administrator, people[2], version: 2, handoverTo: nil)
        try await delegations(administrator, second)
        let open = try await touchstone.programmes.list(try cast.actor("officer"), page: PageRequest(size: 100))
        if let programme = open.rows.first(where: { $0.state == .open }) {
            _ = try await approvedRound(programme.id, "Round 8: short breaks", opensIn: 40)
        }
    }

    func delegations(_ administrator: Actor, _ second: Actor) async throws {
        let holder = try cast.person("approver.low")
        func propose(_ tier: String) async throws -> DelegationID {
            try await touchstone.delegations.propose(
                administrator,
                NewDelegation(
                    person: holder, tier: tier, limit: Money(pounds: 500_000), instrument: "Letter of \(today.spoken)",
                    from: today, to: today.adding(days: 300)))
        }
        _ = try await propose("Grade 6, proposed")
        let revoked = try await propose("Grade 6, withdrawn")
        try await touchstone.delegations.revoke(
            second, revoked, version: 1, reason: "Proposed for the wrong person; another one follows.")
        let expired = try await propose("Grade 6, last year")
        try await touchstone.delegations.activate(second, expired, version: 1)
        try await set(DemonstrationStatements.setExpired(expired))
        try await tick()
    }
}
