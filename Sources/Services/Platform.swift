import Domain
import Logging
import Postgres

/// What all services stand on: the database, and the two ways to use it on somebody's behalf.
struct Platform: Sendable {
    let database: Database
    let configuration: ServicesConfiguration
    let logger: Logger

    /// Reads in one flight, as the actor: the session is opened first, then the steps run.
    ///
    ///     let (subject, bid) = try await platform.read("bids.detail", actor, BidStatements.detail(id).optional)
    ///
    /// No closure captures the steps and nothing is added to them on the way: see `Database.read(_:opening:)`.
    func read<each R: Sendable>(
        _ name: StaticString, _ actor: Actor, _ steps: repeat Step<each R>
    ) async throws -> (Subject, repeat each R) {
        do {
            return try await database.read(
                name, opening: ActorStatements.open(actor.credential).one, repeat each steps)
        } catch {
            throw Refusals.mapped(error)
        }
    }

    /// The same on the report lane: long reads that must not stand in anybody's way.
    func report<each R: Sendable>(
        _ name: StaticString, _ actor: Actor, _ steps: repeat Step<each R>
    ) async throws -> (Subject, repeat each R) {
        do {
            return try await database.report(
                name, opening: ActorStatements.open(actor.credential).one, repeat each steps)
        } catch {
            throw Refusals.mapped(error)
        }
    }

    /// Changes something as the actor, in one transaction of two round trips: the body sends `open` in one pipeline with
    /// what it loads and locks, decides, and queues what it writes, which travels with COMMIT.
    ///
    ///     try await platform.write("rounds.cancel", actor, on: .round(id)) { tx, open in
    ///         let (subject, round) = try tx.pipeline(open, RoundStatements.lock(id).optional)
    ///         …
    ///         tx.queue(RoundStatements.cancel(…).affecting(1))
    ///         tx.queue(Record(subject, actor).event("round.cancel", on: .round(id)))
    ///     }
    ///
    /// A refusal for want of permission or for a duty already performed is recorded as an event about `object`, in a
    /// transaction of its own, because the refused one is rolled back.
    func write<R: Sendable>(
        _ name: StaticString, _ actor: Actor, on object: ObjectReference? = nil, retrying: Int = 0,
        _ body: @escaping @Sendable (borrowing Transaction, Step<Subject>) throws -> R
    ) async throws -> R {
        do {
            return try await Refusals.mapped {
                try await database.transaction(name, retrying: retrying) { tx in
                    try body(tx, ActorStatements.openForWriting(actor.credential).one)
                }
            }
        } catch let refusal as Refusal where refusal.kind == .forbidden {
            await recordDenial(refusal, name, actor, object)
            throw refusal
        }
    }

    /// The same for a command that creates money or decisions: carried out at most once for each key of a person, however
    /// often it is sent; its first answer is kept and returned again.
    func write<R: Codable & Sendable>(
        _ name: StaticString, _ actor: Actor, on object: ObjectReference? = nil, once: IdempotencyKey?,
        _ body: @escaping @Sendable (borrowing Transaction, Step<Subject>) throws -> R
    ) async throws -> R {
        guard let once else { return try await write(name, actor, on: object, body) }
        do {
            return try await Refusals.mapped {
                try await Idempotency.run(once, as: R.self) {
                    try await database.transaction(name) { tx in
                        tx.queue(IdempotencyStatements.lock(once).done)
                        let result = try body(tx, IdempotencyStatements.open(actor.credential, once).one)
                        tx.queue(try IdempotencyStatements.insert(once, result: result).done)
                        return result
                    }
                }
            }
        } catch let refusal as Refusal where refusal.kind == .forbidden {
            await recordDenial(refusal, name, actor, object)
            throw refusal
        }
    }

    /// For the owner's and the worker's connections, and for what comes before any session, such as sign-in: a
    /// transaction without an actor.
    func system<R: Sendable>(
        _ name: StaticString, retrying: Int = 0, _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        try await Refusals.mapped { try await database.transaction(name, retrying: retrying, body) }
    }

    /// A door of the database that proves the credential itself, after the actor is known to be alive.
    func systemWrite<R: Sendable>(
        _ name: StaticString, _ actor: Actor, _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> (Subject, R) {
        try await Refusals.mapped {
            try await database.transaction(name) { tx in
                let subject = try tx.run(ActorStatements.open(actor.credential).one)
                return (subject, try body(tx))
            }
        }
    }

    /// Reads what anybody may see without signing in: the views of the schema `published`, and nothing else.
    func open<each R: Sendable>(
        _ name: StaticString, _ steps: repeat Step<each R>
    ) async throws -> (repeat each R) {
        do {
            return try await database.read(name, repeat each steps)
        } catch {
            throw Refusals.mapped(error)
        }
    }

    /// Reads on the owner's or the worker's connection.
    func systemRead<each R: Sendable>(
        _ name: StaticString, _ steps: repeat Step<each R>
    ) async throws -> (repeat each R) {
        do {
            return try await database.read(name, repeat each steps)
        } catch {
            throw Refusals.mapped(error)
        }
    }

    /// A refused act is evidence too. If it cannot be written the act stays refused; the log says so.
    private func recordDenial(
        _ refusal: Refusal, _ name: StaticString, _ actor: Actor, _ object: ObjectReference?
    ) async {
        guard refusal.code != "read_only_token" else { return }
        do {
            try await database.transaction("audit.denied") { tx in
                let subject = try tx.run(ActorStatements.open(actor.credential).one)
                let action = refusal.code.hasPrefix("SOD_") ? "duty.denied" : "permission.denied"
                tx.queue(
                    Record(subject, actor).event(
                        action, on: object ?? .person(subject.person),
                        detail: ["code": refusal.code, "attempted": name.description]))
            }
        } catch {
            logger.error("a denial could not be recorded", metadata: ["code": "\(refusal.code)", "error": "\(error)"])
        }
    }
}
