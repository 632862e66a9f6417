import Synchronization

/// The thread of one connection of the write lane: waits for a job, runs it, gives the connection back.
final class Worker: Sendable {
    /// A job and what the pool says about it.
    struct Order {
        let job: Job
        let ticket: UInt64
        let check: Bool
    }

    /// What a job finds where it runs.
    struct Post {
        let connection: Connection
        let bell: Wake
        /// Why the job must stop, if it must.
        let interrupted: () -> ConnectionLost.Reason?
    }

    private struct Mailbox {
        var order: Order?
        var mustClose = false
        var isAsleep = false
        /// The connection is gone; no order can be taken any more.
        var isDead = false
    }

    private enum Task {
        case order(Order)
        case close
    }

    private let id: Int
    private let pool: Pool<WriteDriver>
    private let cancelWait: Duration
    private let bell = Wake()
    private let mailbox = Mutex(Mailbox())
    private let isStopping = Atomic<Bool>(false)

    /// How long an idle connection may take to give a sign of life.
    private static let pingPatience: Duration = .seconds(1)

    init(_ id: Int, _ pool: Pool<WriteDriver>, cancelWait: Duration) {
        self.id = id
        self.pool = pool
        self.cancelWait = cancelWait
    }

    /// Hands over an order. False if the connection has died: then the order must go elsewhere.
    func give(_ order: Order) -> Bool {
        let (isTaken, mustRing) = mailbox.withLock { mailbox in
            guard !mailbox.isDead else { return (false, false) }
            mailbox.order = order
            return (true, mailbox.isAsleep)
        }
        if mustRing { bell.signal() }
        return isTaken
    }

    func close() {
        mailbox.withLock { $0.mustClose = true }
        bell.signal()
    }

    /// Ends what is running.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        close()
    }

    /// The life of the connection.
    func run(_ connection: consuming Connection) {
        var lost: ConnectionLost?
        while lost == nil {
            do throws(ConnectionLost) {
                guard case .order(let order) = try next(connection) else { break }
                lost = serve(order, connection)
            } catch {
                lost = error
                died(error)
            }
        }
        if lost != nil { Connection.abandon(connection, wait: cancelWait) }
        pool.closed(id)
    }

    /// Waits for something to do. Watches the socket meanwhile: a server that closes it is noticed at once.
    private func next(_ connection: Connection) throws(ConnectionLost) -> Task {
        while true {
            let task: Task? = mailbox.withLock { mailbox in
                mailbox.isAsleep = false
                if let order = mailbox.order {
                    mailbox.order = nil
                    return .order(order)
                }
                if mailbox.mustClose {
                    mailbox.isDead = true
                    return .close
                }
                mailbox.isAsleep = true
                return nil
            }
            if let task { return task }
            let ready = Wait.until(.distantFuture, socket: connection.socket, wake: bell)
            if ready.woken { bell.clear() }
            if ready.readable { try connection.consume() }
        }
    }

    /// Runs one job; answers why the connection cannot be kept, if so.
    private func serve(_ order: Order, _ connection: Connection) -> ConnectionLost? {
        let job = order.job
        if order.check {
            do throws(ConnectionLost) {
                try connection.ping(until: .now + Self.pingPatience)
            } catch {
                mailbox.withLock { $0.isDead = true }
                pool.lostBeforeUse(id, job, ticket: order.ticket, error)
                return error
            }
        }
        job.started(by: bell)
        let finish = job.work(
            Post(connection: connection, bell: bell) { [isStopping = { self.isStopping.load(ordering: .relaxed) }] in
                job.isCancelled ? .cancelled : isStopping() ? .shutdown : nil
            })
        if let lost = finish.lost {
            // The caller first: closing can take a while.
            finish.deliver()
            mailbox.withLock { $0.isDead = true }
            pool.lost(id, lost)
        } else {
            pool.release(id, keep: true)
            finish.deliver()
        }
        return finish.lost
    }

    /// The connection died while nothing ran on it; an order that came just now was not begun and goes back.
    private func died(_ error: ConnectionLost) {
        let order = mailbox.withLock { mailbox in
            mailbox.isDead = true
            return mailbox.order
        }
        if let order {
            pool.lostBeforeUse(id, order.job, ticket: order.ticket, error)
        } else {
            pool.lost(id, error)
        }
    }
}
