/// Who gets which connection, and when one is made or closed. Pure: no I/O, no clock, no chance.
///
/// Time and chance come in as arguments; what is to be done goes out as ``Action``s, which ``Pool`` carries out. A
/// connection is `opening` → `open` → (`retiring` →) `closing` → gone; in a lane of depth 1 one request holds it, in
/// a shared lane up to `depth` do.
struct PoolMachine {
    /// The limits, by name.
    struct Settings {
        var connectionsMax: Int
        /// Requests that one connection serves at once.
        var depth = 1
        var waitersMax = 512
        var maxLifetime: Duration = .seconds(1800)
        var idleCheck: Duration = .seconds(30)
        var backoff: Duration = .milliseconds(50)
        var backoffMax: Duration = .seconds(1)
    }

    /// What the shell is to do.
    enum Action: Hashable {
        /// Give the connection to the request; ask it for a sign of life first if `check`.
        case lease(Int, UInt64, check: Bool)
        /// Make a connection.
        case open(Int)
        /// Close a connection that nobody uses.
        case close(Int)
        /// Turn the request away.
        case refuse(UInt64, Refusal)
        /// Nothing is left, after ``drain()``.
        case drained
    }

    /// Why a request is turned away.
    enum Refusal: Hashable {
        case timedOut
        case tooManyWaiting
        case shutdown
    }

    private enum Phase {
        /// Being made. Exits: open, or gone when that fails.
        case opening
        /// Usable. Exits: retiring when too old while shared, closing when lost, refused back or too old.
        case open
        /// Too old: no new request. Exits: closing when the last has ended.
        case retiring
        /// Still counted, because the server still counts it. Exit: gone.
        case closing
    }

    private struct Member {
        let id: Int
        var phase = Phase.opening
        var leased = 0
        var expires = Moment.distantFuture
        var lastUsed = Moment(nanoseconds: 0)
    }

    private struct Waiter {
        let id: UInt64
        let deadline: Moment
    }

    private let settings: Settings
    private var members: [Member] = []
    private var waiting: [Waiter] = []
    private var lastID = 0
    private var failures = 0
    private var openAgainAt = Moment(nanoseconds: .min)
    private(set) var isDraining = false

    init(_ settings: Settings) {
        self.settings = settings
        members.reserveCapacity(settings.connectionsMax)
    }
}

// MARK: - What happens

extension PoolMachine {
    /// Somebody wants a connection, and waits until `deadline` at most.
    mutating func request(_ id: UInt64, until deadline: Moment, now: Moment) -> [Action] {
        guard !isDraining else { return [.refuse(id, .shutdown)] }
        var actions: [Action] = []
        if waiting.isEmpty, let index = choose(now: now, &actions) {
            lease(index, to: id, now: now, &actions)
            return actions
        }
        guard waiting.count < settings.waitersMax else {
            actions.append(.refuse(id, .tooManyWaiting))
            return actions
        }
        waiting.append(Waiter(id: id, deadline: deadline))
        grow(now: now, &actions)
        return actions
    }

    /// A waiting request gave up. False if it was not waiting any more.
    mutating func cancel(_ id: UInt64) -> Bool {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// A connection was made. `jitter` from 0 to 1 shortens its life by up to a tenth.
    mutating func opened(_ id: Int, now: Moment, jitter: Double) -> [Action] {
        guard let index = index(of: id) else { return [] }
        failures = 0
        openAgainAt = Moment(nanoseconds: .min)
        let nanoseconds = Double(settings.maxLifetime.nanoseconds) * (1 - 0.1 * jitter)
        members[index].expires = now + .nanoseconds(Int64(min(nanoseconds, 9e18)))
        members[index].lastUsed = now
        members[index].phase = .open
        var actions: [Action] = []
        if isDraining {
            members[index].phase = .closing
            return [.close(id)]
        }
        dispatch(now: now, &actions)
        return actions
    }

    /// No connection could be made. `jitter` from 0 to 1 spreads the next attempt.
    mutating func openFailed(_ id: Int, now: Moment, jitter: Double) -> [Action] {
        members.removeAll { $0.id == id }
        failures += 1
        let doubled = settings.backoff.nanoseconds << Int64(min(failures - 1, 16))
        let longest = Double(min(doubled, settings.backoffMax.nanoseconds))
        openAgainAt = now + .nanoseconds(Int64(longest * (0.5 + 0.5 * jitter)))
        return isDraining && members.isEmpty ? [.drained] : []
    }

    /// A request has ended. `keep` is false when there is any doubt about the connection: then it is closed.
    mutating func release(_ id: Int, keep: Bool, now: Moment) -> [Action] {
        guard let index = index(of: id), members[index].phase == .open || members[index].phase == .retiring else {
            return []
        }
        var actions: [Action] = []
        members[index].leased = max(0, members[index].leased - 1)
        members[index].lastUsed = now
        if !keep || (members[index].leased == 0 && (members[index].phase == .retiring || isDraining)) {
            members[index].phase = .closing
            actions.append(.close(id))
        }
        dispatch(now: now, &actions)
        return actions
    }

    /// The connection is gone, with all that was on it. Its owner closes it and reports ``closed(_:now:)``.
    mutating func lost(_ id: Int, now: Moment) -> [Action] {
        if let index = index(of: id) {
            members[index].phase = .closing
            members[index].leased = 0
        }
        var actions: [Action] = []
        dispatch(now: now, &actions)
        return actions
    }

    /// The connection gave no sign of life before its request was sent: the request goes back to the front.
    mutating func lostBeforeUse(_ id: Int, request: UInt64, until deadline: Moment, now: Moment) -> [Action] {
        guard !isDraining else { return lost(id, now: now) + [.refuse(request, .shutdown)] }
        waiting.insert(Waiter(id: request, deadline: deadline), at: 0)
        return lost(id, now: now)
    }

    /// The connection is closed.
    mutating func closed(_ id: Int, now: Moment) -> [Action] {
        guard index(of: id) != nil else { return [] }
        members.removeAll { $0.id == id }
        if isDraining { return members.isEmpty ? [.drained] : [] }
        var actions: [Action] = []
        grow(now: now, &actions)
        return actions
    }

    /// Time has passed: refuses those who waited too long, closes the old, tries again after a back-off.
    mutating func tick(now: Moment) -> [Action] {
        var actions: [Action] = []
        for waiter in waiting where waiter.deadline <= now { actions.append(.refuse(waiter.id, .timedOut)) }
        waiting.removeAll { $0.deadline <= now }
        for index in members.indices where members[index].phase == .open && members[index].leased == 0 {
            retireIfOld(index, now: now, &actions)
        }
        grow(now: now, &actions)
        return actions
    }

    /// When ``tick(now:)`` next has something to do.
    var nextTick: Moment {
        var next = waiting.map(\.deadline).min() ?? .distantFuture
        if !waiting.isEmpty, failures > 0 { next = min(next, openAgainAt) }
        for member in members where member.phase == .open && member.leased == 0 { next = min(next, member.expires) }
        return next
    }

    /// No new requests; what runs may end.
    mutating func drain() -> [Action] {
        isDraining = true
        var actions = waiting.map { Action.refuse($0.id, .shutdown) }
        waiting.removeAll()
        for index in members.indices where members[index].phase == .open && members[index].leased == 0 {
            members[index].phase = .closing
            actions.append(.close(members[index].id))
        }
        if members.isEmpty { actions.append(.drained) }
        return actions
    }

    var isWaiting: Bool { !waiting.isEmpty }

    var statistics: LaneStatistics {
        var statistics = LaneStatistics()
        for member in members {
            switch member.phase {
            case .opening: statistics.opening += 1
            case .open, .retiring: statistics.open += 1
            case .closing: statistics.closing += 1
            }
            if member.phase == .open, member.leased == 0 { statistics.idle += 1 }
            statistics.leased += member.leased
        }
        statistics.waiting = waiting.count
        return statistics
    }
}

// MARK: - How it decides

extension PoolMachine {
    private func index(of id: Int) -> Int? {
        members.firstIndex { $0.id == id }
    }

    /// The least loaded connection that has room; of equals the last used, so that the others may grow old.
    private mutating func choose(now: Moment, _ actions: inout [Action]) -> Int? {
        var best: Int?
        for index in members.indices where members[index].phase == .open && members[index].leased < settings.depth {
            // Age is checked here, at the lease: a connection that is never idle would otherwise never be old.
            guard !retireIfOld(index, now: now, &actions) else { continue }
            guard let chosen = best else {
                best = index
                continue
            }
            let (left, right) = (members[index], members[chosen])
            if left.leased < right.leased || (left.leased == right.leased && left.lastUsed > right.lastUsed) {
                best = index
            }
        }
        return best
    }

    @discardableResult
    private mutating func retireIfOld(_ index: Int, now: Moment, _ actions: inout [Action]) -> Bool {
        guard members[index].expires <= now else { return false }
        if members[index].leased == 0 {
            members[index].phase = .closing
            actions.append(.close(members[index].id))
        } else {
            members[index].phase = .retiring
        }
        return true
    }

    private mutating func lease(_ index: Int, to request: UInt64, now: Moment, _ actions: inout [Action]) {
        let idle = members[index].leased == 0
        let check = idle && now - members[index].lastUsed > settings.idleCheck
        members[index].leased += 1
        members[index].lastUsed = now
        actions.append(.lease(members[index].id, request, check: check))
        // A shared lane spreads before it stacks: another connection as soon as all are busy.
        if !idle { open(now: now, &actions) }
    }

    private mutating func dispatch(now: Moment, _ actions: inout [Action]) {
        while let first = waiting.first, let index = choose(now: now, &actions) {
            waiting.removeFirst()
            lease(index, to: first.id, now: now, &actions)
        }
        grow(now: now, &actions)
    }

    /// One more connection for those who wait; one at a time, so that a burst does not become a storm of connects.
    private mutating func grow(now: Moment, _ actions: inout [Action]) {
        if !waiting.isEmpty { open(now: now, &actions) }
    }

    private mutating func open(now: Moment, _ actions: inout [Action]) {
        guard !isDraining, members.count < settings.connectionsMax, now >= openAgainAt,
            !members.contains(where: { $0.phase == .opening })
        else { return }
        lastID += 1
        members.append(Member(id: lastID))
        actions.append(.open(lastID))
    }
}
