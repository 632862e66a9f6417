import Foundation
import Synchronization

/// A TCP proxy inside the test: passes bytes on, falls silent, or cuts the line when COMMIT has gone through.
final class Proxy: Sendable {
    enum Mode: Int {
        /// Passes everything on.
        case pass
        /// Accepts and holds everything: the line is open and silent.
        case silent
        /// Passes COMMIT on to the server, then closes the client's side before any answer.
        case cutAfterCommit
        /// Swallows COMMIT and all that follows.
        case silentAtCommit
    }

    let port: UInt16
    private let target: UInt16
    private let listener: Int32
    private let mode = Atomic<Int>(Mode.pass.rawValue)
    private let isClosed = Atomic<Bool>(false)

    init(to target: UInt16) throws {
        self.target = target
        (listener, port) = try TCP.listen()
        Thread.detachNewThread { self.accept() }
    }

    func set(_ mode: Mode) {
        self.mode.store(mode.rawValue, ordering: .sequentiallyConsistent)
    }

    func close() {
        isClosed.store(true, ordering: .sequentiallyConsistent)
        shutdown(listener, Int32(SHUT_RDWR))
        Foundation.close(listener)
    }

    private var current: Mode { Mode(rawValue: mode.load(ordering: .sequentiallyConsistent)) ?? .pass }
    private var isOver: Bool { isClosed.load(ordering: .sequentiallyConsistent) }

    private func accept() {
        while !isOver {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0 else { return }
            guard let server = try? TCP.connect(target) else {
                Foundation.close(client)
                continue
            }
            Thread.detachNewThread { self.relay(client, server) }
        }
    }

    private func relay(_ client: Int32, _ server: Int32) {
        defer {
            Foundation.close(client)
            Foundation.close(server)
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isOver {
            if current == .silent {
                usleep(5_000)
                continue
            }
            var entries = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&entries, 2, 20) >= 0 else { return }
            for (index, target) in [server, client].enumerated() where entries[index].revents != 0 && current != .silent
            {
                let count = recv(entries[index].fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                let commits = index == 0 && Self.holds(buffer[0..<count], "commit\0")
                if commits, current == .silentAtCommit {
                    set(.silent)
                    break
                }
                guard TCP.sendAll(target, buffer[0..<count]) else { return }
                if commits, current == .cutAfterCommit {
                    // Long enough for the server to have done it.
                    usleep(200_000)
                    return
                }
            }
        }
    }

    private static func holds(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(word)
    }
}

/// Sockets on loopback, as far as the tests need them.
enum TCP {
    struct Failed: Error {}

    static func freePort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Foundation.listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw Failed() }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else {
            close(descriptor)
            throw Failed()
        }
        return descriptor
    }

    static func sendAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
