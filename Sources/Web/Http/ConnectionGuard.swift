import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches one connection: every phase of it has a deadline, so that a client that is slow, silent or never reads cannot
/// keep it. Idle time-outs alone do not do that: each byte of a dripped body starts them anew.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var machine = PhaseMachine()
    private var deadline: Scheduled<Void>?
    private var pulse: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) {
        let operations = context.pipeline.syncOperations
        if let decoder = try? operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) {
            try? operations.addHandler(ProtocolVersionHandler(), position: .after(decoder))
        }
        if context.channel.isActive { apply(machine.opened(), context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    func channelActive(context: ChannelHandlerContext) {
        apply(machine.opened(), context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: apply(machine.head(), context)
        case .body(let part): machine.body(bytes: part.readableBytes)
        case .end: apply(machine.end(), context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            machine.answering(closing: head.headerFields[.connection]?.lowercased() == "close")
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
            apply(machine.sending(), context)
        case .end:
            context.write(data, promise: promise)
            apply(machine.answered(), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        apply(.within(seconds: 2), context)
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { apply(machine.quiesce(), context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func apply(_ order: PhaseMachine.Order, _ context: ChannelHandlerContext) {
        switch order {
        case .none: return
        case .within(let seconds): arm(seconds, context)
        case .receiving(let seconds):
            arm(seconds, context)
            beat(context)
        case .hangUp:
            // The answer leaves; the peer may read it before the connection goes.
            context.flush()
            context.close(mode: .output, promise: nil)
            arm(2, context)
        }
    }

    private func arm(_ seconds: Int, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(seconds))) {
            context.close(promise: nil)
        }
    }

    private func beat(_ context: ChannelHandlerContext) {
        pulse?.cancel()
        pulse = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(PhaseMachine.pulseSeconds))) {
            switch self.machine.pulse() {
            case .tooSlow: context.close(promise: nil)
            case .fine: self.beat(context)
            case .notReceiving: return
            }
        }
    }

    private func cancel() {
        deadline?.cancel()
        pulse?.cancel()
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

/// The phases of a connection, without any clock or channel: what was seen, and what to do about it.
struct PhaseMachine {
    /// Where the connection stands.
    enum Phase: Equatable {
        /// Waiting for the head of a request. Exits: receiving.
        case waiting
        /// The head is here, the end of the body is not. Exits: answering, and waiting when the answer came first.
        case receiving
        /// All of the request is here, the answer is not out. Exits: waiting.
        case answering
    }

    /// What to do now.
    enum Order: Equatable {
        case none
        /// Close unless something else is ordered within so many seconds.
        case within(seconds: Int)
        /// The same, and look at the pace of the body.
        case receiving(seconds: Int)
        /// The answer said that the connection closes.
        case hangUp
    }

    /// What the look at the pace says.
    enum Pace: Equatable { case fine, tooSlow, notReceiving }

    /// Seconds between two looks at the pace.
    static let pulseSeconds = 5

    private(set) var phase = Phase.waiting
    private var received = 0
    private var answeredEarly = false
    private var closing = false
    private var queued = 0

    mutating func opened() -> Order { .within(seconds: Limit.idleSeconds) }

    mutating func head() -> Order {
        if phase == .answering {
            // A pipelined request: the deadline of the answer before it stands.
            queued += 1
            return .none
        }
        phase = .receiving
        received = 0
        answeredEarly = false
        return .receiving(seconds: Limit.requestSeconds)
    }

    mutating func body(bytes: Int) { received += bytes }

    mutating func end() -> Order {
        guard phase == .receiving else { return .none }
        phase = answeredEarly ? .waiting : .answering
        return .within(seconds: answeredEarly ? Limit.idleSeconds : Limit.answerSeconds)
    }

    mutating func answering(closing: Bool) { self.closing = self.closing || closing }

    /// A part of the answer goes out. The peer reads as it should, or there would be no room for this part: a long answer
    /// takes as long as it takes.
    func sending() -> Order { phase == .answering ? .within(seconds: Limit.answerSeconds) : .none }

    mutating func answered() -> Order {
        if closing { return .hangUp }
        switch phase {
        case .receiving:
            answeredEarly = true
            return .none
        case .answering where queued > 0:
            queued -= 1
            return .within(seconds: Limit.answerSeconds)
        case .answering, .waiting:
            phase = .waiting
            return .within(seconds: Limit.idleSeconds)
        }
    }

    mutating func pulse() -> Pace {
        guard phase == .receiving else { return .notReceiving }
        defer { received = 0 }
        return received < Limit.bodyBytesPerSecond * Self.pulseSeconds ? .tooSlow : .fine
    }

    /// The server is stopping: what is not wholly here gets a few more seconds.
    mutating func quiesce() -> Order { phase == .receiving ? .within(seconds: 5) : .none }
}

/// What HTTP/1 says about a request that is lost once it is translated: its version, and that it waits for 100.
final class ProtocolVersionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if !head.isKeepAlive || head.version != .http1_1 {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        if head.headers.first(name: "Expect")?.lowercased() == "100-continue", length <= Limit.bodyBytes {
            let go = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(go)), promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

@available(*, unavailable)
extension ProtocolVersionHandler: Sendable {}
