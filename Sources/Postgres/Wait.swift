import CPostgres
import Glibc

/// The only place where a thread waits: for a socket, for somebody's wake-up, until a moment.
enum Wait {
    /// What ended a wait.
    struct Ready {
        var readable = false
        var writable = false
        var woken = false
        var timedOut: Bool { !readable && !writable && !woken }
    }

    /// Waits until the socket can be read (or written, if asked), the wake-up comes, or the moment passes.
    static func until(
        _ moment: Moment, socket: Int32? = nil, writing: Bool = false, wake: Wake? = nil
    ) -> Ready {
        let events = Int16(writing ? POLLIN | POLLOUT : POLLIN)
        // A negative descriptor is one that poll passes over.
        var entries = (
            pollfd(fd: socket ?? -1, events: events, revents: 0),
            pollfd(fd: wake?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
        )
        while true {
            let timeout = moment == .distantFuture ? -1 : moment.milliseconds(from: .now)
            let count = unsafe withUnsafeMutablePointer(to: &entries) { pair in
                unsafe pair.withMemoryRebound(to: pollfd.self, capacity: 2) { unsafe poll($0, 2, timeout) }
            }
            // A signal interrupted the wait: the moment has not moved, so wait again.
            if count < 0, errno == EINTR { continue }
            var ready = Ready()
            // Errors and hang-ups count as readable: the read says what happened.
            ready.readable = entries.0.revents & ~Int16(POLLOUT) != 0
            ready.writable = entries.0.revents & Int16(POLLOUT) != 0
            ready.woken = entries.1.revents != 0
            if ready.timedOut, Moment.now < moment, count >= 0 { continue }
            return ready
        }
    }
}

/// Wakes a thread that is in ``Wait`` or ``Poller``, from any other.
final class Wake: Sendable {
    let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    }

    deinit {
        close(descriptor)
    }

    func signal() {
        eventfd_write(descriptor, 1)
    }

    /// Forgets the signals that have come.
    func clear() {
        var count: eventfd_t = 0
        unsafe eventfd_read(descriptor, &count)
    }
}

/// Many sockets in one wait, for the lanes whose connections share a thread.
@safe final class Poller {
    private let descriptor: Int32
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: 64)

    /// What happened to one of them.
    struct Ready {
        let key: UInt64
        let readable: Bool
        let writable: Bool
    }

    init() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    }

    deinit {
        close(descriptor)
    }

    func add(_ socket: Int32, key: UInt64) {
        control(EPOLL_CTL_ADD, socket, key: key, writing: false)
    }

    func change(_ socket: Int32, key: UInt64, writing: Bool) {
        control(EPOLL_CTL_MOD, socket, key: key, writing: writing)
    }

    func remove(_ socket: Int32) {
        control(EPOLL_CTL_DEL, socket, key: 0, writing: false)
    }

    /// Appends what is ready; returns when something is, or the moment has passed.
    func wait(until moment: Moment, into ready: inout [Ready]) {
        let timeout = moment == .distantFuture ? -1 : moment.milliseconds(from: .now)
        let count = unsafe epoll_wait(descriptor, &events, Int32(events.count), timeout)
        for index in stride(from: 0, to: Int(count), by: 1) {
            let flags = unsafe events[index].events
            ready.append(
                Ready(
                    key: unsafe events[index].data.u64,
                    readable: flags & ~EPOLLOUT.rawValue != 0,
                    writable: flags & EPOLLOUT.rawValue != 0))
        }
    }

    private func control(_ operation: Int32, _ socket: Int32, key: UInt64, writing: Bool) {
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue | (writing ? EPOLLOUT.rawValue : 0)
        unsafe event.data.u64 = key
        unsafe epoll_ctl(descriptor, operation, socket, &event)
    }
}
