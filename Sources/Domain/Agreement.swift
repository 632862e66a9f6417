/// What an agreement says, as data. The document that both sides sign is rendered from it; its digest is what they sign.
/// A draft may leave anything blank; `AgreementRules.problems` says what the quality check needs.
public struct Agreement: Hashable, Sendable, Codable {
    /// Under which instrument the money is paid.
    public var instrument: Instrument?
    /// `31/7833`: the number of the determination, for section 31.
    public var determinationNumber = ""
    /// Which strings the money carries.
    public var conditionality: Programme.Conditionality?
    /// What the money is for.
    public var purpose = ""
    /// All that can be paid: the sum that was approved.
    public var maximum: Money?
    /// The first day on which spending counts.
    public var starts: Day?
    /// The last day on which spending counts.
    public var ends: Day?
    /// The reference of the decision that lets spending count from before the agreement is signed.
    public var retrospectiveApproval = ""
    /// Kinds of cost that count.
    public var categories: [BidContent.CostLine.Category] = []
    /// What does not count, whatever its kind.
    public var ineligible = ""
    /// How often it is paid.
    public var frequency: Frequency?
    /// Whether evidence of spending comes before the money or after it.
    public var mode: PaymentMode?
    /// Why money is needed before it is spent, where it is.
    public var advanceReason = ""
    /// What is paid when, and what each payment waits for.
    public var instalments: [Instalment] = []
    /// Codes of the indicators that the authority reports.
    public var indicators: [String] = []
    /// Money within the award that is for its evaluation.
    public var evaluationBudget: Money?
    /// What the authority must do, once or always.
    public var conditions: [Condition] = []
    /// The clauses that the document holds.
    public var clauses: [Clause] = []
    /// What is left out on purpose, with who allowed it and why.
    public var departures: [Departure] = []
    /// A blank draft.
    public init() {}

    /// The legal form.
    public enum Instrument: String, Sendable, CaseIterable, Codable {
        case section31 = "section_31", fundingAgreement = "funding_agreement"
    }

    /// How often money is paid.
    public enum Frequency: String, Sendable, CaseIterable, Codable {
        case monthly, quarterly, yearly, milestone, lumpSum = "lump_sum"
    }

    /// Evidence first is in arrears; payment first is ahead of spending and needs a reason.
    public enum PaymentMode: String, Sendable, CaseIterable, Codable {
        case evidenceFirst = "evidence_first", paymentRequestFirst = "payment_request_first"
    }

    /// One condition.
    public struct Condition: Hashable, Sendable, Codable {
        /// A short code of the agreement's own, such as `C1`.
        public var code = ""
        /// What must be done or kept to.
        public var text = ""
        /// Whether it comes before the first payment, or holds throughout.
        public var kind: Kind?
        /// By when, where there is a day.
        public var due: Day?
        /// A blank condition.
        public init() {}

        /// Before the first payment, or throughout.
        public enum Kind: String, Sendable, CaseIterable, Codable { case precedent, ongoing }
    }

    /// A clause that is left out, or a rule that is not kept, on purpose.
    public struct Departure: Hashable, Sendable, Codable {
        /// What is departed from.
        public var from: Subject?
        /// Why, for those who audit it.
        public var reason = ""
        /// Who allowed it: a reference to their decision.
        public var authority = ""
        /// A blank departure.
        public init() {}

        /// A clause, or one of two rules.
        public enum Subject: Hashable, Sendable, Codable, RawRepresentable, CaseIterable {
            case clause(Clause)
            /// The last payment is too small a part, or the one before it does not wait for the interim report.
            case retention
            /// The money is not held to its purpose.
            case unringfenced

            /// Every clause, then the rules.
            public static var allCases: [Subject] { Clause.allCases.map(Subject.clause) + [.retention, .unringfenced] }

            /// The code: a clause's own, `retention`, or `unringfenced`.
            public var rawValue: String {
                switch self {
                case .clause(let clause): clause.rawValue
                case .retention: "retention"
                case .unringfenced: "unringfenced"
                }
            }

            /// The subject of a code.
            public init?(rawValue: String) {
                switch rawValue {
                case "retention": self = .retention
                case "unringfenced": self = .unringfenced
                default:
                    guard let clause = Clause(rawValue: rawValue) else { return nil }
                    self = .clause(clause)
                }
            }
        }
    }

    /// What every agreement holds, unless a departure is recorded.
    public enum Clause: String, Sendable, CaseIterable, Codable {
        case durationAndPurpose = "duration_purpose", payment, eligibleExpenditure = "eligible_expenditure",
            annualReview = "annual_review", monitoring = "monitoring_reporting", audit = "audit_assurance",
            fraud = "fraud_irregularity", conflicts = "conflicts_of_interest", evaluation, dataAccess = "data_access",
            publication, clawback = "withholding_repayment", novation

        /// Its heading in the document.
        public var title: String {
            switch self {
            case .durationAndPurpose: "Duration and purpose"
            case .payment: "Payment"
            case .eligibleExpenditure: "Eligible and ineligible expenditure"
            case .annualReview: "Annual review"
            case .monitoring: "Monitoring and reporting"
            case .audit: "Audit and assurance"
            case .fraud: "Fraud and irregularity"
            case .conflicts: "Conflicts of interest"
            case .evaluation: "Independent evaluation"
            case .dataAccess: "Access to data"
            case .publication: "Publication"
            case .clawback: "Withholding and repayment"
            case .novation: "Change of the lead body"
            }
        }
    }
}
