import Domain
import Postgres

extension ReportDefinition {
    /// View 41.
    static let decisionLog = ReportDefinition(
        "Evidence and roll-out decisions", "Do roll-out decisions rest on the evidence that the rule asks for?",
        action: .reportReadWhole,
        columns: [
            .of(.link, "decision", "Decision"), .of(.text, "practice", "Practice"),
            .of(.text, "recommendation", "What was decided"), .of(.day, "decided_on", "Decided"),
            .of(.text, "level", "Level then"), .of(.count, "sms", "Strength of method then"),
            .of(.text, "sufficient", "Evidence"), .of(.text, "override_reason", "Reason for going ahead"),
            .of(.day, "evidence_due_on", "Evidence due"), .of(.count, "cited", "Cited"),
            .of(.text, "evidence_changed", "Since then"),
        ]
    ) { query in
        (
            "report.r41",
            """
            select reference, '/roll-out-decisions/' || decision_id, practice, recommendation, decided_on, level, sms::bigint,
                case when sufficient then 'met the rule' else 'short of the rule' end, nullif(override_reason, ''),
                evidence_due_on, cited, case when evidence_changed then 'the evidence has changed' else '' end,
                numerator, denominator, excluded, why
            from report.r41_decision_log(coalesce(\(query.asAt), now()), \(query.filters.programme))
            """
        )
    }
}
