public import Hummingbird
public import Logging
import NIOCore
public import Services

/// The web front as a service: the router in a server whose connections are guarded.
public enum WebApplication {
    /// The application on an address. Run it in a `ServiceGroup` with a bounded graceful shutdown.
    public static func make(
        core: Touchstone, settings: WebConfiguration, host: String, port: Int, logger: Logger,
        onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<WebContext>> {
        Application(
            router: RouteTable.router(core: core, settings: settings),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard()],
                    idleTimeout: nil,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Limit.headerBytes, maxHeaderListSize: Limit.headerBytes,
                        maxHeaderFieldCount: Limit.headerFields))),
            configuration: .init(address: .hostname(host, port: port), serverName: nil, backlog: 512),
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? port) },
            logger: logger)
    }
}
