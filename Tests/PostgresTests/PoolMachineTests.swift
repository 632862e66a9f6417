import Testing

@testable import Postgres

/// Scripts: events in, actions out, with invented time.
@Suite("The pool as a pure machine")
struct PoolMachineTests {
    static let never = at(1_000_000)

    static func at(_ milliseconds: Int64) -> Moment { Moment(nanoseconds: milliseconds * 1_000_000) }

    static func machine(
        _ connections: Int = 2, depth: Int = 1, _ change: (inout PoolMachine.Settings) -> Void = { _ in }
    )
        -> PoolMachine
    {
        var settings = PoolMachine.Settings(connectionsMax: connections)
        settings.depth = depth
        change(&settings)
        return PoolMachine(settings)
    }

    func at(_ milliseconds: Int64) -> Moment { Self.at(milliseconds) }

    func lane(open: Int, closing: Int, leased: Int, waiting: Int) -> LaneStatistics {
        var statistics = LaneStatistics()
        statistics.open = open
        statistics.closing = closing
        statistics.leased = leased
        statistics.waiting = waiting
        return statistics
    }

    @Test("grows one at a time, and serves in order of asking")
    func growth() {
        var pool = Self.machine(2)
        #expect(pool.request(1, until: Self.never, now: at(0)) == [.open(1)])
        #expect(pool.request(2, until: Self.never, now: at(0)) == [], "one connect at a time")
        #expect(pool.request(3, until: Self.never, now: at(0)) == [])
        #expect(pool.opened(1, now: at(1), jitter: 0) == [.lease(1, 1, check: false), .open(2)])
        #expect(pool.release(1, keep: true, now: at(2)) == [.lease(1, 2, check: false)])
        #expect(pool.opened(2, now: at(3), jitter: 0) == [.lease(2, 3, check: false)])
        #expect(pool.request(4, until: Self.never, now: at(4)) == [], "no more than allowed")
        #expect(pool.statistics == lane(open: 2, closing: 0, leased: 2, waiting: 1))
    }

    @Test("refuses the waiter too many at once, and the late one at its deadline")
    func bounds() {
        var pool = Self.machine(1) { $0.waitersMax = 2 }
        #expect(pool.request(1, until: at(10), now: at(0)) == [.open(1)])
        #expect(pool.request(2, until: at(20), now: at(0)) == [])
        #expect(pool.request(3, until: at(20), now: at(0)) == [.refuse(3, .tooManyWaiting)])
        #expect(pool.nextTick == at(10))
        #expect(pool.tick(now: at(9)) == [])
        #expect(pool.tick(now: at(10)) == [.refuse(1, .timedOut)])
        #expect(pool.nextTick == at(20))
        #expect(pool.opened(1, now: at(11), jitter: 0) == [.lease(1, 2, check: false)])
    }

    @Test("a waiter that gives up is passed over")
    func cancelled() {
        var pool = Self.machine(1)
        _ = pool.request(1, until: Self.never, now: at(0))
        _ = pool.request(2, until: Self.never, now: at(0))
        let (first, second) = (pool.cancel(1), pool.cancel(1))
        #expect(first && !second)
        #expect(pool.opened(1, now: at(1), jitter: 0) == [.lease(1, 2, check: false)])
        let late = pool.cancel(2)
        #expect(!late, "it has a connection")
    }

    @Test("discards on doubt, and makes another for those who wait only when the old one is closed")
    func doubt() {
        var pool = Self.machine(1)
        _ = pool.request(1, until: Self.never, now: at(0))
        _ = pool.opened(1, now: at(0), jitter: 0)
        _ = pool.request(2, until: Self.never, now: at(0))
        #expect(pool.release(1, keep: false, now: at(1)) == [.close(1)])
        #expect(pool.statistics.closing == 1, "the server still counts it")
        #expect(pool.closed(1, now: at(2)) == [.open(2)])
        #expect(pool.closed(1, now: at(2)) == [], "twice is harmless")
        #expect(pool.release(1, keep: true, now: at(2)) == [], "late is harmless")
    }

    @Test("replaces the old: at the lease when idle, after the last request when shared")
    func lifetime() {
        var pool = Self.machine(1) { $0.maxLifetime = .milliseconds(1000) }
        _ = pool.request(1, until: Self.never, now: at(0))
        _ = pool.opened(1, now: at(0), jitter: 1)
        _ = pool.release(1, keep: true, now: at(10))
        #expect(pool.request(2, until: Self.never, now: at(899)) == [.lease(1, 2, check: false)])
        _ = pool.release(1, keep: true, now: at(899))
        #expect(pool.request(3, until: Self.never, now: at(900)) == [.close(1)], "a tenth of jitter")
        #expect(pool.closed(1, now: at(901)) == [.open(2)])

        var shared = Self.machine(1, depth: 2) { $0.maxLifetime = .milliseconds(1000) }
        _ = shared.request(1, until: Self.never, now: at(0))
        _ = shared.opened(1, now: at(0), jitter: 0)
        #expect(shared.request(2, until: Self.never, now: at(1000)) == [], "too old for one more")
        #expect(shared.release(1, keep: true, now: at(1001)) == [.close(1)])
    }

    @Test("an idle connection that has grown old is closed by the clock")
    func idleLifetime() {
        var pool = Self.machine(1) { $0.maxLifetime = .milliseconds(1000) }
        _ = pool.request(1, until: Self.never, now: at(0))
        _ = pool.opened(1, now: at(0), jitter: 0)
        _ = pool.release(1, keep: true, now: at(1))
        #expect(pool.nextTick == at(1000))
        #expect(pool.tick(now: at(1000)) == [.close(1)])
    }

    @Test("asks for a sign of life only after a long idle time; without one the request goes back to the front")
    func idleCheck() {
        var pool = Self.machine(1) { $0.idleCheck = .milliseconds(100) }
        _ = pool.request(1, until: Self.never, now: at(0))
        _ = pool.opened(1, now: at(0), jitter: 0)
        _ = pool.release(1, keep: true, now: at(0))
        #expect(pool.request(2, until: Self.never, now: at(101)) == [.lease(1, 2, check: true)])
        _ = pool.request(3, until: Self.never, now: at(102))
        #expect(pool.lostBeforeUse(1, request: 2, until: Self.never, now: at(103)) == [])
        #expect(pool.closed(1, now: at(104)) == [.open(2)])
        #expect(pool.opened(2, now: at(105), jitter: 0) == [.lease(2, 2, check: false)], "2 before 3")
    }

    @Test("backs off after failed connects, longer each time, and forgets it after a success")
    func backoff() {
        var pool = Self.machine(1) {
            $0.backoff = .milliseconds(100)
            $0.backoffMax = .milliseconds(300)
        }
        #expect(pool.request(1, until: Self.never, now: at(0)) == [.open(1)])
        #expect(pool.openFailed(1, now: at(0), jitter: 1) == [])
        #expect(pool.nextTick == at(100))
        #expect(pool.request(2, until: Self.never, now: at(50)) == [], "asking does not shorten the pause")
        #expect(pool.tick(now: at(100)) == [.open(2)])
        _ = pool.openFailed(2, now: at(100), jitter: 1)
        #expect(pool.nextTick == at(300))
        #expect(pool.tick(now: at(300)) == [.open(3)])
        _ = pool.openFailed(3, now: at(300), jitter: 1)
        #expect(pool.nextTick == at(600), "no longer than the longest")
        #expect(pool.tick(now: at(600)) == [.open(4)])
        #expect(pool.opened(4, now: at(600), jitter: 0) == [.lease(4, 1, check: false)])
        #expect(pool.release(4, keep: false, now: at(601)) == [.close(4)])
        #expect(pool.closed(4, now: at(602)) == [.open(5)], "at once again")
    }

    @Test("a shared lane spreads before it stacks, and stacks only so deep")
    func depth() {
        var pool = Self.machine(2, depth: 2)
        #expect(pool.request(1, until: Self.never, now: at(0)) == [.open(1)])
        #expect(pool.opened(1, now: at(0), jitter: 0) == [.lease(1, 1, check: false)])
        #expect(pool.request(2, until: Self.never, now: at(1)) == [.lease(1, 2, check: false), .open(2)])
        #expect(pool.opened(2, now: at(2), jitter: 0) == [])
        #expect(pool.request(3, until: Self.never, now: at(3)) == [.lease(2, 3, check: false)])
        #expect(pool.request(4, until: Self.never, now: at(4)) == [.lease(2, 4, check: false)])
        #expect(pool.request(5, until: Self.never, now: at(5)) == [])
        #expect(pool.lost(1, now: at(6)) == [], "both its requests are forfeited")
        #expect(pool.statistics == lane(open: 1, closing: 1, leased: 2, waiting: 1))
        #expect(pool.release(2, keep: true, now: at(7)) == [.lease(2, 5, check: false)])
    }

    @Test("drains: refuses who waits and who comes, lets run what runs, closes what is idle or still to come")
    func drain() {
        var pool = Self.machine(3)
        _ = pool.request(1, until: Self.never, now: at(0))
        _ = pool.opened(1, now: at(0), jitter: 0)
        _ = pool.request(2, until: Self.never, now: at(0))
        #expect(pool.drain() == [.refuse(2, .shutdown)])
        #expect(pool.request(3, until: Self.never, now: at(1)) == [.refuse(3, .shutdown)])
        #expect(pool.opened(2, now: at(2), jitter: 0) == [.close(2)])
        #expect(pool.closed(2, now: at(3)) == [])
        #expect(pool.release(1, keep: true, now: at(4)) == [.close(1)])
        #expect(pool.closed(1, now: at(5)) == [.drained])
        var empty = Self.machine()
        #expect(empty.drain() == [.drained])
    }

    @Test(
        "whatever happens in whatever order, the limits hold and nobody is served twice or forgotten", arguments: 0..<40
    )
    func anyOrder(seed: UInt64) {
        var random = SplitMix(state: seed)
        var pool = Self.machine(3, depth: Int(seed % 3) + 1) { $0.waitersMax = 5 }
        var model = PoolModel(depth: Int(seed % 3) + 1)
        for step in 0..<400 {
            let now = at(Int64(step))
            let actions: [PoolMachine.Action]
            switch random.next() % 8 {
            case 0, 1, 2: actions = pool.request(model.ask(), until: at(Int64(step) + 30), now: now)
            case 3: actions = model.opening.popLast().map { pool.opened($0, now: now, jitter: 0.5) } ?? []
            case 4: actions = model.opening.popLast().map { pool.openFailed($0, now: now, jitter: 0.5) } ?? []
            case 5: actions = model.finish().map { pool.release($0, keep: random.next() % 4 != 0, now: now) } ?? []
            case 6: actions = model.closing.popLast().map { pool.closed($0, now: now) } ?? []
            default: actions = pool.tick(now: now)
            }
            model.apply(actions)
            #expect(pool.statistics.open + pool.statistics.opening + pool.statistics.closing <= 3)
            #expect(pool.statistics.waiting == model.waiting.count)
        }
    }
}

/// Checks the actions against the rules, knowing nothing of how they were decided.
private struct PoolModel {
    let depth: Int
    var opening: [Int] = []
    var closing: [Int] = []
    var waiting: Set<UInt64> = []
    private var leases: [Int: Int] = [:]
    private var lastRequest: UInt64 = 0

    init(depth: Int) {
        self.depth = depth
    }

    mutating func ask() -> UInt64 {
        lastRequest += 1
        waiting.insert(lastRequest)
        return lastRequest
    }

    mutating func finish() -> Int? {
        guard let busy = leases.first(where: { $0.value > 0 })?.key else { return nil }
        leases[busy, default: 0] -= 1
        return busy
    }

    mutating func apply(_ actions: [PoolMachine.Action]) {
        for action in actions {
            switch action {
            case .open(let id):
                #expect(opening.isEmpty, "one at a time")
                opening.append(id)
            case .close(let id):
                leases[id] = nil
                closing.append(id)
            case .lease(let id, let request, _):
                #expect(waiting.remove(request) != nil)
                #expect(!closing.contains(id))
                leases[id, default: 0] += 1
                #expect(leases[id, default: 0] <= depth)
            case .refuse(let request, _):
                #expect(waiting.remove(request) != nil)
            case .drained:
                Issue.record("nobody asked to drain")
            }
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
