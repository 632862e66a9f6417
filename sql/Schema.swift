/// The SQL of this product, embedded: what a binary needs to bring a database to the shape that it expects.
public enum Schema {
    /// A file.
    public struct Script: Sendable, Hashable {
        /// Its name without the ending, such as `m001_foundation`.
        public let name: String
        /// Its bytes as they lie in the repository.
        public let bytes: [UInt8]

        /// A file that is not one of ours, for tests and for reference data of an operator.
        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }

        /// Its text.
        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Applied once each, in this order. A file that was released never changes. `ls` and this list are held equal by a test.
    public static let migrations: [Script] = [
        Script(name: "m001_foundation", bytes: PackageResources.m001_foundation_sql),
        Script(name: "m002_organisations", bytes: PackageResources.m002_organisations_sql),
        Script(name: "m003_people", bytes: PackageResources.m003_people_sql),
        Script(name: "m004_audit", bytes: PackageResources.m004_audit_sql),
        Script(name: "m005_workflow", bytes: PackageResources.m005_workflow_sql),
        Script(name: "m006_programmes", bytes: PackageResources.m006_programmes_sql),
        Script(name: "m007_rounds", bytes: PackageResources.m007_rounds_sql),
        Script(name: "m008_bids", bytes: PackageResources.m008_bids_sql),
        Script(name: "m009_appraisals", bytes: PackageResources.m009_appraisals_sql),
        Script(name: "m010_approvals", bytes: PackageResources.m010_approvals_sql),
        Script(name: "m011_calendar", bytes: PackageResources.m011_calendar_sql),
        Script(name: "m012_awards", bytes: PackageResources.m012_awards_sql),
        Script(name: "m013_claims", bytes: PackageResources.m013_claims_sql),
        Script(name: "m014_indicators", bytes: PackageResources.m014_indicators_sql),
        Script(name: "m015_returns", bytes: PackageResources.m015_returns_sql),
        Script(name: "m016_evaluations", bytes: PackageResources.m016_evaluations_sql),
        Script(name: "m017_reviews", bytes: PackageResources.m017_reviews_sql),
        Script(name: "m018_evaluation_reports", bytes: PackageResources.m018_evaluation_reports_sql),
        Script(name: "m019_practices", bytes: PackageResources.m019_practices_sql),
        Script(name: "m020_adoptions", bytes: PackageResources.m020_adoptions_sql),
    ]

    /// Functions, policies, grants and views: applied again whenever one of them changes, in this order.
    public static let repeatables: [Script] = [
        Script(name: "p00_house", bytes: PackageResources.p00_house_sql),
        Script(name: "p01_actor", bytes: PackageResources.p01_actor_sql),
        Script(name: "p01_actor_reach", bytes: PackageResources.p01_actor_reach_sql),
        Script(name: "p02_auth_1_sessions", bytes: PackageResources.p02_auth_1_sessions_sql),
        Script(name: "p02_auth_2_factors", bytes: PackageResources.p02_auth_2_factors_sql),
        Script(name: "p02_auth_3_accounts", bytes: PackageResources.p02_auth_3_accounts_sql),
        Script(name: "p03_workflow_rows", bytes: PackageResources.p03_workflow_rows_sql),
        Script(name: "p03_workflow_rows_evaluation", bytes: PackageResources.p03_workflow_rows_evaluation_sql),
        Script(name: "p03_workflow_rows_evidence", bytes: PackageResources.p03_workflow_rows_evidence_sql),
        Script(name: "p03_workflow_rows_money", bytes: PackageResources.p03_workflow_rows_money_sql),
        Script(name: "p03_workflow_rows_returns", bytes: PackageResources.p03_workflow_rows_returns_sql),
        Script(name: "p04_row_security", bytes: PackageResources.p04_row_security_sql),
        Script(name: "p05_case_security", bytes: PackageResources.p05_case_security_sql),
        Script(name: "p06_invariants", bytes: PackageResources.p06_invariants_sql),
        Script(name: "p07_case_invariants", bytes: PackageResources.p07_case_invariants_sql),
        Script(name: "p08_audience", bytes: PackageResources.p08_audience_sql),
        Script(name: "p09_handover", bytes: PackageResources.p09_handover_sql),
        Script(name: "p10_reminders", bytes: PackageResources.p10_reminders_sql),
        Script(name: "p11_money_1_rows", bytes: PackageResources.p11_money_1_rows_sql),
        Script(name: "p11_money_2_awards", bytes: PackageResources.p11_money_2_awards_sql),
        Script(name: "p11_money_3_agreements", bytes: PackageResources.p11_money_3_agreements_sql),
        Script(name: "p11_money_4_bank", bytes: PackageResources.p11_money_4_bank_sql),
        Script(name: "p11_money_5_claims", bytes: PackageResources.p11_money_5_claims_sql),
        Script(name: "p11_money_6_payments", bytes: PackageResources.p11_money_6_payments_sql),
        Script(name: "p11_money_7_ledger", bytes: PackageResources.p11_money_7_ledger_sql),
        Script(name: "p11_money_8_doors", bytes: PackageResources.p11_money_8_doors_sql),
        Script(name: "p12_returns_1_security", bytes: PackageResources.p12_returns_1_security_sql),
        Script(name: "p12_returns_2_invariants", bytes: PackageResources.p12_returns_2_invariants_sql),
        Script(name: "p12_returns_3_planning", bytes: PackageResources.p12_returns_3_planning_sql),
        Script(name: "p12_returns_4_statistics", bytes: PackageResources.p12_returns_4_statistics_sql),
        Script(name: "p13_evaluation_1_reach", bytes: PackageResources.p13_evaluation_1_reach_sql),
        Script(name: "p13_evaluation_2_security", bytes: PackageResources.p13_evaluation_2_security_sql),
        Script(name: "p13_evaluation_3_plans", bytes: PackageResources.p13_evaluation_3_plans_sql),
        Script(name: "p13_evaluation_4_protocols", bytes: PackageResources.p13_evaluation_4_protocols_sql),
        Script(name: "p13_evaluation_5_reviews", bytes: PackageResources.p13_evaluation_5_reviews_sql),
        Script(name: "p13_evaluation_6_verdicts", bytes: PackageResources.p13_evaluation_6_verdicts_sql),
        Script(name: "p13_evaluation_7_reports", bytes: PackageResources.p13_evaluation_7_reports_sql),
        Script(name: "p13_evaluation_8_publication", bytes: PackageResources.p13_evaluation_8_publication_sql),
        Script(name: "p13_evaluation_9_doors", bytes: PackageResources.p13_evaluation_9_doors_sql),
        Script(name: "p13_evaluation_9_people", bytes: PackageResources.p13_evaluation_9_people_sql),
        Script(name: "p13_evaluation_9_published", bytes: PackageResources.p13_evaluation_9_published_sql),
        Script(name: "p14_evidence_1_functions", bytes: PackageResources.p14_evidence_1_functions_sql),
        Script(name: "p14_evidence_2_security", bytes: PackageResources.p14_evidence_2_security_sql),
        Script(name: "p14_evidence_3_invariants", bytes: PackageResources.p14_evidence_3_invariants_sql),
        Script(name: "p14_evidence_4_adoption", bytes: PackageResources.p14_evidence_4_adoption_sql),
        Script(name: "p14_evidence_5_published", bytes: PackageResources.p14_evidence_5_published_sql),
        Script(name: "p15_report_readers", bytes: PackageResources.p15_report_readers_sql),
        Script(name: "r01_scorecard", bytes: PackageResources.r01_scorecard_sql),
        Script(name: "r02_commitment_spend", bytes: PackageResources.r02_commitment_spend_sql),
        Script(name: "r03_money_to_evaluation", bytes: PackageResources.r03_money_to_evaluation_sql),
        Script(name: "r11_delegated_limits", bytes: PackageResources.r11_delegated_limits_sql),
        Script(name: "r12_segregation", bytes: PackageResources.r12_segregation_sql),
        Script(name: "r18_return_timeliness", bytes: PackageResources.r18_return_timeliness_sql),
        Script(name: "r19_data_completeness", bytes: PackageResources.r19_data_completeness_sql),
        Script(name: "r21_evaluation_built_in", bytes: PackageResources.r21_evaluation_built_in_sql),
        Script(name: "r22_pre_registration", bytes: PackageResources.r22_pre_registration_sql),
        Script(name: "r27_outcomes_reported", bytes: PackageResources.r27_outcomes_reported_sql),
        Script(name: "r28_direction_of_results", bytes: PackageResources.r28_direction_of_results_sql),
        Script(name: "r29_publication", bytes: PackageResources.r29_publication_sql),
        Script(name: "r36_trend_against_neighbours", bytes: PackageResources.r36_trend_against_neighbours_sql),
        Script(name: "r37_pooled_outcome", bytes: PackageResources.r37_pooled_outcome_sql),
        Script(name: "r41_decision_log", bytes: PackageResources.r41_decision_log_sql),
        Script(name: "r44_adoption_ladder", bytes: PackageResources.r44_adoption_ladder_sql),
        Script(name: "r49_capacity_change", bytes: PackageResources.r49_capacity_change_sql),
        Script(name: "r55_my_authority", bytes: PackageResources.r55_my_authority_sql),
        Script(name: "r59_audit_trail", bytes: PackageResources.r59_audit_trail_sql),
    ]

    /// Facts about the world that every installation starts with, as CSV.
    public static let reference: [Script] = [
        Script(name: "authorities", bytes: PackageResources.authorities_csv),
        Script(name: "lifetimes", bytes: PackageResources.lifetimes_csv),
        Script(name: "successors", bytes: PackageResources.successors_csv),
        Script(name: "neighbours", bytes: PackageResources.neighbours_csv),
        Script(name: "indicators", bytes: PackageResources.indicators_csv),
        Script(name: "indicator_versions", bytes: PackageResources.indicator_versions_csv),
        Script(name: "statistic_series", bytes: PackageResources.statistic_series_csv),
        Script(name: "return_rules", bytes: PackageResources.return_rules_csv),
        Script(name: "projects", bytes: PackageResources.projects_csv),
        Script(name: "evaluations", bytes: PackageResources.evaluations_csv),
        Script(name: "bank_holidays", bytes: PackageResources.bank_holidays_csv),
    ]

    /// A reference file by name.
    public static func reference(_ name: String) -> Script? { reference.first { $0.name == name } }
}
