import Synchronization

/// One thread that lets the pools look at the clock, only as often as they ask for it.
final class Timekeeper: Sendable {
    private struct State {
        var looks: [@Sendable () -> Moment] = []
        var isStarted = false
        var isStopped = false
        /// When the thread wakes next.
        var wakesAt = Moment.distantFuture
    }

    private let state = Mutex(State())
    private let bell = Wake()

    /// Adds something to look at; it answers when it wants to be looked at again.
    func add(_ look: @escaping @Sendable () -> Moment) {
        state.withLock { $0.looks.append(look) }
    }

    /// Makes sure that somebody looks by then.
    func wake(by moment: Moment) {
        let mustRing = state.withLock { state in
            guard !state.isStopped else { return false }
            if !state.isStarted {
                state.isStarted = true
                OwnThread.start("pg-clock") { self.run() }
            }
            guard moment < state.wakesAt else { return false }
            state.wakesAt = moment
            return true
        }
        if mustRing { bell.signal() }
    }

    /// Something has changed: look now.
    func reconsider() {
        wake(by: .now)
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.looks = []
        }
        bell.signal()
    }

    private func run() {
        while true {
            let (looks, isStopped) = state.withLock { state in
                state.wakesAt = .distantFuture
                return (state.looks, state.isStopped)
            }
            guard !isStopped else { return }
            let next = looks.map { $0() }.min() ?? .distantFuture
            let until = state.withLock { state in
                state.wakesAt = min(state.wakesAt, next)
                return state.wakesAt
            }
            if Wait.until(until, wake: bell).woken { bell.clear() }
        }
    }
}
