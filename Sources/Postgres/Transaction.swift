/// A transaction under way, on its connection's own thread.
///
/// It is borrowed by the body and cannot be kept. Nothing waits for a task in here, so nothing else can be done while
/// locks are held.
@safe public struct Transaction: ~Copyable {
    private let session: TransactionSession

    init(_ session: TransactionSession) {
        self.session = session
    }

    /// Sends what is queued and this step: one round trip.
    public borrowing func run<R: Sendable>(_ step: Step<R>) throws -> R {
        try step.sql.checked(step.name)
        let rows = try session.flight([step.call])
        return try session.dooming(step) { try step.result(rows.rows(0)) }
    }

    /// Sends what is queued and all these steps: one round trip.
    public borrowing func pipeline<each R: Sendable>(_ steps: repeat Step<each R>) throws -> (repeat each R) {
        var calls: [Call] = []
        for step in repeat each steps {
            try step.sql.checked(step.name)
            calls.append(step.call)
        }
        let rows = try session.flight(calls)
        var index = -1
        func next<Output>(_ step: Step<Output>) throws -> Output {
            index += 1
            return try session.dooming(step) { try step.result(rows.rows(index)) }
        }
        return try (repeat next(each steps))
    }

    /// Leaves a step for the next flight, or for COMMIT: no round trip of its own.
    ///
    /// An ``Statement/affecting(_:)`` step that is still queued at the end goes in a flight before COMMIT, so that a
    /// wrong count rolls back.
    public borrowing func queue(_ step: Step<Void>) {
        session.queue(step)
    }

    /// Brings rows into a table, however many: `body` writes them one after the other, and they travel in chunks. Answers how many
    /// rows the server took. If `body` throws, the server is told to forget them and that error goes on.
    ///
    /// `target` is the table and its columns: `"public.staging (line, text)"`. What is queued goes first.
    public borrowing func copy(
        _ name: StaticString, into target: StaticString, _ body: (inout CopyWriter) throws -> Void
    ) throws -> Int {
        try session.copy(name, "copy \(target) from stdin", body)
    }

    /// Runs a part that can be rolled back alone: if `body` throws, only what it did is undone, and the error goes on.
    public borrowing func savepoint<R>(_ body: () throws -> R) throws -> R {
        try session.savepoint(body)
    }
}
