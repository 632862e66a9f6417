/// The rule language as people read it in JSON: one object with one name, `{"factIn":{"fact":"ofsted_overall","values":["Good"]}}`.
/// Written by hand, since rules are kept for years and compared by digest, and a compiler's idea of a form may change.
extension EligibilityPredicate {
    private enum Name: String, CodingKey, CaseIterable {
        case organisationKind, organisationActive, factIn, factAbsent, requestedAtLeast, requestedAtMost,
            partnersSignedOff
        case all, any, not
    }

    private enum FactKey: String, CodingKey { case fact, values }

    /// Any name at all, to notice those that are not known.
    private struct AnyName: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads one rule; a name that is not known, or more than one, is an error.
    public init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: AnyName.self).allKeys
        guard names.count == 1, let name = Name(stringValue: names[0].stringValue) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a rule has exactly one known name"))
        }
        let container = try decoder.container(keyedBy: Name.self)
        switch name {
        case .organisationKind: self = .organisationKind(try container.decode([Organisation.Kind].self, forKey: name))
        case .organisationActive: self = try Self.flag(.organisationActive, container, name)
        case .partnersSignedOff: self = try Self.flag(.partnersSignedOff, container, name)
        case .factIn:
            let inner = try container.nestedContainer(keyedBy: FactKey.self, forKey: name)
            self = .factIn(
                try inner.decode(OrganisationFact.self, forKey: .fact), try inner.decode([String].self, forKey: .values)
            )
        case .factAbsent:
            let inner = try container.nestedContainer(keyedBy: FactKey.self, forKey: name)
            self = .factAbsent(try inner.decode(OrganisationFact.self, forKey: .fact))
        case .requestedAtLeast: self = .requestedAtLeast(try container.decode(Money.self, forKey: name))
        case .requestedAtMost: self = .requestedAtMost(try container.decode(Money.self, forKey: name))
        case .all: self = .all(try container.decode([EligibilityPredicate].self, forKey: name))
        case .any: self = .any(try container.decode([EligibilityPredicate].self, forKey: name))
        case .not: self = .not(try container.decode(EligibilityPredicate.self, forKey: name))
        }
    }

    /// Writes the form that `init(from:)` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        switch self {
        case .organisationKind(let kinds): try container.encode(kinds, forKey: .organisationKind)
        case .organisationActive: try container.encode(true, forKey: .organisationActive)
        case .partnersSignedOff: try container.encode(true, forKey: .partnersSignedOff)
        case .factIn(let fact, let values):
            var inner = container.nestedContainer(keyedBy: FactKey.self, forKey: .factIn)
            try inner.encode(fact, forKey: .fact)
            try inner.encode(values, forKey: .values)
        case .factAbsent(let fact):
            var inner = container.nestedContainer(keyedBy: FactKey.self, forKey: .factAbsent)
            try inner.encode(fact, forKey: .fact)
        case .requestedAtLeast(let money): try container.encode(money, forKey: .requestedAtLeast)
        case .requestedAtMost(let money): try container.encode(money, forKey: .requestedAtMost)
        case .all(let rules): try container.encode(rules, forKey: .all)
        case .any(let rules): try container.encode(rules, forKey: .any)
        case .not(let rule): try container.encode(rule, forKey: .not)
        }
    }

    private static func flag(
        _ predicate: EligibilityPredicate, _ container: KeyedDecodingContainer<Name>, _ name: Name
    ) throws -> EligibilityPredicate {
        // `false` would read as the opposite rule and mean nothing of the kind: that is what `not` is for.
        guard try container.decode(Bool.self, forKey: name) else {
            throw DecodingError.dataCorruptedError(forKey: name, in: container, debugDescription: "only true; use not")
        }
        return predicate
    }

    /// The rule as part of a canonical text.
    func write(to text: inout CanonicalText) {
        switch self {
        case .organisationKind(let kinds):
            text.add("organisationKind")
            text.list(kinds) { $0.add($1.rawValue) }
        case .organisationActive: text.add("organisationActive")
        case .partnersSignedOff: text.add("partnersSignedOff")
        case .factIn(let fact, let values):
            text.add("factIn")
            text.add(fact.rawValue)
            text.list(values) { $0.add($1) }
        case .factAbsent(let fact):
            text.add("factAbsent")
            text.add(fact.rawValue)
        case .requestedAtLeast(let money):
            text.add("requestedAtLeast")
            text.add(money)
        case .requestedAtMost(let money):
            text.add("requestedAtMost")
            text.add(money)
        case .all(let rules):
            text.add("all")
            text.list(rules) { $1.write(to: &$0) }
        case .any(let rules):
            text.add("any")
            text.list(rules) { $1.write(to: &$0) }
        case .not(let rule):
            text.add("not")
            rule.write(to: &text)
        }
    }
}
