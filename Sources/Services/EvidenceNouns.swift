public import Domain
public import Postgres

// The nouns of evidence, decisions and adoption.

extension Touchstone {
    /// Practice cards.
    public var practices: Practices { Practices(platform: platform) }
    /// Ratings of the evidence on practices.
    public var ratings: Ratings { Ratings(platform: platform) }
    /// Roll-out decisions.
    public var adoptionDecisions: AdoptionDecisions { AdoptionDecisions(platform: platform) }
    /// Which authority took up which practice.
    public var adoptions: Adoptions { Adoptions(platform: platform) }
    /// How able authorities are to evaluate, in their own view.
    public var capacityAssessments: CapacityAssessments { CapacityAssessments(platform: platform) }
    /// What is asked after an award ended.
    public var followUps: FollowUps { FollowUps(platform: platform) }
    /// What was done so that others hear of practices.
    public var dissemination: Dissemination { Dissemination(platform: platform) }
    /// What led to what.
    public var chain: Chain { Chain(platform: platform) }
    /// What anybody may know of evidence and decisions.
    public var publicEvidence: PublicEvidence { PublicEvidence(platform: platform) }
}

extension ObjectReference {
    /// A practice.
    public static func practice(_ id: PracticeID) -> Self { Self(kind: "practice", id: id.rawValue) }
    /// A rating.
    public static func evidenceRating(_ id: EvidenceRatingID) -> Self { Self(kind: "evidence_rating", id: id.rawValue) }
    /// A roll-out decision.
    public static func adoptionDecision(_ id: AdoptionDecisionID) -> Self {
        Self(kind: "adoption_decision", id: id.rawValue)
    }
    /// An adoption.
    public static func adoption(_ id: AdoptionID) -> Self { Self(kind: "la_adoption", id: id.rawValue) }
    /// A capacity assessment.
    public static func capacityAssessment(_ id: CapacityAssessmentID) -> Self {
        Self(kind: "capacity_assessment", id: id.rawValue)
    }
    /// A follow-up.
    public static func followUp(_ id: FollowUpID) -> Self { Self(kind: "follow_up", id: id.rawValue) }
}

extension Practice.State: PostgresConvertible {}
extension Practice.Part: PostgresConvertible {}
extension PracticeEvent: PostgresConvertible {}
extension EvidenceRating.State: PostgresConvertible {}
extension EvidenceRating.Consistency: PostgresConvertible {}
extension EvidenceRatingEvent: PostgresConvertible {}
extension EvidenceLevel: PostgresConvertible {}
extension AdoptionDecision.State: PostgresConvertible {}
extension AdoptionDecision.Recommendation: PostgresConvertible {}
extension AdoptionDecision.Bearing: PostgresConvertible {}
extension AdoptionDecisionEvent: PostgresConvertible {}
extension EvidenceChange: PostgresConvertible {}
extension EvidenceItem.Kind: PostgresConvertible {}
extension Adoption.State: PostgresConvertible {}
extension Adoption.Source: PostgresConvertible {}
extension Adoption.Verification: PostgresConvertible {}
extension AdoptionEvent: PostgresConvertible {}
extension CapacityAssessment.State: PostgresConvertible {}
extension CapacityAssessment.Wave: PostgresConvertible {}
extension CapacityAssessment.Doer: PostgresConvertible {}
extension CapacityAssessmentEvent: PostgresConvertible {}
extension FollowUp.State: PostgresConvertible {}
extension FollowUp.Running: PostgresConvertible {}
extension FollowUp.Staff: PostgresConvertible {}
extension FollowUp.Missing: PostgresConvertible {}
extension FollowUp.Value.Source: PostgresConvertible {}
extension FollowUpEvent: PostgresConvertible {}
extension DisseminationActivity.Kind: PostgresConvertible {}

/// What every act on evidence leaves behind: an event of the audit trail, and notices to those whom the workflow names.
struct EvidenceAct: Sendable {
    let subject: Subject
    let actor: Actor
    let grant: Grant
    let object: ObjectReference
    /// `PRA-2026-0003`, or another name for what is moved.
    let name: String

    /// Queues the event and the notices of one move. `version` is the version before it; `then` is what the notice says.
    func move<Event: WorkflowEvent>(
        _ event: Event, _ move: (state: Event.State, transition: Transition), from: Event.State?, version: Int,
        reason: String? = nil, after: [UInt8]? = nil, detail: [String: String] = [:], says: String = "",
        _ tx: borrowing Transaction
    ) {
        let code = "\(Event.machine.rawValue).\(event.rawValue)"
        tx.queue(
            Record(subject, actor).event(
                code, on: object, as: grant.capacity, from: from?.rawValue, to: move.state.rawValue, reason: reason,
                after: after, detail: detail))
        let state = move.state.rawValue.replacing("_", with: " ")
        tx.tell(
            move.transition,
            Outbox(
                code, on: object, subject: "\(name) is now \(state)",
                body: [says.isEmpty ? "Sign in to see it." : says, reason.map { "Reason: \($0)" }].compactMap(\.self)
                    .joined(separator: "\n\n"),
                dedupe: "\(code):\(object.id.map { "\($0)" } ?? ""):\(version)"))
    }

    /// Queues the event of something that moves nothing.
    func note(_ action: String, detail: [String: String] = [:], _ tx: borrowing Transaction) {
        tx.queue(Record(subject, actor).event(action, on: object, as: grant.capacity, detail: detail))
    }
}

extension SQL {
    /// What every move changes; `more` sets further columns and begins with a comma.
    static func moved<Event: WorkflowEvent>(_ event: Event, to state: Event.State) -> SQL
    where Event.State: PostgresConvertible, Event: PostgresConvertible {
        "state = \(state), last_event = \(event), transition_seq = transition_seq + 1, version = version + 1"
    }
}

/// What the database is asked about thresholds and settings of evidence.
enum EvidenceStatements {
    /// The thresholds in force.
    static let thresholds = Statement<Threshold>(
        "evidence.thresholds",
        "select measure, gives, bound::text, meaning, source, mark from evidence_threshold order by measure, gives desc"
    ) { row in
        try Threshold(
            measure: row.read(), gives: row.read(), bound: row.read(), meaning: row.read(), source: row.read(),
            mark: row.read())
    }

    /// A threshold as its row has it.
    struct Threshold: Sendable {
        let measure: String
        let gives: Int
        let bound: String
        let meaning: String
        let source: String
        let mark: String
    }

    /// Every published report on a practice, as the database lists them.
    static func reports(on practice: PracticeID) -> Statement<EvidenceReport> {
        Statement(
            "evidence.reports",
            """
            select report_id, report_version, reference, title, direction, sms, padlock, published_at
            from public.evidence_for(\(practice)) order by published_at, report_id
            """
        ) { row in
            try EvidenceReport(
                id: row.read(), version: row.read(), reference: row.read(), title: row.read(), direction: row.read(),
                sms: row.read(), padlock: row.read(), publishedAt: row.read())
        }
    }

    /// Duties performed in the cases behind a practice.
    static func ledger(ofPractice practice: PracticeID) -> Statement<Duty.Performed> {
        Statement(
            "evidence.ledger",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.case_id in (select c from public.practice_cases(\(practice)) as c)
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    static func overdue(on practice: PracticeID) -> Statement<OverdueReport> {
        Statement(
            "evidence.overdue",
            "select report_id, title, due_on from public.overdue_for(\(practice)) order by due_on, report_id"
        ) { row in try OverdueReport(id: row.read(), title: row.read(), dueOn: row.read()) }
    }
}

/// The rules of evidence as an installation has set them.
struct EvidenceSettings: Sendable {
    let thresholds: EvidenceThresholds
    let costBounds: [Money]
    let standard: EvidenceStandard
    let quorum: Int

    init(_ rows: [EvidenceStatements.Threshold], _ settings: [Setting]) {
        let values = Dictionary(settings.map { ($0.code, $0.value) }) { first, _ in first }
        var thresholds = EvidenceThresholds.standard
        func steps(_ measure: String, _ fallback: EvidenceScale) -> EvidenceScale {
            let found = rows.filter { $0.measure == measure }.compactMap { row in
                Double(row.bound).map { EvidenceScale.Step($0, gives: row.gives) }
            }
            return found.isEmpty
                ? fallback
                : EvidenceScale(
                    found.sorted { $0.gives > $1.gives }, includesBound: fallback.includesBound,
                    source: rows.first { $0.measure == measure }?.source ?? fallback.source)
        }
        func bound(_ measure: String) -> Double? { rows.first { $0.measure == measure }.flatMap { Double($0.bound) } }
        thresholds.detectableEffect = steps("padlock_mdes", thresholds.detectableEffect)
        thresholds.attrition = steps("padlock_attrition", thresholds.attrition)
        thresholds.smallestArm = bound("level_floor_arm").map { Int($0) } ?? thresholds.smallestArm
        thresholds.mostAttrition = bound("level_floor_attrition") ?? thresholds.mostAttrition
        thresholds.rigorousMethod = bound("level_rigorous_sms").map { Int($0) } ?? thresholds.rigorousMethod
        thresholds.longFollowUp = bound("level_long_months").map { Int($0) } ?? thresholds.longFollowUp
        self.thresholds = thresholds
        costBounds = rows.filter { $0.measure == "cost_band" }.sorted { $0.gives < $1.gives }.compactMap {
            Money($0.bound)
        }
        standard = EvidenceStandard(
            level: values["scale_needs_level"].flatMap { EvidenceLevel(rawValue: $0) }
                ?? EvidenceStandard.standard.level,
            sms: values["scale_needs_sms"].flatMap { Int($0) } ?? EvidenceStandard.standard.sms,
            studies: values["scale_needs_studies"].flatMap { Int($0) } ?? EvidenceStandard.standard.studies)
        quorum = values["rating_panel_quorum"].flatMap { Int($0) } ?? 2
    }
}

/// What the database says of evidence, as it said it: each refusal has its sentence in the detail.
enum EvidenceRefusals {
    /// The refusal that a failed statement stands for; nil when it is none of these.
    static func refusal(_ error: StatementError) -> Refusal? {
        let words = error.message.split(separator: " ").map(String.init)
        guard words.count == 2, words[0] == "EVIDENCE", let sentence = error.detail else { return nil }
        return Refusal(.conflict, code: "evidence_\(words[1])", sentence)
    }
}
