/// What a transaction remembers. Belongs to the connection's thread.
final class TransactionSession {
    private let post: Worker.Post
    private let opening: TransactionOpening
    private let until: Moment
    private let flightMax: Duration
    private let observer: Observer
    private let count: () -> Void

    private var isBegun = false
    private var queued: [Queued] = []
    private var depth = 0
    private var flights = 0

    /// Why this transaction may not commit any more, even if the body swallows the error.
    private var doom: (any Error)?

    /// Why the connection is gone, if it is.
    private(set) var lost: ConnectionLost?

    /// What waits for the next flight.
    private enum Queued {
        case step(Step<Void>)
        /// Our own SAVEPOINT or RELEASE.
        case control(Call)

        var call: Call {
            switch self {
            case .step(let step): step.call
            case .control(let call): call
            }
        }

        /// The step, if its count must be known before COMMIT.
        var counted: Step<Void>? {
            if case .step(let step) = self, step.expectation == .affecting { step } else { nil }
        }

        var isControl: Bool { if case .control = self { true } else { false } }
    }

    /// How long a ROLLBACK may take. It is a courtesy: without an answer the connection is closed, which rolls back too.
    private static let rollbackPatience: Duration = .seconds(1)

    init(
        _ post: Worker.Post, _ opening: TransactionOpening, until: Moment, flightMax: Duration, observer: Observer,
        count: @escaping () -> Void
    ) {
        self.post = post
        self.opening = opening
        self.until = until
        self.flightMax = flightMax
        self.observer = observer
        self.count = count
    }

    /// Runs the body and commits, or rolls back. The body's own error is what comes out, whatever ROLLBACK says.
    func perform<R>(_ body: (borrowing Transaction) throws -> R) -> Result<R, any Error> {
        do {
            let value = try body(Transaction(self))
            try commit()
            return .success(value)
        } catch {
            rollback()
            return .failure(error)
        }
    }

    func queue(_ step: Step<Void>) {
        do {
            try step.sql.checked(step.name)
            queued.append(.step(step))
        } catch {
            doom = doom ?? error
        }
    }

    /// Runs a check; when it fails on a number of changed rows, the transaction cannot commit any more.
    func dooming<Output, Value>(_ step: Step<Output>, _ check: () throws -> Value) throws -> Value {
        do {
            return try check()
        } catch {
            if step.expectation == .affecting { doom = doom ?? error }
            throw error
        }
    }

    /// One round trip: BEGIN if it has not been said, what is queued, and these. Answers the results of these.
    func flight(_ calls: [Call]) throws -> FlightSlice {
        if let lost { throw lost }
        if let reason = post.interrupted() {
            let error = ConnectionLost(reason)
            lost = error
            throw error
        }
        let steps = queued
        queued = []
        var all: [Call] = []
        all.reserveCapacity(1 + steps.count + calls.count)
        if !isBegun { all.append(.control("begin", opening.isolation.begin(readOnly: opening.readOnly))) }
        isBegun = true
        let first = all.count
        all += steps.map(\.call)
        all += calls
        let results = try exchange(all)
        if let failure = results.failure { throw failure }
        for (index, queued) in steps.enumerated() {
            guard let step = queued.counted else { continue }
            try dooming(step) { try step.result(results.rows(first + index)) }
        }
        return FlightSlice(results: results, first: first + steps.count)
    }

    /// COPY: what is queued goes first, then the rows, in as many chunks as it takes.
    func copy(_ name: StaticString, _ text: String, _ body: (inout CopyWriter) throws -> Void) throws -> Int {
        _ = try flight([])
        let began = Moment.now
        flights += 1
        count()
        let stream = CopyStream(
            name, post.connection, until: min(until, began + flightMax), wake: post.bell, interrupted: post.interrupted)
        do {
            let outcome = try post.connection.copyIn(text, stream, body)
            observer.flown(opening.lane, opening.name, statements: 1, took: .now - began)
            if let thrown = outcome.thrown { throw thrown }
            if let failure = outcome.failure { throw failure }
            return outcome.affected
        } catch let error as ConnectionLost {
            lost = error
            throw error
        }
    }

    private func exchange(_ calls: [Call]) throws(ConnectionLost) -> FlightResults {
        let began = Moment.now
        flights += 1
        count()
        do throws(ConnectionLost) {
            let results = try post.connection.exchange(
                calls, until: min(until, began + flightMax), wake: post.bell, interrupted: post.interrupted)
            observer.flown(opening.lane, opening.name, statements: calls.count, took: .now - began)
            return results
        } catch {
            lost = error
            throw error
        }
    }
}

/// The part of a flight's results that belongs to its caller.
struct FlightSlice {
    let results: FlightResults
    let first: Int

    func rows(_ index: Int) throws(ConnectionLost) -> Rows {
        try results.rows(first + index)
    }
}

// MARK: - The end

extension TransactionSession {
    private func commit() throws {
        if let lost { throw lost }
        if let doom { throw doom }
        guard isBegun || !queued.isEmpty else { return }
        // A count must be known before COMMIT is said.
        if queued.contains(where: { $0.counted != nil }) { _ = try flight([]) }
        do {
            let slice = try flight([.control("commit", "commit")])
            // A transaction that had failed answers COMMIT with ROLLBACK, and no error.
            guard try slice.rows(0).tag == "COMMIT" else {
                throw StatementError(
                    kind: .server, statement: opening.name.description, sqlState: .inFailedSqlTransaction,
                    message: "commit was answered with rollback: an earlier statement had failed")
            }
        } catch let error as ConnectionLost {
            let unknown = error.duringCommit()
            lost = unknown
            throw unknown
        }
    }

    /// Best effort: if it fails the connection is lost, and closing it rolls back.
    private func rollback() {
        guard isBegun, lost == nil, !post.connection.isOutsideTransaction else { return }
        do throws(ConnectionLost) {
            count()
            let results = try post.connection.exchange(
                [.control("rollback", "rollback")], until: .now + Self.rollbackPatience)
            if let failure = results.failure {
                lost = ConnectionLost(.protocolViolation, message: "rollback failed: \(failure)")
            }
        } catch {
            lost = error
        }
    }
}

// MARK: - Savepoints

extension TransactionSession {
    /// SAVEPOINT and RELEASE are queued, so they cost no round trip; only undoing does.
    func savepoint<R>(_ body: () throws -> R) throws -> R {
        depth += 1
        defer { depth -= 1 }
        let name = "touchstone_\(depth)"
        let mark = queued.count
        let flightsBefore = flights
        let doomBefore = doom == nil
        queued.append(.control(.control("savepoint", "savepoint \(name)")))
        do {
            let value = try body()
            if flights == flightsBefore, queued.count == mark + 1 {
                // Nothing was done: nothing to release.
                queued.removeLast()
                return value
            }
            // What the body queued must fail in here, where the caller expects it, not after.
            if !queued.allSatisfy(\.isControl) { _ = try flight([]) }
            queued.append(.control(.control("savepoint.release", "release savepoint \(name)")))
            return value
        } catch {
            guard lost == nil else { throw error }
            if doomBefore { doom = nil }
            if flights == flightsBefore {
                queued.removeSubrange(mark...)
            } else {
                queued.removeAll()
                undo(to: name)
            }
            throw error
        }
    }

    /// Goes at once and alone: until it has, the server refuses even to prepare whatever comes next.
    private func undo(to savepoint: String) {
        do {
            _ = try flight([.control("savepoint.rollback", "rollback to savepoint \(savepoint)")])
            queued.append(.control(.control("savepoint.release", "release savepoint \(savepoint)")))
        } catch {
            // The body's own error is what its caller hears; this one keeps the transaction from committing.
            doom = doom ?? error
        }
    }
}
