public import Domain
public import Postgres

// The nouns of money: awards, variations, claims, payments.

extension Touchstone {
    /// Awards and their agreements.
    public var awards: Awards { Awards(platform: platform) }
    /// Changes of what was agreed.
    public var variations: Variations { Variations(platform: platform) }
    /// Claims.
    public var claims: Claims { Claims(platform: platform) }
    /// Batches of payments.
    public var payments: Payments { Payments(platform: platform) }
    /// Where authorities are paid.
    public var bankAccounts: BankAccounts { BankAccounts(platform: platform) }
}

extension ObjectReference {
    /// An award.
    public static func award(_ id: AwardID) -> Self { Self(kind: "award", id: id.rawValue) }
    /// A variation.
    public static func variation(_ id: VariationID) -> Self { Self(kind: "variation", id: id.rawValue) }
    /// A claim.
    public static func claim(_ id: ClaimID) -> Self { Self(kind: "claim", id: id.rawValue) }
    /// A batch of payments.
    public static func paymentBatch(_ id: PaymentBatchID) -> Self { Self(kind: "payment_batch", id: id.rawValue) }
    /// Bank details.
    public static func bankAccount(_ id: BankAccountID) -> Self { Self(kind: "bank_account", id: id.rawValue) }
}

extension Award.State: PostgresConvertible {}
extension AwardEvent: PostgresConvertible {}
extension Agreement.Instrument: PostgresConvertible {}
extension Agreement.Frequency: PostgresConvertible {}
extension Agreement.PaymentMode: PostgresConvertible {}
extension Agreement.Clause: PostgresConvertible {}
extension Agreement.Condition.Kind: PostgresConvertible {}
extension Agreement.Departure.Subject: PostgresConvertible {}
extension EvaluationMilestone: PostgresConvertible {}
extension Instalment.Status: PostgresConvertible {}
extension Variation.State: PostgresConvertible {}
extension Variation.Kind: PostgresConvertible {}
extension VariationEvent: PostgresConvertible {}
extension Claim.State: PostgresConvertible {}
extension Claim.Verdict: PostgresConvertible {}
extension ClaimEvent: PostgresConvertible {}
extension PaymentBatch.State: PostgresConvertible {}
extension PaymentBatchEvent: PostgresConvertible {}
