import Domain
import Postgres

/// A plan as its row has it.
struct EvaluationPlanRecord: Sendable {
    let plan: EvaluationPlan
    let hash: [UInt8]?
    let commentDueOn: Day?
    let reviewDueOn: Day?
    let independenceDeclared: Bool
    let decisionReason: String?
    let abandonReason: String?
    let lessons: String?
    let of: EvaluationRecord
}

/// What the database is asked about plans of evaluations.
enum EvaluationPlanStatements {
    private static let columns: SQL = """
        p.id, p.reference, p.evaluation_id, p.bid_id, p.state, p.submission, p.approved_version, p.version, p.content_hash,
        p.comment_due_on, p.review_due_on, p.independence_declared, p.decision_reason, p.abandon_reason, p.lessons,
        \(EvaluationStatements.columns)
        from evaluation_plan p join evaluation e on e.id = p.evaluation_id \(EvaluationStatements.tables)
        """

    private static func record(_ row: inout RowReader) throws -> EvaluationPlanRecord {
        let plan = try EvaluationPlan(
            id: row.read(), reference: row.read(), evaluation: row.read(), bid: row.read(), state: row.read(),
            submission: row.read(), approvedVersion: row.read(), version: row.read())
        let hash = try row.read(Bytes?.self)?.value
        return try EvaluationPlanRecord(
            plan: plan, hash: hash, commentDueOn: row.read(), reviewDueOn: row.read(),
            independenceDeclared: row.read(), decisionReason: row.read(), abandonReason: row.read(),
            lessons: row.read(), of: EvaluationStatements.record(&row))
    }

    static func find(_ id: EvaluationPlanID?) -> Statement<EvaluationPlanRecord> {
        Statement("evaluation_plan.find", "select \(columns) where p.id = \(id)", decode: record)
    }

    static func find(ofEvaluation id: EvaluationID) -> Statement<EvaluationPlanRecord> {
        Statement(
            "evaluation_plan.find_of_evaluation", "select \(columns) where p.evaluation_id = \(id)", decode: record)
    }

    static func lock(_ id: EvaluationPlanID) -> Statement<EvaluationPlanRecord> {
        Statement("evaluation_plan.lock", "select \(columns) where p.id = \(id) for no key update of p", decode: record)
    }

    static func ofEvaluation(_ id: EvaluationID) -> Statement<EvaluationPlanRow> {
        Statement(
            "evaluation_plan.of_evaluation",
            """
            select p.id, p.reference, p.state, p.approved_version, p.submission from evaluation_plan p
            where p.evaluation_id = \(id)
            """
        ) { row in
            try EvaluationPlanRow(
                id: row.read(), reference: row.read(), state: row.read(), approvedVersion: row.read(),
                submission: row.read())
        }
    }

    /// Duties in the case of a plan.
    static func ledger(of id: EvaluationPlanID) -> Statement<Duty.Performed> {
        Statement(
            "evaluation_plan.ledger",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.case_id = (select p.bid_id from evaluation_plan p where p.id = \(id))
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    /// Whether the authority said since it was asked that it is done.
    static func commentsFinished(_ id: EvaluationPlanID) -> Statement<Bool> {
        Statement(
            "evaluation_plan.comments_finished",
            """
            select exists (select from workflow.log l where l.machine = 'evaluation_plan' and l.object_id = \(id)
                and l.event = 'finish_comments' and l.seq > coalesce((select max(k.seq) from workflow.log k
                    where k.machine = 'evaluation_plan' and k.object_id = \(id) and k.event = 'send_for_comment'), 0))
            """
        ) { row in try row.read() }
    }

    /// A move, with what the event may set besides; `more` begins with a comma.
    static func move(
        _ id: EvaluationPlanID, _ event: EvaluationPlanEvent, to state: EvaluationPlan.State, more: SQL = ""
    ) -> Statement<Void> {
        Statement(
            "evaluation_plan.move",
            "update evaluation_plan set \(SQL.moved(event, to: state)) \(more) where id = \(id)")
    }

    static func insertRegistration(_ id: EvaluationPlanID, _ entry: RegistrationEntry, by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            "evaluation_plan.insert_registration",
            """
            insert into evaluation_registration (id, plan_id, registry, registry_id, registered_on, url, recorded_by)
            values (public.uuid7(), \(id), \(entry.registry), \(entry.number), \(entry.on), \(entry.url), \(person))
            """)
    }

    static func insertAmendment(
        _ id: EvaluationPlanID, number: Int, reason: String, beforeUnblinding: Bool, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "evaluation_plan.insert_amendment",
            """
            insert into plan_amendment (id, plan_id, number, reason, before_unblinding, opened_by)
            values (public.uuid7(), \(id), \(number), \(reason), \(beforeUnblinding), \(person))
            """)
    }

    private static let versionColumns: SQL = """
        v.number, v.content, encode(v.content_hash, 'hex'), v.changed_keys, v.reason, v.before_unblinding, v.needs_review,
        v.approved_at
        """

    /// Approved versions, newest first.
    static func versions(_ id: EvaluationPlanID) -> Statement<PlanVersionRecord> {
        Statement(
            "evaluation_plan.versions",
            """
            select \(versionColumns) from evaluation_plan_version v where v.plan_id = \(id) order by v.number desc
            """, decode: version)
    }

    private static func version(_ row: inout RowReader) throws -> PlanVersionRecord {
        try PlanVersionRecord(
            number: row.read(), json: row.read(PostgresJSON.self).text, digest: row.read(), changedKeys: row.read(),
            reason: row.read(), beforeUnblinding: row.read(), neededReview: row.read(), approvedAt: row.read())
    }

    /// The version of the plan in force, to which a report answers.
    static func version(of report: EvaluationReportID?) -> Statement<PlanVersionRecord> {
        Statement(
            "evaluation_plan.version_of_report",
            """
            select \(versionColumns) from evaluation_report r join evaluation_plan p on p.id = r.plan_id
            join evaluation_plan_version v on v.plan_id = p.id and v.number = p.approved_version
            where r.id = \(report)
            """, decode: version)
    }

    /// The same, for the report that a review is of.
    static func version(ofReview review: ReviewID) -> Statement<PlanVersionRecord> {
        Statement(
            "evaluation_plan.version_of_review",
            """
            select \(versionColumns) from review w join evaluation_report r on r.id = w.report_id
            join evaluation_plan p on p.id = r.plan_id
            join evaluation_plan_version v on v.plan_id = p.id and v.number = p.approved_version
            where w.id = \(review)
            """, decode: version)
    }

    static func registrations(_ id: EvaluationPlanID) -> Statement<RegistrationView> {
        Statement(
            "evaluation_plan.registrations",
            """
            select g.version_number, g.registry, g.registry_id, g.registered_on, g.url from evaluation_registration g
            where g.plan_id = \(id) order by g.registered_on, g.at
            """
        ) { row in
            try RegistrationView(
                version: row.read(), registry: row.read(), number: row.read(), on: row.read(), url: row.read())
        }
    }

    static func amendment(_ id: EvaluationPlanID) -> Statement<AmendmentView> {
        Statement(
            "evaluation_plan.amendment",
            """
            select a.number, a.reason, a.before_unblinding, a.opened_at from plan_amendment a
            where a.plan_id = \(id) order by a.number desc limit 1
            """
        ) { row in
            try AmendmentView(
                number: row.read(), reason: row.read(), beforeUnblinding: row.read(), openedAt: row.read())
        }
    }
}

/// An approved version as its row has it.
struct PlanVersionRecord: Sendable {
    let number: Int
    let json: String
    let digest: String
    let changedKeys: [String]
    let reason: String?
    let beforeUnblinding: Bool?
    let neededReview: Bool
    let approvedAt: Instant
}
