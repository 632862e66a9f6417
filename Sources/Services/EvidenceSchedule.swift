import Domain
import Postgres

/// What evidence, adoption and follow-up do by the clock.
enum EvidenceSchedule {
    /// Ratings whose review has come due.
    static func reviewRatings(limit: Int) -> Statement<SchedulerStatements.Moved> {
        SchedulerStatements.move(
            "scheduler.ratings", "public.evidence_rating", EvidenceRatingEvent.flag, to: .reviewNeeded,
            where: "x.state = 'agreed' and x.next_review_on <= public.london_today()",
            set: ", reason = 'The rating has come up for review: its last day has passed.'", limit: limit)
    }

    /// Certified assessments that nobody reopened in time.
    static func lockAssessments(limit: Int) -> Statement<SchedulerStatements.Moved> {
        SchedulerStatements.move(
            "scheduler.assessments", "public.capacity_assessment", CapacityAssessmentEvent.lock, to: .locked,
            where: """
                x.state in ('certified', 'moderated')
                and x.certified_at < now() - public.setting_number('capacity_lock_days', 28)::integer * interval '1 day'
                """, limit: limit)
    }

    /// Follow-ups whose day has come.
    static func openFollowUps(limit: Int) -> Statement<SchedulerStatements.Moved> {
        SchedulerStatements.move(
            "scheduler.follow_ups", "public.follow_up", FollowUpEvent.open, to: .open,
            where: "x.state = 'scheduled' and x.opens_on <= public.london_today()", limit: limit)
    }

    /// Follow-ups that three reminders did not get an answer to.
    static func giveUpFollowUps(limit: Int) -> Statement<SchedulerStatements.Moved> {
        SchedulerStatements.move(
            "scheduler.silent", "public.follow_up", FollowUpEvent.giveUp, to: .noResponse,
            where: """
                x.state = 'open'
                and (select count(*) from public.follow_up_reminder r where r.follow_up_id = x.id) >= 3
                and (select max(r.at) from public.follow_up_reminder r where r.follow_up_id = x.id)
                    <= now() - public.setting_number('follow_up_reminder_days', 14)::integer * interval '1 day'
                """, limit: limit)
    }

    /// Assessments that are made yearly, and a year after an award closed.
    static let openAssessments = Statement<Int>(
        "scheduler.open_assessments", "select public.open_due_assessments()"
    ) { row in try row.read() }

    /// Follow-ups past their day: three reminders each.
    static let remindOfFollowUps = Statement<Int>(
        "scheduler.remind_follow_ups", "select public.remind_of_follow_ups()"
    ) { row in try row.read() }

    /// Adoptions that nobody confirmed for six months.
    static let remindOfAdoptions = Statement<Int>(
        "scheduler.remind_adoptions", "select public.remind_of_adoptions()"
    ) { row in try row.read() }
}

extension SchedulerStatements {
    /// Moves what is due in one table; rows that somebody holds are left for the next time. Its rows are called x.
    static func move<Event: WorkflowEvent & PostgresConvertible>(
        _ name: StaticString, _ table: SQL, _ event: Event, to state: Event.State, where due: SQL, set more: SQL = "",
        limit: Int
    ) -> Statement<Moved> where Event.State: PostgresConvertible {
        Statement(
            name,
            """
            with due as (
                select x.id, x.state from \(table) x where \(due)
                order by x.id limit \(limit) for no key update of x skip locked
            )
            update \(table) t
            set state = \(state), last_event = \(event), transition_seq = t.transition_seq + 1, version = t.version + 1\(more)
            from due where t.id = due.id
            returning t.id, due.state, t.version
            """
        ) { row in Moved(id: try row.read(), from: try row.read(), version: try row.read()) }
    }
}
