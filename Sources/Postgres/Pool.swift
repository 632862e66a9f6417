import Synchronization

/// A request for a connection, waiting or served.
protocol PoolRequest: AnyObject, Sendable {
    /// What the caller calls it.
    var name: StaticString { get }
    /// When it was made.
    var since: Moment { get }
    /// Until when it waits for a connection.
    var waitsUntil: Moment { get }
    /// Turns it away.
    func refuse(_ error: any Error)
}

/// What carries out the pool's decisions for one kind of lane.
protocol PoolDriver: AnyObject, Sendable {
    associatedtype Request: PoolRequest
    /// Makes a connection, on another thread, and reports it opened or failed.
    func open(_ id: Int, for pool: Pool<Self>)
    /// Runs the request on the connection and releases it.
    func lease(_ id: Int, to request: Request, ticket: UInt64, check: Bool, for pool: Pool<Self>)
    /// Closes the connection and reports it closed.
    func close(_ id: Int)
}

/// The shell of ``PoolMachine``: a lock, the requests by number, and the hands that do what the machine says.
final class Pool<Driver: PoolDriver>: Sendable {
    let lane: Lane
    let driver: Driver
    let observer: Observer
    private let timekeeper: Timekeeper
    private let state: Mutex<State>

    private struct State {
        var machine: PoolMachine
        var requests: [UInt64: Driver.Request] = [:]
        var lastTicket: UInt64 = 0
        var isDrained = false
        /// Why the last connect failed, until one succeeds.
        var lastFailure: ConnectionLost?
    }

    /// An action with its request, so that it can be carried out after the lock is let go.
    private enum Task {
        case lease(Int, Driver.Request, ticket: UInt64, check: Bool)
        case open(Int)
        case close(Int)
        case refuse(Driver.Request, any Error)
    }

    init(
        _ lane: Lane, _ settings: PoolMachine.Settings, driver: Driver, observer: Observer, timekeeper: Timekeeper
    ) {
        self.lane = lane
        self.driver = driver
        self.observer = observer
        self.timekeeper = timekeeper
        state = Mutex(State(machine: PoolMachine(settings)))
    }

    var statistics: LaneStatistics { state.withLock { $0.machine.statistics } }

    var isDrained: Bool { state.withLock { $0.isDrained } }

    var isDraining: Bool { state.withLock { $0.machine.isDraining } }

    /// Asks for a connection; the driver gets the request when there is one. The answer is for ``cancel(_:)``.
    func request(_ request: Driver.Request) -> UInt64 {
        var ticket: UInt64 = 0
        act(wakes: request.waitsUntil) { state in
            state.lastTicket += 1
            ticket = state.lastTicket
            state.requests[ticket] = request
            return state.machine.request(ticket, until: request.waitsUntil, now: request.since)
        }
        return ticket
    }

    /// Takes a waiting request back. Nil if it is not waiting any more.
    func cancel(_ ticket: UInt64) -> Driver.Request? {
        state.withLock { state in
            guard state.machine.cancel(ticket) else { return nil }
            return state.requests.removeValue(forKey: ticket)
        }
    }

    func opened(_ id: Int, took: Duration) {
        observer.observe(.connected(lane, took: took))
        act { state in
            state.lastFailure = nil
            return state.machine.opened(id, now: .now, jitter: .random(in: 0...1))
        }
    }

    func openFailed(_ id: Int, _ error: ConnectionLost) {
        observer.observe(.connectFailed(lane, error))
        act { state in
            state.lastFailure = error
            return state.machine.openFailed(id, now: .now, jitter: .random(in: 0...1))
        }
        timekeeper.reconsider()
    }

    func release(_ id: Int, keep: Bool) {
        act { $0.machine.release(id, keep: keep, now: .now) }
    }

    func lost(_ id: Int, _ error: ConnectionLost) {
        observer.observe(.discarded(lane, error))
        act { $0.machine.lost(id, now: .now) }
    }

    func lostBeforeUse(_ id: Int, _ request: Driver.Request, ticket: UInt64, _ error: ConnectionLost) {
        observer.observe(.discarded(lane, error))
        act(wakes: request.waitsUntil) { state in
            state.requests[ticket] = request
            return state.machine.lostBeforeUse(id, request: ticket, until: request.waitsUntil, now: .now)
        }
    }

    func closed(_ id: Int) {
        act { $0.machine.closed(id, now: .now) }
    }

    /// No new requests; what runs may end.
    func drain() {
        act { $0.machine.drain() }
    }

    /// Lets the machine look at the clock; answers when it wants to look again.
    func tick() -> Moment {
        act { $0.machine.tick(now: .now) }
        return state.withLock { $0.machine.nextTick }
    }

    /// Decides under the lock, acts after it.
    private func act(wakes moment: Moment? = nil, _ decide: (inout State) -> [PoolMachine.Action]) {
        var waits = false
        let tasks = state.withLock { state in
            let actions = decide(&state)
            var tasks: [Task] = []
            tasks.reserveCapacity(actions.count)
            for action in actions { perform(action, &state, &tasks) }
            waits = moment != nil && state.machine.isWaiting
            return tasks
        }
        // Before the tasks: one of them could take long enough for the deadline to matter.
        if waits, let moment { timekeeper.wake(by: moment) }
        for task in tasks {
            switch task {
            case .lease(let id, let request, let ticket, let check):
                let waited = Moment.now - request.since
                // Less than this is no wait but the work of handing over.
                if waited > .microseconds(100) { observer.observe(.waited(lane, name: request.name, waited)) }
                driver.lease(id, to: request, ticket: ticket, check: check, for: self)
            case .open(let id): driver.open(id, for: self)
            case .close(let id): driver.close(id)
            case .refuse(let request, let error):
                if let error = error as? PoolExhausted {
                    observer.observe(.refused(lane, name: request.name, error.reason))
                }
                request.refuse(error)
            }
        }
    }

    private func perform(_ action: PoolMachine.Action, _ state: inout State, _ tasks: inout [Task]) {
        switch action {
        case .lease(let id, let ticket, let check):
            guard let request = state.requests.removeValue(forKey: ticket) else { return }
            tasks.append(.lease(id, request, ticket: ticket, check: check))
        case .open(let id): tasks.append(.open(id))
        case .close(let id): tasks.append(.close(id))
        case .refuse(let ticket, let refusal):
            guard let request = state.requests.removeValue(forKey: ticket) else { return }
            tasks.append(.refuse(request, error(for: refusal, state)))
        case .drained: state.isDrained = true
        }
    }

    /// Who waited in vain because nobody could connect is told that, not that the pool was too small.
    private func error(for refusal: PoolMachine.Refusal, _ state: State) -> any Error {
        switch refusal {
        case .shutdown: ConnectionLost(.shutdown)
        case .tooManyWaiting: PoolExhausted(.tooManyWaiting, lane: lane)
        case .timedOut:
            if state.machine.statistics.open == 0, let failure = state.lastFailure {
                failure
            } else {
                PoolExhausted(.timedOut, lane: lane)
            }
        }
    }
}
