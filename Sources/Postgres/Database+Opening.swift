extension Database {
    /// The same with a step before the others that is always there, such as one that says who asks.
    ///
    /// A form of its own because Swift 6.3 frees memory in the wrong order when one async function hands another a pack
    /// with something added ("freed pointer was not the last allocation"); handing it on unchanged is fine.
    public func read<First: Sendable, each R: Sendable>(
        _ name: StaticString, opening first: Step<First>, deadline: Duration? = nil, _ steps: repeat Step<each R>
    ) async throws -> (First, repeat each R) {
        let calls = try Self.calls(first, repeat each steps)
        let results = try await reads.fly(name, calls, deadline: deadline)
        return try Self.decode(results, first, repeat each steps)
    }

    /// The same on the report lane.
    public func report<First: Sendable, each R: Sendable>(
        _ name: StaticString, opening first: Step<First>, _ steps: repeat Step<each R>
    ) async throws -> (First, repeat each R) {
        let calls = try Self.calls(first, repeat each steps)
        let results = try await reports.fly(name, calls, deadline: nil)
        return try Self.decode(results, first, repeat each steps)
    }
}
