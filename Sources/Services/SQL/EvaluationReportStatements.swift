import Domain
import Postgres

/// A report as its row has it.
struct EvaluationReportRecord: Sendable {
    let report: EvaluationReport
    let plan: EvaluationPlanID
    let planVersion: Int
    let hash: [UInt8]?
    let factCheckDueOn: Day?
    let reviewDueOn: Day?
    let signedOffAt: Instant?
    let plannedOn: Day?
    let delayReason: EvaluationReport.DelayReason?
    let delayText: String?
    let delayUntil: Day?
    let publishedAt: Instant?
    let decisionReason: String?
    let correctionNote: String?
    let withdrawalReason: String?
    let url: String?
    let doi: String?
    let of: EvaluationRecord
}

/// What the database is asked about reports of evaluations.
enum EvaluationReportStatements {
    private static let columns: SQL = """
        p.id, p.reference, p.evaluation_id, p.bid_id, p.kind, p.title, p.state, p.submission, p.published_version,
        p.direction, p.publish_due_on, p.version, p.plan_id, p.plan_version, p.content_hash, p.fact_check_due_on,
        p.review_due_on, p.signed_off_at, p.planned_on, p.delay_reason, p.delay_text, p.delay_until, p.published_at,
        p.decision_reason, p.correction_note, p.withdrawal_reason, p.url, p.doi, \(EvaluationStatements.columns)
        from evaluation_report p join evaluation e on e.id = p.evaluation_id \(EvaluationStatements.tables)
        """

    private static func record(_ row: inout RowReader) throws -> EvaluationReportRecord {
        let report = try EvaluationReport(
            id: row.read(), reference: row.read(), evaluation: row.read(), bid: row.read(), kind: row.read(),
            title: row.read(), state: row.read(), submission: row.read(), publishedVersion: row.read(),
            direction: row.read(), publishDue: row.read(), version: row.read())
        let (plan, planVersion): (EvaluationPlanID, Int) = try (row.read(), row.read())
        let hash = try row.read(Bytes?.self)?.value
        return try EvaluationReportRecord(
            report: report, plan: plan, planVersion: planVersion, hash: hash, factCheckDueOn: row.read(),
            reviewDueOn: row.read(), signedOffAt: row.read(), plannedOn: row.read(), delayReason: row.read(),
            delayText: row.read(), delayUntil: row.read(), publishedAt: row.read(), decisionReason: row.read(),
            correctionNote: row.read(), withdrawalReason: row.read(), url: row.read(), doi: row.read(),
            of: EvaluationStatements.record(&row))
    }

    static func find(_ id: EvaluationReportID?) -> Statement<EvaluationReportRecord> {
        Statement("evaluation_report.find", "select \(columns) where p.id = \(id)", decode: record)
    }

    static func lock(_ id: EvaluationReportID) -> Statement<EvaluationReportRecord> {
        Statement(
            "evaluation_report.lock", "select \(columns) where p.id = \(id) for no key update of p", decode: record)
    }

    private static let rowColumns: SQL = """
        select p.id, p.reference, p.title, p.kind, p.state, p.direction, p.publish_due_on from evaluation_report p
        """

    private static func row(_ row: inout RowReader) throws -> EvaluationReportRow {
        try EvaluationReportRow(
            id: row.read(), reference: row.read(), title: row.read(), kind: row.read(), state: row.read(),
            direction: row.read(), publishDue: row.read())
    }

    static func ofEvaluation(_ id: EvaluationID) -> Statement<EvaluationReportRow> {
        Statement(
            "evaluation_report.of_evaluation",
            "\(rowColumns) where p.evaluation_id = \(id) order by p.created_at desc, p.id desc", decode: row)
    }

    static func list(after: EvaluationReportID?, limit: Int) -> Statement<EvaluationReportRow> {
        Statement(
            "evaluation_report.list",
            """
            \(rowColumns) where (\(after)::uuid is null or p.id < \(after)) order by p.id desc limit \(limit)
            """, decode: row)
    }

    static func insert(
        _ id: EvaluationReportID, of plan: EvaluationPlanRecord, kind: EvaluationReport.Kind, title: String,
        by person: PersonID
    )
        -> Statement<Void>
    {
        Statement(
            "evaluation_report.insert",
            """
            insert into evaluation_report (id, reference, evaluation_id, plan_id, award_id, bid_id, organisation_id, kind,
                title, created_by)
            values (\(id), public.next_reference('EVR'), \(plan.plan.evaluation), \(plan.plan.id),
                \(plan.of.evaluation.award), \(plan.plan.bid), \(plan.of.evaluation.recipient), \(kind), \(title), \(person))
            """)
    }

    static func ledger(of id: EvaluationReportID) -> Statement<Duty.Performed> {
        Statement(
            "evaluation_report.ledger",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.case_id = (select p.bid_id from evaluation_report p where p.id = \(id))
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    /// Whether the authority said since it was asked that its fact check is done.
    static func factCheckFinished(_ id: EvaluationReportID) -> Statement<Bool> {
        Statement(
            "evaluation_report.fact_check_finished",
            """
            select exists (select from workflow.log l where l.machine = 'evaluation_report' and l.object_id = \(id)
                and l.event = 'finish_fact_check' and l.seq > coalesce((select max(k.seq) from workflow.log k
                    where k.machine = 'evaluation_report' and k.object_id = \(id)
                        and k.event = 'send_for_fact_check'), 0))
            """
        ) { row in try row.read() }
    }

    /// A move, with what the event may set besides; `more` begins with a comma.
    static func move(
        _ id: EvaluationReportID, _ event: EvaluationReportEvent, to state: EvaluationReport.State, more: SQL = ""
    ) -> Statement<Void> {
        Statement(
            "evaluation_report.move",
            "update evaluation_report set \(SQL.moved(event, to: state)) \(more) where id = \(id)")
    }

    static func retitle(_ id: EvaluationReportID, _ title: String) -> Statement<Void> {
        Statement(
            "evaluation_report.retitle",
            "update evaluation_report set title = \(title), version = version + 1 where id = \(id)")
    }

    /// What keeps the current submission from being signed off, as the database sees it.
    static func gaps(_ id: EvaluationReportID) -> Statement<[String]?> {
        Statement("evaluation_report.gaps", "select public.report_gaps(\(id))") { row in try row.read([String]?.self) }
    }

    static func delays(_ id: EvaluationReportID) -> Statement<DelayView> {
        Statement(
            "evaluation_report.delays",
            """
            select d.number, d.reason, d.text, d.until, d.at from publication_delay d where d.report_id = \(id)
            order by d.number
            """
        ) { row in
            try DelayView(number: row.read(), reason: row.read(), text: row.read(), until: row.read(), at: row.read())
        }
    }

    static func versions(_ id: EvaluationReportID) -> Statement<ReportVersionView> {
        Statement(
            "evaluation_report.versions",
            """
            select v.number, encode(v.content_hash, 'hex'), v.direction, v.note, v.published_at
            from evaluation_report_version v where v.report_id = \(id) order by v.number desc
            """
        ) { row in
            try ReportVersionView(
                number: row.read(), digest: row.read(), direction: row.read(), note: row.read(), publishedAt: row.read()
            )
        }
    }

    static func insertPressure(on id: EvaluationReportID, _ body: String, by person: PersonID) -> Statement<Void> {
        Statement(
            "evaluation_report.insert_pressure",
            """
            insert into pressure_flag (id, report_id, body, flagged_by)
            values (public.uuid7(), \(id), \(body), \(person))
            """)
    }

    static func pressure(on id: EvaluationReportID) -> Statement<PressureView> {
        Statement(
            "evaluation_report.pressure",
            "select f.body, f.at from pressure_flag f where f.report_id = \(id) order by f.at"
        ) { row in try PressureView(body: row.read(), at: row.read()) }
    }
}
