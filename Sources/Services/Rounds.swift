public import Domain
import Postgres

/// Rounds: calls for bids.
public struct Rounds: Sendable {
    let platform: Platform

    /// How many bids a round's page lists; more are in the list of bids, filtered by round.
    static let bidsShown = 100

    /// Newest first.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<RoundRow> {
        let after = try page.keys(1).map { try Keys.id($0[0], of: Round.self) }
        let (subject, rows) = try await platform.read(
            "rounds.list", actor, RoundStatements.list(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.roundList, subject: subject)
        return Page(rows, page) { ["\($0.id)"] }
    }

    /// Rounds that take bids at this moment, the first to close first.
    public func open(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<RoundRow> {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Round.self)) }
        let (subject, rows) = try await platform.read(
            "rounds.open", actor, RoundStatements.open(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.roundList, subject: subject)
        return Page(rows, page) { ["\($0.closesAt ?? subject.now)", "\($0.id)"] }
    }

    /// Everything a round's page shows.
    public func detail(_ actor: Actor, _ id: RoundID) async throws -> RoundDetail {
        let (subject, found, criteria, rules, counts, bids, awarded, limits) = try await platform.read(
            "rounds.detail", actor, RoundStatements.find(id).optional, RoundStatements.criteria(id).many,
            RoundStatements.rules(id).many, RoundStatements.bidCounts(id).many,
            BidStatements.ofRound(id, limit: Self.bidsShown).many, RoundStatements.awarded(id).one,
            RoundStatements.limits(id).optional)
        let record = try found.orNotFound("round")
        let round = record.round(criteria: criteria, rules: rules)
        let facts = Permission.Facts.of(round, department: record.department)
        _ = try Permission.authorise(.roundRead, subject: subject, facts: facts)
        let runs = subject.role == .department
        let problems = runs ? limits.map { RoundRules.problems(round.content, limits: $0) } ?? [] : []
        return RoundDetail(
            round: round, programmeTitle: record.programmeTitle, programmeReference: record.programmeReference,
            authorName: record.authorName, problems: round.state == .draft ? problems : [],
            allowed: offered(RoundEvent.self, from: round.state, to: subject, facts: facts, as: \.action),
            bidCounts: counts, bids: bids, awarded: awarded, isOpen: round.isOpen(at: subject.now))
    }

    /// Starts a draft.
    public func create(
        _ actor: Actor, _ programme: ProgrammeID, _ content: Round.Content, once: IdempotencyKey? = nil
    ) async throws -> RoundID {
        try RoundRules.storageProblems(content).mustBeEmpty()
        let id = RoundID.fresh()
        return try await platform.write("rounds.create", actor, on: .round(id), once: once) { tx, open in
            let (subject, found) = try tx.pipeline(open, ProgrammeStatements.find(programme).optional)
            let facts = Permission.Facts.of(try found.orNotFound("programme").programme(aims: [], budget: []))
            _ = try Permission.authorise(.programmeRead, subject: subject, facts: facts)
            let grant = try Permission.authorise(.roundCreate, subject: subject, facts: facts)
            tx.queue(RoundStatements.insert(id, in: programme, by: subject.person, content).done)
            try Self.writeLists(tx, id, content)
            tx.queue(Record(subject, actor).event("round.create", on: .round(id), as: grant.capacity, to: "draft"))
            return id
        }
    }

    /// Saves a draft; answers the new version.
    public func save(_ actor: Actor, _ id: RoundID, version: Int, _ content: Round.Content) async throws -> Int {
        try RoundRules.storageProblems(content).mustBeEmpty()
        return try await platform.write("rounds.save", actor, on: .round(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, RoundStatements.lock(id).optional)
            let record = try found.orNotFound("round")
            let grant = try Self.authorise(.roundEdit, record, subject)
            try version.mustEqual(record.version, "round")
            try RoundRules.editable(record.state).enforce()
            tx.queue(RoundStatements.clearCriteria(id).done)
            tx.queue(RoundStatements.clearRules(id).done)
            try Self.writeLists(tx, id, content)
            tx.queue(RoundStatements.save(id, content).done)
            tx.queue(Record(subject, actor).event("round.edit", on: .round(id), as: grant.capacity))
            return record.version + 1
        }
    }

    /// Approves a complete draft: criteria and rules are frozen from here on.
    public func approve(_ actor: Actor, _ id: RoundID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("rounds.approve", actor, on: .round(id), once: once) { tx, open in
            let (subject, found, criteria, rules, limits) = try tx.pipeline(
                open, RoundStatements.lock(id).optional, RoundStatements.criteria(id).many,
                RoundStatements.rules(id).many, RoundStatements.limits(id).optional)
            let record = try found.orNotFound("round")
            let grant = try Self.authorise(.roundApprove, record, subject)
            try version.mustEqual(record.version, "round")
            let move = try Workflow.move(RoundEvent.approve, from: record.state)
            let round = record.round(criteria: criteria, rules: rules)
            try RoundRules.independent(subject.person, author: record.author).enforce()
            try RoundRules.problems(round.content, limits: try limits.orNotFound("round")).mustBeEmpty()
            let hash = digest(RoundRules.canonicalText(round.content))
            tx.queue(RoundStatements.approve(id, frozen: hash).done)
            Self.recordMove(tx, record, move, .approve, subject, actor, grant, after: hash)
            return true
        }
    }

    /// Moves the closing time of an open round to later, for every applicant alike.
    public func extend(_ actor: Actor, _ id: RoundID, version: Int, newClose: Instant, reason: String) async throws {
        try await platform.write("rounds.extend", actor, on: .round(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, RoundStatements.lock(id).optional)
            let record = try found.orNotFound("round")
            let grant = try Self.authorise(.roundExtend, record, subject)
            try version.mustEqual(record.version, "round")
            let move = try Workflow.move(RoundEvent.extend, from: record.state)
            try Rules.reason(reason).enforce()
            try RoundRules.extend(record.round(), to: newClose, now: subject.now).enforce()
            tx.queue(RoundStatements.extend(id, until: newClose).done)
            Self.recordMove(tx, record, move, .extend, subject, actor, grant, reason: reason, closes: newClose)
        }
    }

    /// Begins appraisal once every bid that was found eligible has its appraisers.
    public func beginAppraisal(_ actor: Actor, _ id: RoundID, version: Int) async throws {
        try await platform.write("rounds.begin_appraisal", actor, on: .round(id)) { tx, open in
            let (subject, found, bids) = try tx.pipeline(
                open, RoundStatements.lock(id).optional, RoundStatements.standing(id).many)
            let record = try found.orNotFound("round")
            let grant = try Self.authorise(.roundBeginAppraisal, record, subject)
            try version.mustEqual(record.version, "round")
            let move = try Workflow.move(RoundEvent.beginAppraisal, from: record.state)
            try RoundRules.beginAppraisal(
                bids.map { ($0.reference, $0.state, appraisers: $0.appraisers, whatWorks: $0.whatWorks) }
            ).enforce()
            Self.write(tx, record, move, .beginAppraisal, subject, actor, grant)
        }
    }

    /// Records that every eligible bid is decided and that the awards fit the round's money.
    public func decide(_ actor: Actor, _ id: RoundID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("rounds.decide", actor, on: .round(id), once: once) { tx, open in
            let (subject, found, bids, awarded, ledger) = try tx.pipeline(
                open, RoundStatements.lock(id).optional, RoundStatements.standing(id).many,
                RoundStatements.awarded(id).one, RoundStatements.ledger(id).many)
            let record = try found.orNotFound("round")
            let grant = try Self.authorise(.roundDecide, record, subject)
            try version.mustEqual(record.version, "round")
            let move = try Workflow.move(RoundEvent.decide, from: record.state)
            try Duty.check(.approved, by: subject.person, ledger: ledger).enforce()
            try RoundRules.decide(
                bids.map { ($0.reference, $0.state) }, awarded: awarded, budget: record.content.budget
            ).enforce()
            Self.write(tx, record, move, .decide, subject, actor, grant)
            return true
        }
    }

    /// Calls the round off, at any time before it is decided.
    public func cancel(_ actor: Actor, _ id: RoundID, version: Int, reason: String) async throws {
        try await platform.write("rounds.cancel", actor, on: .round(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, RoundStatements.lock(id).optional)
            let record = try found.orNotFound("round")
            let grant = try Self.authorise(.roundCancel, record, subject)
            try version.mustEqual(record.version, "round")
            let move = try Workflow.move(RoundEvent.cancel, from: record.state)
            try Rules.reason(reason).enforce()
            Self.write(tx, record, move, .cancel, subject, actor, grant, reason: reason)
        }
    }
}

extension Rounds {
    private static func authorise(_ action: Action, _ record: RoundRecord, _ subject: Subject) throws -> Grant {
        let facts = Permission.Facts.of(record.round(), department: record.department)
        _ = try Permission.authorise(.roundRead, subject: subject, facts: facts)
        return try Permission.authorise(action, subject: subject, facts: facts)
    }

    private static func writeLists(_ tx: borrowing Transaction, _ id: RoundID, _ content: Round.Content) throws {
        if !content.criteria.isEmpty { tx.queue(RoundStatements.addCriteria(id, content.criteria).done) }
        if !content.rules.isEmpty { tx.queue(try RoundStatements.addRules(id, content.rules).done) }
    }

    private static func write(
        _ tx: borrowing Transaction, _ record: RoundRecord, _ move: (state: Round.State, transition: Transition),
        _ event: RoundEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String? = nil
    ) {
        tx.queue(RoundStatements.move(record.id, to: move.state, by: event).done)
        recordMove(tx, record, move, event, subject, actor, grant, reason: reason)
    }

    private static func recordMove(
        _ tx: borrowing Transaction, _ record: RoundRecord, _ move: (state: Round.State, transition: Transition),
        _ event: RoundEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String? = nil,
        after: [UInt8]? = nil, closes: Instant? = nil
    ) {
        tx.queue(
            Record(subject, actor).event(
                "round.\(event.rawValue)", on: .round(record.id), as: grant.capacity, from: record.state.rawValue,
                to: move.state.rawValue, reason: reason, after: after,
                detail: closes.map { ["closes_at": "\($0)"] } ?? [:]))
        let closing = closes.map { "It now closes at \(LondonTime($0))." }
        tx.tell(
            move.transition,
            Outbox(
                "round.\(event.rawValue)", on: .round(record.id), subject: "\(record.reference) \(event.headline)",
                body: [
                    "The round “\(record.content.title)” (\(record.reference)) \(event.headline).", closing,
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "round.\(event.rawValue):\(record.id):\(record.version)"))
    }
}

extension RoundEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .create: .roundCreate
        case .approve: .roundApprove
        case .extend: .roundExtend
        case .beginAppraisal: .roundBeginAppraisal
        case .decide: .roundDecide
        case .cancel: .roundCancel
        case .schedule, .open, .close: nil
        }
    }

    /// As a notice says it after the round's name.
    var headline: String {
        switch self {
        case .create: "was started"
        case .approve: "was approved"
        case .schedule: "is scheduled"
        case .open: "is open for bids"
        case .extend: "has a later closing time"
        case .close: "is closed"
        case .beginAppraisal: "is being appraised"
        case .decide: "is decided"
        case .cancel: "was cancelled"
        }
    }
}
