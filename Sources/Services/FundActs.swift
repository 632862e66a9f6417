import Crypto
import Domain
import FoundationEssentials
import Postgres

// What every act of the fund has in common.

extension Optional {
    /// The value, or the one answer for what is absent and for what may not be seen.
    func orNotFound(_ what: String) throws(Refusal) -> Wrapped {
        guard let self else { throw .notFound(what) }
        return self
    }
}

extension Int {
    /// Refuses when somebody changed the thing after it was read.
    func mustEqual(_ current: Int, _ what: String) throws(Refusal) {
        guard self == current else { throw .stale(what) }
    }
}

extension Sequence<FieldProblem> {
    /// Refuses when there is any problem.
    func mustBeEmpty() throws(Refusal) {
        let problems = Array(self)
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension Optional<Refusal> {
    /// A rule that answered with a refusal ends the act.
    func enforce() throws(Refusal) {
        if let self { throw self }
    }
}

/// Digests as people see them.
enum Hex {
    /// Lower-case hex.
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// SHA-256 of a canonical text.
func digest(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

/// What a page may offer: the events that leave the state, that the actor's capacities allow.
func offered<Event: WorkflowEvent>(
    _ type: Event.Type, from state: Event.State, to subject: Subject, facts: Permission.Facts,
    as action: (Event) -> Action?
) -> [Event] {
    Workflow.events(type, from: state).filter { event in
        guard let action = action(event) else { return false }
        return Permission.allows(action, subject: subject, facts: facts)
    }
}

extension Outbox {
    /// To everybody whom the workflow's table says, found by the database, since the people may be of an organisation
    /// that the actor cannot see into.
    func to(_ audiences: [Audience]) -> [Step<Void>] {
        audiences.map { audience in NoticeStatements.insert(self, to: audience).done }
    }
}

/// Notices to audiences.
enum NoticeStatements {
    static func insert(_ notice: Outbox, to audience: Audience) -> Statement<Void> {
        Statement(
            "outbox.insert_audience",
            """
            insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
            select public.uuid7(), \(notice.event), a.person, \(notice.subject), \(notice.body), \(notice.object.kind),
                \(notice.object.id), \(notice.dedupe)
            from public.audience(\(audience.rawValue), \(notice.object.kind), \(notice.object.id)) as a (person)
            on conflict (dedupe_key, recipient_id) do nothing
            """)
    }
}

extension Transaction {
    /// Queues what the workflow's table says is told.
    borrowing func tell(_ transition: Transition, _ notice: Outbox) {
        for step in notice.to(transition.notifies) { queue(step) }
    }
}

extension JSON {
    /// The value that the context asks for.
    static func value<Value: Decodable>(_ text: String) throws -> Value { try decode(Value.self, text) }
}
