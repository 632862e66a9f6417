import Domain
import Postgres

/// What is due by the clock in evaluations: they begin with their data, and reports are published on their day.
enum EvaluationSchedule {
    /// Evaluations whose data collection has begun, as recorded or as planned.
    static func begin(limit: Int) -> Statement<SchedulerStatements.Moved> {
        SchedulerStatements.move(
            "scheduler.evaluations", "public.evaluation_plan", EvaluationPlanEvent.begin, to: .active,
            where: """
                x.state = 'registered' and exists (select from public.evaluation e where e.id = x.evaluation_id
                    and coalesce(e.first_data_collection_actual, e.first_data_collection_planned) <= public.london_today())
                """, limit: limit)
    }

    /// Reports whose day of publication has come. Nobody has to ask.
    static func publish(limit: Int) -> Statement<SchedulerStatements.Moved> {
        SchedulerStatements.move(
            "scheduler.publications", "public.evaluation_report", EvaluationReportEvent.publish, to: .published,
            where: "x.state = 'publication_scheduled' and x.planned_on <= public.london_today()", limit: limit)
    }

    /// Days 56, 84 and 112 after sign-off.
    static let remindOfPublication = Statement<Int>(
        "scheduler.remind_of_publication", "select public.remind_of_publication()"
    ) { row in try row.read() }

    /// A protocol, comments, a fact check or a review that is due.
    static let remindOfEvaluations = Statement<Int>(
        "scheduler.remind_of_evaluations", "select public.remind_of_evaluations()"
    ) { row in try row.read() }
}
