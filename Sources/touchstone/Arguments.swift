public import ArgumentParser
public import Domain

// What people type for the values of the domain. Each says no by returning nil, and the parser says which argument.

extension Identifier: ExpressibleByArgument {
    /// The 8-4-4-4-12 form.
    public init?(argument: String) { self.init(argument) }
}

extension Day: ExpressibleByArgument {
    /// `2026-04-01`.
    public init?(argument: String) { self.init(argument) }
}

extension Money: ExpressibleByArgument {
    /// `1,250.50`.
    public init?(argument: String) { self.init(argument) }
}

extension Instant: ExpressibleByArgument {
    /// RFC 3339.
    public init?(argument: String) { self.init(argument) }
}

extension Role: ExpressibleByArgument {}
extension Capacity: ExpressibleByArgument {}
