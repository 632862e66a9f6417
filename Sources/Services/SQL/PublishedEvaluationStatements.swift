import Domain
import Postgres

/// What anybody may read of evaluations: the views of the schema `published`.
enum PublishedEvaluationStatements {
    /// Protocols in force, of everything or of one award by its reference.
    static func protocols(of award: String? = nil, after: String? = nil, limit: Int) -> Statement<PublishedProtocolRow>
    {
        Statement(
            "published.protocols",
            """
            select p.reference, p.title, p.authority, p.evaluator, p.version, p.stage, p.registration_status,
                p.approved_at, p.is_abandoned
            from published.protocol p
            where p.is_current and (\(award)::text is null or p.award = \(award))
                and (\(after)::text is null or p.reference < \(after))
            order by p.reference desc limit \(limit)
            """
        ) { row in
            try PublishedProtocolRow(
                reference: row.read(), title: row.read(), authorityName: row.read(), evaluatorName: row.read(),
                version: row.read(), stage: row.read(String?.self).flatMap { EvaluationStage(rawValue: $0) },
                registration: row.read(), approvedAt: row.read(), isAbandoned: row.read())
        }
    }

    /// All versions of a protocol, newest first, each with what holds for all of them.
    static func versions(_ reference: String) -> Statement<PublishedVersionRecord> {
        Statement(
            "published.protocol_versions",
            """
            select p.reference, p.title, p.award, p.authority, p.evaluator, p.is_self_evaluation, p.registration_status,
                p.registry, p.registry_id, p.registered_on, p.url, p.first_data_collection, p.is_abandoned,
                (select x.abandon_reason from published.evaluation x where x.evaluation_id = p.evaluation_id),
                (select x.lessons from published.evaluation x where x.evaluation_id = p.evaluation_id),
                p.version, p.content, p.digest, p.changed_keys, p.reason, p.before_unblinding, p.needs_review,
                p.approved_at, p.canonical_text
            from published.protocol p where p.reference = \(reference) order by p.version desc
            """
        ) { row in
            let head = try PublishedProtocolHead(
                reference: row.read(), title: row.read(), award: row.read(), authorityName: row.read(),
                evaluatorName: row.read(), isSelfEvaluation: row.read(), registration: row.read(),
                registry: row.read(String?.self).flatMap { Evaluation.Registry(rawValue: $0) },
                registryNumber: row.read(),
                registeredOn: row.read(), url: row.read(), firstDataCollection: row.read(), isAbandoned: row.read(),
                abandonReason: row.read(), lessons: row.read())
            let version = try PlanVersionRecord(
                number: row.read(), json: row.read(PostgresJSON.self).text, digest: row.read(), changedKeys: row.read(),
                reason: row.read(), beforeUnblinding: row.read(), neededReview: row.read(), approvedAt: row.read())
            return try PublishedVersionRecord(head: head, version: version, canonicalText: row.read())
        }
    }

    /// Reports that are or were public, of everything or of one award by its reference.
    static func reports(of award: String? = nil, after: (Instant, String)? = nil, limit: Int)
        -> Statement<PublishedReportRow>
    {
        Statement(
            "published.reports",
            """
            select r.reference, r.title, r.kind, r.authority, r.evaluator, r.state, r.direction, r.sms, r.padlock, r.version,
                r.published_at, r.summary
            from published.report r
            where (\(award)::text is null or r.award = \(award))
                and (\(after?.0)::timestamptz is null or (r.published_at, r.reference) < (\(after?.0), \(after?.1)))
            order by r.published_at desc, r.reference desc limit \(limit)
            """
        ) { row in
            try PublishedReportRow(
                reference: row.read(), title: row.read(), kind: row.read(), authorityName: row.read(),
                evaluatorName: row.read(), state: row.read(), direction: row.read(), sms: row.read(),
                padlock: row.read(),
                version: row.read(), publishedAt: row.read(), summary: row.read())
        }
    }

    static func report(_ reference: String) -> Statement<PublishedReportRecord> {
        Statement(
            "published.report",
            """
            select r.reference, r.title, r.kind, r.version, r.award, r.authority, r.evaluator, r.is_self_evaluation, r.state,
                r.direction, r.planned_sms, r.sms, r.padlock, r.registration_status, r.plan, r.plan_version,
                r.signed_off_on, r.published_at, r.version_at, r.url, r.doi, r.digest, r.correction_note,
                r.withdrawal_reason, r.content
            from published.report r where r.reference = \(reference)
            """
        ) { row in
            let head = try PublishedReportHead(
                reference: row.read(), title: row.read(), kind: row.read(), version: row.read(), award: row.read(),
                authorityName: row.read(), evaluatorName: row.read(), isSelfEvaluation: row.read(), state: row.read(),
                direction: row.read(), plannedSMS: row.read(), sms: row.read(), padlock: row.read(),
                registration: row.read(), plan: row.read(), planVersion: row.read(), signedOffOn: row.read(),
                publishedAt: row.read(), versionAt: row.read(), url: row.read(), doi: row.read(), digest: row.read(),
                correctionNote: row.read(), withdrawalReason: row.read())
            return try PublishedReportRecord(head: head, json: row.read(PostgresJSON?.self)?.text)
        }
    }

    static func results(_ reference: String) -> Statement<PublishedResult> {
        Statement(
            "published.results",
            """
            select x.position, x.outcome_code, x.outcome, x.time_point, x.headline, x.prespecified, x.is_primary, x.metric,
                x.effect::text, x.ci_low::text, x.ci_high::text, x.ci_level::text, x.p::text, x.adjusted,
                x.analysis_set, x.direction
            from published.result x where x.reference = \(reference) order by x.position
            """
        ) { row in
            try PublishedResult(
                position: row.read(), code: row.read(), outcome: row.read(), timePoint: row.read(),
                isHeadline: row.read(),
                isPrespecified: row.read(), isPrimary: row.read(), metric: row.read(), effect: estimate(&row),
                interval: ConfidenceInterval(low: estimate(&row), high: estimate(&row), level: estimate(&row) / 100),
                p: row.read(String?.self).flatMap { Double($0) }, isAdjusted: row.read(Bool?.self) ?? false,
                analysisSet: row.read(), direction: row.read())
        }
    }

    /// A decimal that is an estimate: its text is exact, and what is made of it is only shown.
    private static func estimate(_ row: inout RowReader) throws -> Double {
        guard let value = Double(try row.read(String.self)) else { throw WireError(what: "a decimal") }
        return value
    }

    static func reportVersions(_ reference: String) -> Statement<ReportVersionView> {
        Statement(
            "published.report_versions",
            """
            select v.version, v.digest, v.direction, v.note, v.published_at from published.report_version v
            where v.reference = \(reference) order by v.version desc
            """
        ) { row in
            try ReportVersionView(
                number: row.read(), digest: row.read(), direction: row.read(), note: row.read(), publishedAt: row.read()
            )
        }
    }

    static let overdue = Statement<OverduePublication>(
        "published.overdue",
        """
        select o.reference, o.title, o.authority, o.evaluator, o.signed_off_on, o.due_on, o.days_overdue, o.is_overdue,
            o.delay_reason, o.delay_text, o.delay_until, o.renewals
        from published.overdue_report o order by o.days_overdue desc, o.due_on, o.reference
        """
    ) { row in
        try OverduePublication(
            reference: row.read(), title: row.read(), authorityName: row.read(), evaluatorName: row.read(),
            signedOffOn: row.read(), dueOn: row.read(), daysOverdue: row.read(), isOverdue: row.read(),
            delayReason: row.read(), delayText: row.read(), delayUntil: row.read(), renewals: row.read())
    }

    static func evaluations(after: String?, limit: Int) -> Statement<PublishedEvaluationRow> {
        Statement(
            "published.evaluations",
            """
            select e.reference, e.title, e.authority, e.evaluator, e.phase, e.registration_status, e.plan,
                e.approved_version > 0, e.abandon_reason, e.lessons
            from published.evaluation e where (\(after)::text is null or e.reference < \(after))
            order by e.reference desc limit \(limit)
            """
        ) { row in
            try PublishedEvaluationRow(
                reference: row.read(), title: row.read(), authorityName: row.read(), evaluatorName: row.read(),
                phase: row.read(), registration: row.read(), plan: row.read(), hasProtocol: row.read(),
                abandonReason: row.read(), lessons: row.read())
        }
    }
}

/// One version of a protocol with what holds for all of them.
struct PublishedVersionRecord: Sendable {
    let head: PublishedProtocolHead
    let version: PlanVersionRecord
    let canonicalText: String
}

/// A public report as its row has it; without content once it is withdrawn.
struct PublishedReportRecord: Sendable {
    let head: PublishedReportHead
    let json: String?
}
