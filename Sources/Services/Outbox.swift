import Domain
import Postgres

/// A notice to a person: a row of the outbox, written with the act that causes it. Sending mail comes later and only
/// reads these rows, so nothing is announced that did not happen.
struct Outbox: Sendable {
    /// What happened, such as `round.opened`.
    let event: String
    /// One line.
    let subject: String
    /// What to do, in plain words.
    let body: String
    /// What it is about.
    let object: ObjectReference
    /// One notice per person for each of these, however often the act is retried.
    let dedupe: String

    /// A notice about something; by default one for each event of each object.
    init(_ event: String, on object: ObjectReference, subject: String, body: String, dedupe: String? = nil) {
        self.event = event
        self.subject = String(subject.replacing("\r", with: " ").replacing("\n", with: " ").prefix(200))
        self.body = String(body.prefix(4000))
        self.object = object
        self.dedupe = dedupe ?? "\(event):\(object.id.map { "\($0)" } ?? "")"
    }

    /// To these people.
    func to(_ people: [PersonID]) -> Step<Void> { OutboxStatements.insert(self, to: people).done }
}
