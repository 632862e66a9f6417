/// A transaction under way.
public struct Transaction: ~Copyable {
    /// Sends what is queued and the step; one round trip.
    public borrowing func run<R: Sendable>(_ step: Step<R>) throws -> R { throw ConnectionLost(.shutdown) }

    /// Sends what is queued and all steps; one round trip.
    public borrowing func pipeline<each R: Sendable>(_ steps: repeat Step<each R>) throws -> (repeat each R) {
        throw ConnectionLost(.shutdown)
    }

    /// Leaves the step for the next flight or for COMMIT.
    public borrowing func queue(_ step: Step<Void>) {}

    /// Runs a part that can be rolled back alone.
    public borrowing func savepoint<R>(_ body: () throws -> R) throws -> R { throw ConnectionLost(.shutdown) }
}
