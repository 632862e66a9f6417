/// How the web front of one installation behaves.
public struct WebConfiguration: Sendable {
    /// Shown at the head of every page.
    public var serviceName = "Touchstone"
    /// The folder with GOV.UK Frontend; nil, or a folder without it, gives plain pages.
    public var assetsFolder: String?
    /// 32 secret bytes, the same on every server of an installation; sign-in forms are bound with it.
    public var secretKey: [UInt8]
    /// Whether this is a demonstration: the development inbox is shown and a banner says so.
    public var isDemonstration = false
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: Set<String> = []
    /// The names by which this service is called, without ports and in lower case. A request for any other name is not
    /// for this service, whatever the connection that brings it.
    public var allowedHosts: Set<String> = loopbackHosts
    /// Whether `/metrics` answers those who call from this machine; otherwise it is not there.
    public var metricsOnLoopback = true
    /// What the process has counted, in Prometheus' text format.
    public var metricsText: (@Sendable () -> String)?
    /// Who answers for the accessibility of this installation: shown in the accessibility statement.
    public var contact = "the team that runs this service"

    /// The names under which a server that listens on an address is called when nothing else is said: that address, and
    /// this machine's names for itself.
    public static func hosts(of address: String) -> Set<String> {
        loopbackHosts.union([(address.contains(":") ? "[\(address)]" : address).lowercased()])
    }

    /// Names as they were configured, in lower case; nil when one of them is none, or has a port.
    public static func hosts(named names: [String]) -> Set<String>? {
        let hosts = Set(names.map { $0.lowercased() })
        return hosts.allSatisfy { HostName.isValid($0) && HostName.withoutPort($0) == $0 } ? hosts : nil
    }

    /// Whether a request for this host, which may name a port, is for this service.
    func serves(_ host: String) -> Bool { allowedHosts.contains(HostName.withoutPort(host)) }

    /// The names of this machine for itself.
    public static let loopbackHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Settings with their defaults.
    public init(secretKey: [UInt8]) { self.secretKey = secretKey }
}

/// Every limit on what a client may send, by name.
public enum Limit {
    /// Most bytes of a request's body.
    public static let bodyBytes = 1_048_576
    /// How deeply JSON may nest.
    public static let jsonDepth = 32
    /// Most values in one JSON document.
    public static let jsonValues = 20_000
    /// Most fields in one form.
    public static let formFields = 2_000
    /// Most bytes of a query string.
    public static let queryBytes = 4_096
    /// Most bytes of all header fields together.
    public static let headerBytes = 32 * 1_024
    /// Most header fields.
    public static let headerFields = 100
    /// Most characters of an idempotency key.
    public static let idempotencyKey = 200
    /// Most rows in one page of a list.
    public static let pageSize = 100
    /// Seconds for a whole request, from its first byte to its last.
    public static let requestSeconds = 20
    /// Seconds that a connection may be idle between requests.
    public static let idleSeconds = 15
    /// Seconds that an answer may wait to be read.
    public static let answerSeconds = 25
    /// Fewest bytes of body in a second, counted after the first five seconds.
    public static let bodyBytesPerSecond = 128
    /// Seconds from SIGTERM until everything is closed, whatever peers do.
    public static let drainSeconds = 20
}
