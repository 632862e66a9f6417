/// One read on its way: its statements, its results, and the task that waits for them.
///
/// Unchecked: `results` and what stands beside it belong to the lane's thread until the task is resumed, and to the
/// task after that; `promise` is what both may touch at once, and has its own lock.
final class Flight: PoolRequest, @unchecked Sendable {
    let name: StaticString
    let calls: [Call]
    let since: Moment
    let waitsUntil: Moment
    let deadline: Moment

    let results = FlightResults()
    /// When it was given to a connection.
    var sentAt = Moment.distantFuture
    /// Since when nobody waits for it any more.
    var abandonedAt: Moment?

    let promise = Promise<FlightResults>()

    init(_ name: StaticString, _ calls: [Call], since: Moment, waitsUntil: Moment, deadline: Moment) {
        self.name = name
        self.calls = calls
        self.since = since
        self.waitsUntil = waitsUntil
        self.deadline = deadline
        results.reserve(calls.count)
    }

    func refuse(_ error: any Error) {
        promise.settle(.failure(error))
    }
}
