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
        Script(name: "p04_row_security", bytes: PackageResources.p04_row_security_sql),
        Script(name: "p05_case_security", bytes: PackageResources.p05_case_security_sql),
        Script(name: "p06_invariants", bytes: PackageResources.p06_invariants_sql),
        Script(name: "p07_case_invariants", bytes: PackageResources.p07_case_invariants_sql),
        Script(name: "p08_audience", bytes: PackageResources.p08_audience_sql),
        Script(name: "p09_handover", bytes: PackageResources.p09_handover_sql),
        Script(name: "p10_reminders", bytes: PackageResources.p10_reminders_sql),
        Script(name: "r11_delegated_limits", bytes: PackageResources.r11_delegated_limits_sql),
        Script(name: "r12_segregation", bytes: PackageResources.r12_segregation_sql),
        Script(name: "r59_audit_trail", bytes: PackageResources.r59_audit_trail_sql),
    ]

    /// Facts about the world that every installation starts with, as CSV.
    public static let reference: [Script] = [
        Script(name: "authorities", bytes: PackageResources.authorities_csv),
        Script(name: "lifetimes", bytes: PackageResources.lifetimes_csv),
        Script(name: "successors", bytes: PackageResources.successors_csv),
        Script(name: "neighbours", bytes: PackageResources.neighbours_csv),
        Script(name: "indicators", bytes: PackageResources.indicators_csv),
        Script(name: "projects", bytes: PackageResources.projects_csv),
        Script(name: "bank_holidays", bytes: PackageResources.bank_holidays_csv),
    ]

    /// A reference file by name.
    public static func reference(_ name: String) -> Script? { reference.first { $0.name == name } }
}
