import Domain
import Postgres

/// What the database says when money may not move: its message begins with a word of the list below, and its detail is the
/// sentence for the person. The services ask the same questions first; these are for what happened in between.
enum MoneyRefusals {
    private static let codes = [
        "GATE": "gate", "OVERSPEND": "overspend", "LEDGER": "ledger", "BATCH": "batch", "BANK": "bank",
        "RETURN": "return", "CONDITION": "condition", "CLAUSE": "clause",
    ]

    /// The refusal that a failed statement stands for; nil when it is none of these.
    static func refusal(_ error: StatementError) -> Refusal? {
        guard let sentence = error.detail, sentence.hasSuffix(".") else { return nil }
        let words = error.message.split(separator: " ").map(String.init)
        guard words.count == 2, let code = codes[words[0]] else { return nil }
        return Refusal(.conflict, code: "\(code)_\(words[1])", sentence)
    }
}
