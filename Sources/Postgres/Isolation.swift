/// How far a transaction is kept apart from others.
public enum Isolation: Sendable, Hashable, CaseIterable {
    /// Each statement sees what was committed before it.
    case readCommitted
    /// All statements see what was committed before the first.
    case repeatableRead
    /// As if transactions ran one after the other; be ready for `40001` and say `retrying:`.
    case serializable

    /// The text that begins such a transaction.
    func begin(readOnly: Bool) -> String {
        switch (self, readOnly) {
        case (.readCommitted, false): "begin isolation level read committed read write"
        case (.readCommitted, true): "begin isolation level read committed read only"
        case (.repeatableRead, false): "begin isolation level repeatable read read write"
        case (.repeatableRead, true): "begin isolation level repeatable read read only"
        case (.serializable, false): "begin isolation level serializable read write"
        case (.serializable, true): "begin isolation level serializable read only"
        }
    }
}
