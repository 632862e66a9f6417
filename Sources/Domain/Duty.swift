/// What a person did for one case, where the doing excludes them from something else later. One person may not hold two
/// ends of the same decision, and the rule follows the person over the whole life of one award, whatever their capacities.
///
/// Raw values are permanent: they stand in the ledger `workflow.duty_performed` and in refusal codes.
public enum Duty: String, Sendable, CaseIterable, Codable {
    /// Wrote or edited a bid or return, for the authority.
    case wrote = "W"
    /// Certified it, for the authority.
    case certified = "CE"
    /// Appraised it.
    case appraised = "AP"
    /// Chaired or moderated the panel.
    case chaired = "CH"
    /// Prepared the approval.
    case prepared = "PR"
    /// Cleared it for finance.
    case cleared = "FC"
    /// Approved the award.
    case approved = "AA"
    /// Signed the agreement for the department.
    case signed = "SG"
    /// Verified a claim.
    case verified = "VC"
    /// Approved a payment for finance.
    case approvedPayment = "FP"
    /// Released a payment.
    case releasedPayment = "RP"
    /// Wrote the protocol or the report of the evaluation.
    case authoredEvaluation = "EA"
    /// Reviewed the protocol.
    case reviewedProtocol = "RV"
    /// Peer-reviewed the report.
    case peerReviewed = "PE"
    /// Decided as review lead.
    case ledReview = "RL"
    /// Proposed or agreed an evidence rating.
    case rated = "RT"
    /// Recommended roll-out.
    case recommendedRollOut = "RO"
    /// Approved roll-out.
    case approvedRollOut = "AD"

    /// How far a conflict reaches.
    public enum Reach: String, Sendable, CaseIterable, Codable {
        /// Anywhere in the case.
        case `case`
        /// Only for the same version of the content: who edited version 1 may certify version 2, if they left it alone.
        case version
    }

    /// How the duty reads after "you": "prepared this approval".
    public var phrase: String {
        switch self {
        case .wrote: "edited this bid"
        case .certified: "certified this bid"
        case .appraised: "appraised this bid"
        case .chaired: "chaired the panel on this bid"
        case .prepared: "prepared this approval"
        case .cleared: "cleared this approval for finance"
        case .approved: "approved this award"
        case .signed: "signed this agreement"
        case .verified: "verified a claim on this award"
        case .approvedPayment: "approved a payment on this award"
        case .releasedPayment: "released a payment on this award"
        case .authoredEvaluation: "wrote the evaluation of this award"
        case .reviewedProtocol: "reviewed the protocol of this evaluation"
        case .peerReviewed: "peer-reviewed the report of this evaluation"
        case .ledReview: "led the review of this evaluation"
        case .rated: "rated the evidence of this evaluation"
        case .recommendedRollOut: "recommended the roll-out"
        case .approvedRollOut: "approved the roll-out"
        }
    }

    /// The act as a phrase after "cannot": "certify it".
    var act: String {
        switch self {
        case .wrote: "edit it"
        case .certified: "certify it"
        case .appraised: "appraise it"
        case .chaired: "chair its panel"
        case .prepared: "prepare its approval"
        case .cleared: "clear it for finance"
        case .approved: "approve the award"
        case .signed: "sign its agreement"
        case .verified: "verify its claims"
        case .approvedPayment: "approve its payments"
        case .releasedPayment: "release its payments"
        case .authoredEvaluation: "write its evaluation"
        case .reviewedProtocol: "review its protocol"
        case .peerReviewed: "peer-review its report"
        case .ledReview: "lead its review"
        case .rated: "rate its evidence"
        case .recommendedRollOut: "recommend its roll-out"
        case .approvedRollOut: "approve its roll-out"
        }
    }

    /// Duties of the department and of the What Works side; nobody from the bidding authority performs any of them.
    private static let otherSide: Set<Duty> = [
        .appraised, .chaired, .prepared, .cleared, .approved, .signed, .verified, .approvedPayment, .releasedPayment,
        .recommendedRollOut, .approvedRollOut, .reviewedProtocol, .peerReviewed, .ledReview, .rated,
    ]

    /// One half of the table: what this duty excludes, as `workflows.md` §3.0 writes it. `conflict` makes it symmetric.
    private var excludes: Set<Duty> {
        switch self {
        case .wrote, .certified: Duty.otherSide.union([.authoredEvaluation])
        case .appraised: [.chaired, .prepared, .approved, .releasedPayment]
        case .chaired: [.prepared, .approved, .releasedPayment]
        case .prepared: [.cleared, .approved, .releasedPayment]
        case .cleared: [.approved, .verified]
        case .approved: [.verified, .approvedPayment, .releasedPayment]
        case .signed: []
        case .verified: [.approvedPayment, .releasedPayment]
        case .approvedPayment: [.releasedPayment]
        case .releasedPayment: []
        case .authoredEvaluation: Set(Duty.allCases).subtracting([.authoredEvaluation])
        case .reviewedProtocol: [.rated, .ledReview]
        case .peerReviewed: [.rated, .ledReview]
        case .ledReview: [.rated]
        case .rated: []
        case .recommendedRollOut: [.approvedRollOut]
        case .approvedRollOut: []
        }
    }

    /// Whether one person may perform both, and if not, how far the refusal reaches. Symmetric. Nil allows both.
    ///
    /// A duty never conflicts with itself here: that two keys come from two people, and that one officer does not rule on
    /// ineligibility twice, are guards of their own.
    public static func conflict(_ first: Duty, _ second: Duty) -> Reach? {
        guard first != second else { return nil }
        if Set([first, second]) == [.wrote, .certified] { return .version }
        return first.excludes.contains(second) || second.excludes.contains(first) ? .case : nil
    }

    /// A duty that a person has already performed in a case.
    public struct Performed: Hashable, Sendable {
        /// Who.
        public let person: PersonID
        /// What they did.
        public let duty: Duty
        /// The version of the content that it concerned; 0 where versions do not matter.
        public let version: Int

        /// A row of the ledger.
        public init(person: PersonID, duty: Duty, version: Int = 0) {
            self.person = person
            self.duty = duty
            self.version = version
        }
    }

    /// Refuses a new duty when the ledger of the case says that the same person did something that excludes it.
    /// Code `SOD_W_CE`: what was done already, then what was tried.
    public static func check(
        _ duty: Duty, by person: PersonID, version: Int = 0, ledger: [Performed]
    ) -> Refusal? {
        for row in ledger where row.person == person {
            switch conflict(row.duty, duty) {
            case .case: return refusal(already: row.duty, new: duty)
            case .version where row.version == version: return refusal(already: row.duty, new: duty)
            case .version, nil: continue
            }
        }
        return nil
    }

    /// The refusal for one pair, the same whether Domain or the database's trigger noticed it.
    public static func refusal(already: Duty, new: Duty) -> Refusal {
        Refusal(
            .forbidden, code: "SOD_\(already.rawValue)_\(new.rawValue)",
            "You \(already.phrase), so you cannot \(new.act). Ask somebody who has had no part in it.")
    }

    /// The refusal that a code such as `SOD_W_CE` stands for; nil when it is not one.
    public static func refusal(code: String) -> Refusal? {
        let parts = code.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "SOD", let already = Duty(rawValue: String(parts[1])),
            let new = Duty(rawValue: String(parts[2]))
        else { return nil }
        return refusal(already: already, new: new)
    }

    /// The table as rows for the database, both ways round, in a stable order.
    public static var sql: String {
        let rows = allCases.flatMap { duty in
            allCases.compactMap { other in
                conflict(duty, other).map { "    ('\(duty.rawValue)', '\(other.rawValue)', '\($0.rawValue)')" }
            }
        }
        return "insert into workflow.duty_conflict (duty, other, reach) values\n" + rows.joined(separator: ",\n")
            + ";\n"
    }
}
