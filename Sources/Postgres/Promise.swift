import Synchronization

/// One value to come, from a thread to the one task that waits for it. The first to settle it wins.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        /// Nobody waits yet. Exits: awaited, early.
        case open
        /// A task waits. Exit: settled.
        case awaited(CheckedContinuation<Value, any Error>)
        /// Settled before anybody waited. Exit: settled.
        case early(Result<Value, any Error>)
        case settled
    }

    private let state = Mutex(State.open)

    /// Waits for the value; to be called once.
    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let early: Result<Value, any Error>? = state.withLock { state in
                if case .early(let result) = state {
                    state = .settled
                    return result
                }
                state = .awaited(continuation)
                return nil
            }
            if let early { continuation.resume(with: early) }
        }
    }

    /// Settles it; false if it was settled already.
    @discardableResult
    func settle(_ result: Result<Value, any Error>) -> Bool {
        let (waiter, isFirst): (CheckedContinuation<Value, any Error>?, Bool) = state.withLock { state in
            switch state {
            case .open:
                state = .early(result)
                return (nil, true)
            case .awaited(let continuation):
                state = .settled
                return (continuation, true)
            case .early, .settled:
                return (nil, false)
            }
        }
        waiter?.resume(with: result)
        return isFirst
    }
}
