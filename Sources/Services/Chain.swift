public import Domain
public import FoundationEssentials
public import Postgres

/// One thing in the chain from an award to what changed.
public struct ChainNode: Hashable, Sendable {
    /// What kind of thing, such as `award`; `outcome` is all that is published of one authority.
    public let kind: String
    /// Its identity.
    public let id: UUID
    /// Its reference, where it has one.
    public let reference: String
    /// Its title.
    public let title: String
    /// Where it stands.
    public let state: String
    /// When it was made, published or decided.
    public let at: Instant?
    /// Which way it lies from where one asked.
    public let way: Way
    /// How many steps away.
    public let distance: Int

    /// Which way a thing lies.
    public enum Way: String, Sendable, CaseIterable, Codable {
        case before, here, after
    }
}

/// One thing led to another.
public struct ChainEdge: Hashable, Sendable {
    /// What led to it, as `kind:id`.
    public let from: String
    /// What it led to.
    public let to: String
}

/// What led to a thing and what came of it.
public struct ChainView: Sendable {
    /// The thing that was asked about.
    public let start: ChainNode
    /// All that the actor may see of what led to it and of what came of it, the nearest first.
    public let nodes: [ChainNode]
    /// What led to what.
    public let edges: [ChainEdge]

    /// The kinds of thing that a chain is made of, in the order in which one leads to the other.
    public static let kinds = [
        "bid", "award", "evaluation", "evaluation_report", "practice", "evidence_rating", "adoption_decision",
        "la_adoption",
        "monitoring_return", "follow_up", "outcome",
    ]
}

/// Why did we fund this, what did we learn, what changed: one recursive query from anything in the chain, both ways.
public struct Chain: Sendable {
    let platform: Platform

    /// The chain through one thing, as far as the actor may see it.
    public func of(_ actor: Actor, kind: String, id: UUID) async throws -> ChainView {
        guard ChainView.kinds.contains(kind) else { throw Refusal.notFound("thing") }
        let (subject, steps) = try await platform.read("chain.of", actor, ChainStatements.walk(kind: kind, id: id).many)
        _ = try Permission.authorise(.chainRead, subject: subject)
        guard let start = steps.first(where: { $0.node.way == .here })?.node else { throw Refusal.notFound("thing") }
        var seen: Set<String> = []
        let nodes = steps.map(\.node).filter { $0.way != .here && seen.insert("\($0.kind):\($0.id)").inserted }
        let known = Set(steps.map { "\($0.node.kind):\($0.node.id)" })
        var edges: [ChainEdge] = []
        for edge in steps.compactMap(\.edge)
        where known.contains(edge.from) && known.contains(edge.to) && !edges.contains(edge) {
            edges.append(edge)
        }
        return ChainView(start: start, nodes: nodes, edges: edges)
    }
}

/// The one query of the chain.
enum ChainStatements {
    /// A node, and the edge over which it was reached.
    struct Step: Sendable {
        let node: ChainNode
        let edge: ChainEdge?
    }

    /// Deeper than the chain is long.
    private static let depthMost = 10

    static func walk(kind: String, id: UUID) -> Statement<Step> {
        Statement(
            "chain.walk",
            """
            with recursive walk (kind, id, way, distance, via_kind, via_id) as (
                select \(kind)::text, \(id)::uuid, 'here'::text, 0, null::text, null::uuid
                union
                select n.kind, n.id, n.way, w.distance + 1, w.kind, w.id
                from walk w cross join lateral (
                    select e.to_kind as kind, e.to_id as id, 'after'::text as way from chain_edge e
                    where e.from_kind = w.kind and e.from_id = w.id and w.way in ('here', 'after')
                    union all
                    select e.from_kind, e.from_id, 'before' from chain_edge e
                    where e.to_kind = w.kind and e.to_id = w.id and w.way in ('here', 'before')
                ) as n
                where w.distance < \(depthMost)
            )
            select w.kind, w.id, n.reference, n.title, n.state, n.at, w.way, w.distance, w.via_kind, w.via_id
            from walk w join chain_node n on n.kind = w.kind and n.id = w.id
            order by w.distance, w.way, w.kind, n.at, w.id
            """
        ) { row in
            let node = try ChainNode(
                kind: row.read(), id: row.read(), reference: row.read(), title: row.read(), state: row.read(),
                at: row.read(), way: row.read(), distance: row.read())
            let viaKind: String? = try row.read()
            let viaID: UUID? = try row.read()
            guard let viaKind, let viaID else { return Step(node: node, edge: nil) }
            let (via, this) = ("\(viaKind):\(viaID)", "\(node.kind):\(node.id)")
            return Step(
                node: node, edge: node.way == .before ? ChainEdge(from: this, to: via) : ChainEdge(from: via, to: this))
        }
    }
}

extension ChainNode.Way: PostgresConvertible {}
