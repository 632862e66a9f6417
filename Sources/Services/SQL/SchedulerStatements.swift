import Domain
import FoundationEssentials
import Postgres

/// What is due by the database's clock. Rows that somebody holds are left for the next time.
enum SchedulerStatements {
    struct Moved: Sendable {
        let id: UUID
        let from: String
        let version: Int
    }

    private static func moved(_ row: inout RowReader) throws -> Moved {
        Moved(id: try row.read(), from: try row.read(), version: try row.read())
    }

    /// Rounds that were approved are on the calendar at once.
    static func scheduleRounds(limit: Int) -> Statement<Moved> {
        rounds(.schedule, to: .scheduled, where: "r.state = 'approved'", limit: limit)
    }

    static func openRounds(limit: Int) -> Statement<Moved> {
        rounds(.open, to: .open, where: "r.state = 'scheduled' and r.opens_at <= now()", limit: limit)
    }

    static func closeRounds(limit: Int) -> Statement<Moved> {
        rounds(.close, to: .closed, where: "r.state = 'open' and r.closes_at <= now()", limit: limit)
    }

    private static func rounds(
        _ event: RoundEvent, to state: Round.State, where due: SQL, limit: Int
    ) -> Statement<Moved> {
        Statement(
            "scheduler.rounds",
            """
            with due as (
                select r.id, r.state from public.round r where \(sql: due)
                order by r.id limit \(limit) for no key update of r skip locked
            )
            update public.round r
            set state = \(state), last_event = \(event), transition_seq = r.transition_seq + 1, version = r.version + 1
            from due where r.id = due.id
            returning r.id, due.state, r.version
            """
        ) { try moved(&$0) }
    }

    /// Drafts that were not submitted in time.
    static func expireBids(limit: Int) -> Statement<Moved> {
        Statement(
            "scheduler.bids",
            """
            with due as (
                select b.id, b.state from public.bid b join public.round r on r.id = b.round_id
                where b.state in ('draft', 'in_certification') and r.state not in ('scheduled', 'open')
                    and r.closes_at <= now()
                order by b.id limit \(limit) for no key update of b skip locked
            )
            update public.bid b
            set state = 'not_submitted', last_event = 'expire', transition_seq = b.transition_seq + 1,
                version = b.version + 1
            from due where b.id = due.id
            returning b.id, due.state, b.version
            """
        ) { try moved(&$0) }
    }

    /// Returns whose period has ended.
    static func openReturns(limit: Int) -> Statement<Moved> {
        Statement(
            "scheduler.returns",
            """
            with due as (
                select r.id, r.state from public.monitoring_return r
                where r.state = 'scheduled' and r.period_to < public.london_today()
                order by r.id limit \(limit) for no key update of r skip locked
            )
            update public.monitoring_return r
            set state = 'open', last_event = 'open', transition_seq = r.transition_seq + 1, version = r.version + 1
            from due where r.id = due.id
            returning r.id, due.state, r.version
            """
        ) { try moved(&$0) }
    }

    /// The ladder of reminders of returns.
    static let remindOfReturns = Statement<Int>(
        "scheduler.remind_of_returns", "select public.remind_of_returns()"
    ) { row in try row.read() }

    /// Approvals that wait too long for a key: those who can do something hear of it, once for each wait.
    static let remindOfWaitingApprovals = Statement<Int>(
        "scheduler.remind", "select public.remind_of_waiting_approvals()"
    ) { row in try row.read() }

    static func lapseApprovals(limit: Int) -> Statement<Moved> {
        Statement(
            "scheduler.approvals",
            """
            with due as (
                select a.id, a.state from public.approval a where a.state = 'approved' and a.lapses_at <= now()
                order by a.id limit \(limit) for no key update of a skip locked
            )
            update public.approval a
            set state = 'lapsed', last_event = 'lapse', transition_seq = a.transition_seq + 1, version = a.version + 1
            from due where a.id = due.id
            returning a.id, due.state, a.version
            """
        ) { try moved(&$0) }
    }

    /// Offers whose last day to accept has passed.
    static func expireOffers(limit: Int) -> Statement<Moved> {
        Statement(
            "scheduler.offers",
            """
            with due as (
                select w.id, w.state from public.award w
                where w.state = 'offered' and w.accept_by < public.london_today()
                order by w.id limit \(limit) for no key update of w skip locked
            )
            update public.award w
            set state = 'expired', last_event = 'expire', transition_seq = w.transition_seq + 1, version = w.version + 1
            from due where w.id = due.id
            returning w.id, due.state, w.version
            """
        ) { try moved(&$0) }
    }

    /// Offers that end within a week: the authority and the officers hear of it, once.
    static let remindOfOffers = Statement<Int>("scheduler.remind_of_offers", "select public.remind_of_offers()") {
        row in
        try row.read()
    }

    static func expireDelegations(limit: Int) -> Statement<Moved> {
        Statement(
            "scheduler.delegations",
            """
            with due as (
                select d.id, d.state from public.delegation d
                where d.state = 'active' and d.valid_to < public.london_today()
                order by d.id limit \(limit) for no key update of d skip locked
            )
            update public.delegation d
            set state = 'expired', last_event = 'expire', transition_seq = d.transition_seq + 1, version = d.version + 1
            from due where d.id = due.id
            returning d.id, due.state, d.version
            """
        ) { try moved(&$0) }
    }
}
