public import Domain
public import Postgres

// The fund's own words travel as the codes that the database checks.

extension Programme.State: PostgresConvertible {}
extension Programme.ValueTest: PostgresConvertible {}
extension Programme.AllocationMethod: PostgresConvertible {}
extension Programme.Powers: PostgresConvertible {}
extension Programme.Conditionality: PostgresConvertible {}
extension Programme.GrantAdvice: PostgresConvertible {}
extension RiskLevel: PostgresConvertible {}
extension BudgetLine.Kind: PostgresConvertible {}
extension Round.State: PostgresConvertible {}
extension Criterion.Scorer: PostgresConvertible {}
extension Bid.State: PostgresConvertible {}
extension BidSection: PostgresConvertible {}
extension BidContent.CostLine.Category: PostgresConvertible {}
extension Appraisal.State: PostgresConvertible {}
extension Approval.State: PostgresConvertible {}
extension Approval.Kind: PostgresConvertible {}
extension Approval.SubsidyControl: PostgresConvertible {}
extension ProgrammeEvent: PostgresConvertible {}
extension RoundEvent: PostgresConvertible {}
extension BidEvent: PostgresConvertible {}
extension AppraisalEvent: PostgresConvertible {}
extension ApprovalEvent: PostgresConvertible {}
extension Duty: PostgresConvertible {}
extension Indicator.Unit: PostgresConvertible {}
extension Indicator.Polarity: PostgresConvertible {}

extension FinancialYear: PostgresConvertible {
    /// `text`, such as `2026-27`.
    public var wire: String { description }

    /// The year of that name.
    public init(wire: String) throws {
        guard let year = FinancialYear(wire) else { throw WireError(what: "a financial year") }
        self = year
    }
}

extension HomeTask.Kind: PostgresConvertible {}
