public import Domain
import Postgres

/// Programmes: why money is spent, who answers for it, and how much in which year.
public struct Programmes: Sendable {
    let platform: Platform

    /// Newest first.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<ProgrammeRow> {
        let keys = try page.keys(2)
        let after = try keys.map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Programme.self)) }
        let (subject, rows) = try await platform.read(
            "programmes.list", actor, ProgrammeStatements.list(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.programmeList, subject: subject)
        return Page(rows, page) { ["\($0.createdAt)", "\($0.id)"] }
    }

    /// Everything a programme's page shows.
    public func detail(_ actor: Actor, _ id: ProgrammeID) async throws -> ProgrammeDetail {
        let (subject, found, aims, budget, rounds, seniors) = try await platform.read(
            "programmes.detail", actor, ProgrammeStatements.find(id).optional, ProgrammeStatements.aims(id).many,
            ProgrammeStatements.budget(id).many, RoundStatements.ofProgramme(id).many,
            ProgrammeStatements.seniorOfficers.many)
        let record = try found.orNotFound("programme")
        let programme = record.programme(aims: aims, budget: budget.map(\.line))
        let facts = Permission.Facts.of(programme)
        _ = try Permission.authorise(.programmeRead, subject: subject, facts: facts)
        let runs = subject.role == .department
        return ProgrammeDetail(
            programme: programme, authorName: record.authorName, seniorOfficerName: record.seniorOfficerName,
            problems: runs ? ProgrammeRules.problems(programme.content) : [], budget: runs ? budget : [],
            rounds: rounds,
            allowed: offered(
                ProgrammeEvent.self, from: programme.state, to: subject, facts: facts, as: \.action),
            seniorOfficers: runs ? seniors : [])
    }

    /// Whom a new programme may name as its senior officer responsible.
    public func seniorOfficers(_ actor: Actor) async throws -> [PersonChoice] {
        let (subject, seniors) = try await platform.read(
            "programmes.senior_officers", actor, ProgrammeStatements.seniorOfficers.many)
        _ = try Permission.authorise(.programmeCreate, subject: subject, facts: .department(of: subject))
        return seniors
    }

    /// Starts a draft.
    public func create(_ actor: Actor, _ content: Programme.Content, once: IdempotencyKey? = nil) async throws
        -> ProgrammeID
    {
        try ProgrammeRules.storageProblems(content).mustBeEmpty()
        let id = ProgrammeID.fresh()
        return try await platform.write("programmes.create", actor, on: .programme(id), once: once) { tx, open in
            let (subject, indicators, answersFor) = try tx.pipeline(
                open, BidSectionStatements.indicators.many,
                ProgrammeStatements.mayAnswerFor(content.seniorOfficer).one)
            let grant = try Permission.authorise(.programmeCreate, subject: subject, facts: .department(of: subject))
            try (Self.knownIndicators(content, indicators) + ProgrammeRules.seniorOfficer(fits: answersFor))
                .mustBeEmpty()
            tx.queue(
                ProgrammeStatements.insert(id, by: subject.person, of: subject.organisation, content).done)
            Self.writeLists(tx, id, content)
            tx.queue(
                Record(subject, actor).event("programme.create", on: .programme(id), as: grant.capacity, to: "draft"))
            return id
        }
    }

    /// Saves a draft; answers the new version.
    public func save(_ actor: Actor, _ id: ProgrammeID, version: Int, _ content: Programme.Content) async throws -> Int
    {
        try ProgrammeRules.storageProblems(content).mustBeEmpty()
        return try await platform.write("programmes.save", actor, on: .programme(id)) { tx, open in
            let (subject, found, indicators, answersFor) = try tx.pipeline(
                open, ProgrammeStatements.lock(id).optional, BidSectionStatements.indicators.many,
                ProgrammeStatements.mayAnswerFor(content.seniorOfficer).one)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(.programmeEdit, record, subject)
            try version.mustEqual(record.version, "programme")
            try ProgrammeRules.editable(record.state).enforce()
            try (Self.knownIndicators(content, indicators) + ProgrammeRules.seniorOfficer(fits: answersFor))
                .mustBeEmpty()
            tx.queue(ProgrammeStatements.save(id, content).done)
            tx.queue(ProgrammeStatements.clearAims(id).done)
            tx.queue(ProgrammeStatements.clearBudget(id).done)
            Self.writeLists(tx, id, content)
            tx.queue(Record(subject, actor).event("programme.edit", on: .programme(id), as: grant.capacity))
            return record.version + 1
        }
    }

    /// Sends a complete draft to the approvers.
    public func submit(_ actor: Actor, _ id: ProgrammeID, version: Int) async throws {
        try await platform.write("programmes.submit", actor, on: .programme(id)) { tx, open in
            let (subject, found, aims, budget, answersFor) = try tx.pipeline(
                open, ProgrammeStatements.lock(id).optional, ProgrammeStatements.aims(id).many,
                ProgrammeStatements.budget(id).many, ProgrammeStatements.seniorOfficerFits(id).one)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(.programmeSubmit, record, subject)
            try version.mustEqual(record.version, "programme")
            let move = try Workflow.move(ProgrammeEvent.submit, from: record.state)
            let programme = record.programme(aims: aims, budget: budget.map(\.line))
            try (ProgrammeRules.problems(programme.content) + ProgrammeRules.seniorOfficer(fits: answersFor))
                .mustBeEmpty()
            Self.write(tx, record, move, .submit, subject, actor, grant)
        }
    }

    /// Approves what was submitted: within the approver's own limit, or with recorded consent.
    public func approve(_ actor: Actor, _ id: ProgrammeID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("programmes.approve", actor, on: .programme(id), once: once) { tx, open in
            let (subject, found, aims, budget, submitter, delegations) = try tx.pipeline(
                open, ProgrammeStatements.lock(id).optional, ProgrammeStatements.aims(id).many,
                ProgrammeStatements.budget(id).many, ProgrammeStatements.submitter(id).optional,
                ApprovalStatements.ownProgrammeDelegations.many)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(.programmeApprove, record, subject)
            try version.mustEqual(record.version, "programme")
            let move = try Workflow.move(ProgrammeEvent.approve, from: record.state)
            let programme = record.programme(aims: aims, budget: budget.map(\.line))
            try ProgrammeRules.approve(
                programme, by: subject.person, submitter: submitter?.person, delegations: delegations,
                on: subject.now.londonDay
            ).enforce()
            Self.write(tx, record, move, .approve, subject, actor, grant)
            return true
        }
    }

    /// Rejects what was submitted.
    public func reject(_ actor: Actor, _ id: ProgrammeID, version: Int, reason: String) async throws {
        try await decide(.reject, .programmeReject, actor, id, version, reason)
    }

    /// Sends what was submitted back to its author.
    public func `return`(_ actor: Actor, _ id: ProgrammeID, version: Int, reason: String) async throws {
        try await decide(.sendBack, .programmeReturn, actor, id, version, reason)
    }

    private func decide(
        _ event: ProgrammeEvent, _ action: Action, _ actor: Actor, _ id: ProgrammeID, _ version: Int, _ reason: String
    ) async throws {
        try await platform.write("programmes.decide", actor, on: .programme(id)) { tx, open in
            let (subject, found, submitter) = try tx.pipeline(
                open, ProgrammeStatements.lock(id).optional, ProgrammeStatements.submitter(id).optional)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(action, record, subject)
            try version.mustEqual(record.version, "programme")
            let move = try Workflow.move(event, from: record.state)
            try ProgrammeRules.independent(
                subject.person, author: record.author, submitter: submitter?.person,
                seniorOfficer: record.content.seniorOfficer
            ).enforce()
            try Rules.reason(reason).enforce()
            Self.write(tx, record, move, event, subject, actor, grant, reason: reason)
        }
    }

    /// Opens an approved programme; `ggis` is its reference on the government grants register, where not yet recorded.
    public func open(_ actor: Actor, _ id: ProgrammeID, version: Int, ggis: String? = nil) async throws {
        try await platform.write("programmes.open", actor, on: .programme(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, ProgrammeStatements.lock(id).optional)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(.programmeOpen, record, subject)
            try version.mustEqual(record.version, "programme")
            let move = try Workflow.move(ProgrammeEvent.open, from: record.state)
            let scheme = ggis ?? record.content.ggisSchemeReference
            try ProgrammeRules.open(schemeReference: scheme).enforce()
            tx.queue(ProgrammeStatements.open(id, scheme: scheme).done)
            Self.recordMove(tx, record, move, .open, subject, actor, grant, reason: nil)
        }
    }

    /// Stops new awards until it is resumed.
    public func suspend(_ actor: Actor, _ id: ProgrammeID, version: Int, reason: String) async throws {
        try await steer(.suspend, .programmeSuspend, actor, id, version, reason)
    }

    /// Lets a suspended programme go on.
    public func resume(_ actor: Actor, _ id: ProgrammeID, version: Int, reason: String) async throws {
        try await steer(.resume, .programmeResume, actor, id, version, reason)
    }

    private func steer(
        _ event: ProgrammeEvent, _ action: Action, _ actor: Actor, _ id: ProgrammeID, _ version: Int, _ reason: String
    ) async throws {
        try await platform.write("programmes.steer", actor, on: .programme(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, ProgrammeStatements.lock(id).optional)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(action, record, subject)
            try version.mustEqual(record.version, "programme")
            let move = try Workflow.move(event, from: record.state)
            try Rules.reason(reason).enforce()
            Self.write(tx, record, move, event, subject, actor, grant, reason: reason)
        }
    }

    /// Begins to close a programme whose rounds are all decided.
    public func beginClosing(_ actor: Actor, _ id: ProgrammeID, version: Int) async throws {
        try await platform.write("programmes.begin_closing", actor, on: .programme(id)) { tx, open in
            let (subject, found, rounds) = try tx.pipeline(
                open, ProgrammeStatements.lock(id).optional, RoundStatements.ofProgramme(id).many)
            let record = try found.orNotFound("programme")
            let grant = try Self.authorise(.programmeBeginClosing, record, subject)
            try version.mustEqual(record.version, "programme")
            let move = try Workflow.move(ProgrammeEvent.beginClosing, from: record.state)
            try ProgrammeRules.roundsDecided(rounds.map(\.state)).enforce()
            Self.write(tx, record, move, .beginClosing, subject, actor, grant)
        }
    }
}

extension Programmes {
    private static func authorise(_ action: Action, _ record: ProgrammeRecord, _ subject: Subject) throws -> Grant {
        let facts = Permission.Facts.of(record.programme(aims: [], budget: []))
        _ = try Permission.authorise(.programmeRead, subject: subject, facts: facts)
        return try Permission.authorise(action, subject: subject, facts: facts)
    }

    private static func knownIndicators(_ content: Programme.Content, _ known: [Indicator]) -> [FieldProblem] {
        let codes = Set(known.map(\.code))
        return content.aims.enumerated().compactMap { index, aim in
            codes.contains(aim.indicatorCode)
                ? nil : FieldProblem("aims.\(index).indicatorCode", "Choose an indicator from the list.")
        }
    }

    private static func writeLists(_ tx: borrowing Transaction, _ id: ProgrammeID, _ content: Programme.Content) {
        if !content.aims.isEmpty { tx.queue(ProgrammeStatements.addAims(id, content.aims).done) }
        if !content.budget.isEmpty { tx.queue(ProgrammeStatements.addBudget(id, content.budget).done) }
    }

    private static func write(
        _ tx: borrowing Transaction, _ record: ProgrammeRecord,
        _ move: (state: Programme.State, transition: Transition),
        _ event: ProgrammeEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String? = nil
    ) {
        tx.queue(ProgrammeStatements.move(record.id, to: move.state, by: event).done)
        recordMove(tx, record, move, event, subject, actor, grant, reason: reason)
    }

    private static func recordMove(
        _ tx: borrowing Transaction, _ record: ProgrammeRecord,
        _ move: (state: Programme.State, transition: Transition),
        _ event: ProgrammeEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String?
    ) {
        tx.queue(
            Record(subject, actor).event(
                "programme.\(event.rawValue)", on: .programme(record.id), as: grant.capacity,
                from: record.state.rawValue,
                to: move.state.rawValue, reason: reason))
        tx.tell(
            move.transition,
            Outbox(
                "programme.\(event.rawValue)", on: .programme(record.id),
                subject: "\(record.reference) \(event.headline)",
                body: [
                    "The programme “\(record.content.title)” (\(record.reference)) \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "programme.\(event.rawValue):\(record.id):\(record.version)"))
    }
}

extension ProgrammeEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .create: .programmeCreate
        case .submit: .programmeSubmit
        case .approve: .programmeApprove
        case .reject: .programmeReject
        case .sendBack: .programmeReturn
        case .open: .programmeOpen
        case .suspend: .programmeSuspend
        case .resume: .programmeResume
        case .beginClosing: .programmeBeginClosing
        }
    }

    /// As a notice says it after the programme's name.
    var headline: String {
        switch self {
        case .create: "was started"
        case .submit: "is waiting for approval"
        case .approve: "was approved"
        case .reject: "was rejected"
        case .sendBack: "was sent back for changes"
        case .open: "is open"
        case .suspend: "is suspended"
        case .resume: "is open again"
        case .beginClosing: "has begun to close"
        }
    }
}

extension Permission.Facts {
    /// Something new of the subject's own department.
    static func department(of subject: Subject) -> Self {
        Self(
            organisation: subject.organisation, department: subject.role == .department ? subject.organisation : nil)
    }
}

/// Keys of a page's cursor, read back.
enum Keys {
    static let refusal = Refusal(.invalid, code: "bad_cursor", "Start again from the first page of the list.")

    static func instant(_ text: String) throws(Refusal) -> Instant {
        guard let instant = Instant(text) else { throw refusal }
        return instant
    }

    static func day(_ text: String) throws(Refusal) -> Day {
        guard let day = Day(text) else { throw refusal }
        return day
    }

    static func number(_ text: String) throws(Refusal) -> Int {
        guard let number = Int(text) else { throw refusal }
        return number
    }

    static func id<Kind>(_ text: String, of kind: Kind.Type) throws(Refusal) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { throw refusal }
        return id
    }
}
