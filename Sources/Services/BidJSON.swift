public import Domain
import Postgres

// Bids for the API's hot paths: bytes that PostgreSQL wrote.

extension Bids {
    /// One bid as JSON with its version, which is its entity tag.
    public func detailJSON(_ actor: Actor, _ id: BidID) async throws -> (json: String, version: Int) {
        let (subject, found) = try await platform.read("bids.detail_json", actor, BidJSONStatements.detail(id).optional)
        let document = try found.orNotFound("bid")
        _ = try Permission.authorise(.bidRead, subject: subject, facts: document.facts)
        return (document.json, document.version)
    }

    /// A page of bids as JSON: `{"items": […], "next": …}`.
    public func listJSON(_ actor: Actor, page: PageRequest = PageRequest(), filter: BidFilter = BidFilter())
        async throws
        -> String
    {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Bid.self)) }
        let (subject, json) = try await platform.read(
            "bids.list_json", actor, BidJSONStatements.list(filter, after: after, size: page.size).one)
        _ = try Permission.authorise(.bidList, subject: subject)
        return json
    }
}

/// One statement of a measured path, for a load generator that runs the product's own SQL.
public struct BenchStatement: Sendable {
    /// Which path: `W1` reads one bid, `W2` lists bids, `W3` saves a section.
    public let path: String
    /// The name that logs carry.
    public let name: String
    /// Text with `$1`, `$2`, …
    public let text: String
    /// What each parameter is, in order.
    public let parameters: [String]
    /// Whether it begins a new round trip.
    public let startsFlight: Bool
}

extension Touchstone {
    /// The exact SQL of the three measured paths, in the order in which it is sent.
    public static var benchSQL: [BenchStatement] {
        let bid = BidID.fresh()
        let person = PersonID.fresh()
        let credential = Credential(token: "")
        func part(_ path: String, _ statement: AnyStatement, _ parameters: [String], _ starts: Bool = false)
            -> BenchStatement
        {
            BenchStatement(
                path: path, name: statement.name, text: statement.text, parameters: parameters, startsFlight: starts)
        }
        let record = AuditStatements.NewEvent(
            id: .fresh(), person: person, organisation: .fresh(), capacity: .laEditor, action: "bid.edit",
            object: .bid(bid),
            from: nil, to: nil, reason: nil, before: nil, after: nil, detail: PostgresJSON("{}"), address: nil,
            requestID: nil)
        let json = PostgresJSON("{}")
        return [
            part("W1", ActorStatements.open(credential).untyped, ["credential"], true),
            part("W1", BidJSONStatements.detail(bid).untyped, ["bid"]),
            part("W2", ActorStatements.open(credential).untyped, ["credential"], true),
            part(
                "W2", BidJSONStatements.list(BidFilter(state: .draft), after: nil, size: 20).untyped,
                ["size", "size", "size", "state", "size + 1", "state", "size + 1"]),
            part("W3", ActorStatements.openForWriting(credential).untyped, ["credential"], true),
            part("W3", BidStatements.lock(bid).untyped, ["bid"]),
            part("W3", BidSectionStatements.version(bid, .need).untyped, ["bid", "section"]),
            part("W3", BidStatements.ledger(bid).untyped, ["bid"]),
            part("W3", BidStatements.titleTaken("", besides: bid).untyped, ["bid", "title", "bid"]),
            part(
                "W3", BidSectionStatements.update(bid, .need, json, by: person).untyped,
                ["content", "person", "bid", "section"], true),
            part(
                "W3", BidSectionStatements.touch(bid, by: person, title: nil, requested: nil).untyped,
                ["person", "title", "requested", "bid"]),
            part(
                "W3", AuditStatements.insert(record).untyped,
                [
                    "event", "person", "organisation", "capacity", "action", "object kind", "bid", "from", "to",
                    "reason",
                    "before", "after", "detail", "address", "request",
                ]),
        ]
    }
}
