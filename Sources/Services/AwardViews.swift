public import Domain

/// An award in a list.
public struct AwardRow: Hashable, Sendable {
    /// Its identity.
    public let id: AwardID
    /// `AWD-2026-0001`.
    public let reference: String
    /// The project's title.
    public let title: String
    /// The authority's name.
    public let organisationName: String
    /// Where it stands.
    public let state: Award.State
    /// Goes up by one with each change.
    public let version: Int
    /// What was promised.
    public let amount: Money
    /// What claims ask for.
    public let claimed: Money
    /// What was paid, less what came back.
    public let paid: Money
    /// When it changed last.
    public let updatedAt: Instant
}

/// Which awards to list; nil means any.
public struct AwardFilter: Hashable, Sendable {
    /// Where it stands.
    public var state: Award.State?
    /// The authority.
    public var organisation: OrganisationID?
    /// The programme.
    public var programme: ProgrammeID?

    /// A filter.
    public init(state: Award.State? = nil, organisation: OrganisationID? = nil, programme: ProgrammeID? = nil) {
        self.state = state
        self.organisation = organisation
        self.programme = programme
    }
}

/// One instalment with where it stands and what it waits for.
public struct InstalmentView: Hashable, Sendable {
    /// Its identity.
    public let id: InstalmentID
    /// Which one, from 1.
    public let position: Int
    /// How much, at most.
    public let amount: Money
    /// Day-to-day money or money for assets.
    public let kind: BudgetLine.Kind
    /// In whose budget it falls.
    public let year: FinancialYear
    /// The day on which it is due.
    public let dueOn: Day
    /// What it waits for.
    public let milestone: EvaluationMilestone
    /// Where it stands.
    public let status: Instalment.Status
    /// The claim for it, if there is one.
    public let claim: ClaimID?
    /// What was claimed of it.
    public let claimed: Money
    /// What was paid of it.
    public let paid: Money
    /// Whether money may flow, whose turn it is, and since when.
    public let gate: EvaluationGate
}

/// A condition of the award with what was found last.
public struct ConditionView: Hashable, Sendable {
    /// Its code in the agreement.
    public let code: String
    /// What must be done.
    public let text: String
    /// Before the first payment, or throughout.
    public let kind: Agreement.Condition.Kind
    /// By when.
    public let dueOn: Day?
    /// Whether it was found met; nil while nobody looked.
    public let isMet: Bool?
    /// What that rests on.
    public let evidence: String?
    /// Who found it.
    public let foundBy: String?
    /// When.
    public let foundAt: Instant?
}

/// A recorded departure from what agreements usually hold.
public struct DepartureView: Hashable, Sendable {
    /// What is departed from.
    public let subject: Agreement.Departure.Subject
    /// Why.
    public let reason: String
    /// Who allowed it.
    public let approvedBy: String
    /// When.
    public let at: Instant
}

/// One version of an agreement, in a list.
public struct AgreementVersionRow: Hashable, Sendable {
    /// Its number, from 1.
    public let number: Int
    /// What was promised by it.
    public let maximum: Money
    /// Its first day.
    public let starts: Day
    /// Its last day.
    public let ends: Day
    /// Hex digest of what is signed.
    public let hash: String
    /// Who made it.
    public let madeBy: String
    /// When.
    public let at: Instant
    /// The variation that made it, where one did.
    public let variation: VariationID?
}

/// One version of an agreement, to be read and printed.
public struct AgreementView: Hashable, Sendable {
    /// The award.
    public let award: AwardRow
    /// Which version; 0 while it is a draft.
    public let number: Int
    /// What it says, as data.
    public let content: Agreement
    /// What it says, as a document.
    public let document: AgreementDocument
    /// Hex digest of what is signed; nil for a draft.
    public let hash: String?
    /// The text from which the digest is made, so that anybody can make it again; nil for a draft.
    public let signedText: String?
    /// All versions.
    public let versions: [AgreementVersionRow]
    /// What a draft still needs before its quality check.
    public let problems: [FieldProblem]
    /// What was approved for each year.
    public let years: [BudgetLine]
    /// Indicators to choose from, while it is a draft.
    public let indicators: [Indicator]
    /// Departures that were allowed.
    public let departures: [DepartureView]
    /// Whether this actor may change it now.
    public let editable: Bool
}

/// How far an authority's bank details can be relied on.
public struct BankStanding: Hashable, Sendable {
    /// The details.
    public let id: BankAccountID
    /// `••••1234`.
    public let masked: String
    /// The name on the account.
    public let payee: String
    /// Who entered them; nil where the actor may not know.
    public let enteredBy: PersonID?
    /// When.
    public let enteredAt: Instant
    /// Whether there were others before.
    public let isChange: Bool
    /// How many people have verified them.
    public let verifications: Int
    /// Whether one of them is of the authority itself.
    public let byAuthority: Bool
    /// From when money may go there; nil while verifications are wanting.
    public let payableFrom: Instant?
    /// Whether money may go there now.
    public let isReady: Bool
}

/// What an account of the ledger holds for one year and kind of money.
public struct BalanceRow: Hashable, Sendable {
    /// The financial year.
    public let year: FinancialYear
    /// Day-to-day money or money for assets.
    public let kind: BudgetLine.Kind
    /// All that was committed.
    public let committed: Money
    /// Promised and not yet approved for payment.
    public let commitment: Money
    /// Approved and not yet paid.
    public let payable: Money
    /// Paid.
    public let paid: Money
    /// Paid, and due back.
    public let recovery: Money
}

/// Money that is due back.
public struct RecoveryView: Hashable, Sendable {
    /// Its identity.
    public let id: Identifier<RecoveryView>
    /// Why.
    public let reason: String
    /// How much.
    public let amount: Money
    /// By when.
    public let dueOn: Day
    /// When it came; nil while it has not.
    public let receivedOn: Day?
    /// Goes up by one with each change.
    public let version: Int
}

/// The whole story of an award.
public struct AwardDetail: Sendable {
    /// The award.
    public let award: Award
    /// The project's title.
    public let title: String
    /// `BID-2026-0042`.
    public let bidReference: String
    /// The authority's name.
    public let organisationName: String
    /// The programme's title.
    public let programmeTitle: String
    /// What an agreement says of itself; nil before the first version.
    public let agreement: Agreement?
    /// Hex digest of the version that is in force or offered; nil before the first.
    public let agreementHash: String?
    /// Where the money stands.
    public let position: Ledger.Position
    /// The schedule.
    public let instalments: [InstalmentView]
    /// The balance by year.
    public let balance: [BalanceRow]
    /// Conditions and what was found of them.
    public let conditions: [ConditionView]
    /// Departures that were allowed.
    public let departures: [DepartureView]
    /// All versions of the agreement.
    public let versions: [AgreementVersionRow]
    /// Changes that were asked for.
    public let variations: [VariationRow]
    /// Claims that the actor may see.
    public let claims: [ClaimRow]
    /// Money due back.
    public let recoveries: [RecoveryView]
    /// The bank details that count; nil when there are none or the actor may not see them.
    public let bank: BankStanding?
    /// The last day on which the offer can be accepted.
    public let acceptBy: Day?
    /// Its entry on the government grants register.
    public let ggisReference: String?
    /// Who evaluates.
    public let evaluatorName: String?
    /// By when an evaluator is appointed.
    public let evaluatorDueOn: Day?
    /// By when the protocol is due.
    public let protocolDueOn: Day?
    /// Why it was returned, declined, suspended or ended.
    public let reason: String?
    /// Until when the authority may answer a suspension.
    public let respondBy: Day?
    /// Whether the authority has declared it complete.
    public let isDeclaredComplete: Bool
    /// Whether finance has reconciled it.
    public let isReconciled: Bool
    /// What this actor could do with it now.
    public let allowed: [AwardEvent]
    /// Whether this actor may start a claim, for which instalments.
    public let claimable: [Int]
    /// Whether this actor may ask for a variation.
    public let mayVary: Bool
    /// Whether this actor may enter bank details.
    public let mayEnterBank: Bool
    /// Whether this actor may verify them.
    public let mayVerifyBank: Bool
    /// Whether this actor may record what was found of conditions.
    public let mayFindConditions: Bool
    /// Whether this actor may allow departures.
    public let mayApproveDepartures: Bool
    /// Whether this actor may see the full bank details.
    public let mayUnmask: Bool
    /// Whether this actor may record that money came back.
    public let mayReceive: Bool
    /// Its protocol, reports, returns, practices, decisions and follow-ups, as far as this actor sees them.
    public let papers: [AwardPaper]
    /// Its changes of state, oldest first.
    public let history: [HistoryEntry]
}

/// Something that belongs to an award and has a page of its own.
public struct AwardPaper: Hashable, Sendable {
    /// What it is, by the name of its state machine, and which.
    public let object: ObjectReference
    /// Its reference.
    public let reference: String
    /// What it is about.
    public let title: String
    /// Where it stands.
    public let state: String
}

/// What anybody may see of an award.
public struct PublishedAward: Hashable, Sendable {
    /// `AWD-2026-0001`.
    public let reference: String
    /// The project's title.
    public let title: String
    /// The authority's name.
    public let organisationName: String
    /// The programme's title.
    public let programmeTitle: String
    /// What was promised.
    public let amount: Money
    /// What was paid.
    public let paid: Money
    /// Where it stands.
    public let state: Award.State
    /// Its first day.
    public let starts: Day?
    /// Its last day.
    public let ends: Day?
}

/// An award with what its evaluation promised and found, as everybody may see it.
public struct PublishedAwardStory: Hashable, Sendable {
    /// The award.
    public let award: PublishedAward
    /// Protocols in force.
    public let protocols: [PublishedProtocolRow]
    /// Reports, newest first, whatever they say.
    public let reports: [PublishedReportRow]
}
