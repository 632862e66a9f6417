public import Hummingbird
import Services

/// What is known about a request before anybody looks at who sent it.
public struct WebContext: RequestContext {
    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection.
    let peer: String?
    /// The client's address as far as trusted proxies tell; set by `Envelope`.
    var address: String?
    /// Ties log lines, audit events and answers together; set by `Envelope`.
    var requestID = ""
    /// The session's token from the cookie or the header; set by `Envelope`.
    var token: Token?

    /// Where a token came from. A cookie needs proof against forged requests; a header cannot be forged by a browser.
    struct Token: Sendable {
        enum Source: Sendable { case cookie, bearer }
        let value: String
        let source: Source
    }

    /// The context of one request.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        address = peer
    }

    /// Most bytes of a body that is decoded.
    public var maxUploadSize: Int { Limit.bodyBytes }
}

/// The context of a request that came with a credential. Handlers that take it cannot be reached without one; whether it
/// is worth anything is for the database to say.
struct SignedInContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let actor: Services.Actor
    let token: WebContext.Token
    let requestID: String

    init(context: WebContext) throws {
        guard let token = context.token else { throw WebRefusal.notSignedIn }
        coreContext = context.coreContext
        self.token = token
        requestID = context.requestID
        actor = Services.Actor(
            credential: Credential(token: token.value), requestID: context.requestID, address: context.address)
    }

    var maxUploadSize: Int { Limit.bodyBytes }
}
