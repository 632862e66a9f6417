/// Sending a flight and waiting for its answer, for those who have the connection to themselves.
extension Connection {
    /// One round trip. Throws when the connection is gone, the moment passes, or `interrupted` says so after a wake-up.
    func exchange(
        _ calls: [Call], until moment: Moment, wake: Wake? = nil,
        interrupted: () -> ConnectionLost.Reason? = { nil }
    ) throws(ConnectionLost) -> FlightResults {
        let results = FlightResults()
        results.reserve(calls.count)
        try send(calls)
        while true {
            let flushed = try flush()
            if try receive(into: results, calls) { return results }
            let ready = Wait.until(moment, socket: socket, writing: !flushed, wake: wake)
            if ready.woken {
                wake?.clear()
                if let reason = interrupted() { throw ConnectionLost(reason) }
            }
            if ready.readable { try consume() }
            if ready.timedOut { throw ConnectionLost(.deadline) }
        }
    }

    /// Takes what has come for one flight; true when its Sync has.
    func receive(into results: FlightResults, _ calls: [Call]) throws(ConnectionLost) -> Bool {
        while true {
            switch try next() {
            case .nothing: return false
            case .sync:
                guard results.count == calls.count else {
                    throw ConnectionLost(.protocolViolation, message: "fewer results than statements")
                }
                return true
            case .result(let result):
                guard results.count < calls.count else {
                    throw ConnectionLost(.protocolViolation, message: "more results than statements")
                }
                if results.failure == nil, result.isFailure {
                    let error = preparationFailure ?? result.error
                    results.failure = error.named(calls[results.count].name)
                }
                results.adopt(result)
            }
        }
    }

    /// Asks for a sign of life and waits for it.
    func ping(until moment: Moment) throws(ConnectionLost) {
        _ = try exchange([], until: moment)
    }
}
