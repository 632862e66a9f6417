/// What a passphrase must be: long, and not what others would guess. No rules about kinds of characters, and it is taken
/// exactly as typed (NCSC and OWASP advice).
public enum PassphraseRules {
    /// Fewest characters.
    public static let minimum = 15
    /// Most characters; the limit keeps hashing from being used as a weapon.
    public static let maximum = 128
    /// Shortest word that counts as known to others.
    static let shortestWord = 4

    /// What is wrong with a passphrase, or nil. `words` are what others know of the account and the service: address, name,
    /// organisation. `isBlocked` says whether a lower-case text is among those that attackers try first.
    public static func problem(
        _ passphrase: String, minimum: Int = minimum, words: [String] = [], isBlocked: (String) -> Bool
    ) -> String? {
        let length = passphrase.unicodeScalars.count
        if length < minimum {
            return "Use at least \(minimum) characters. Several words together are easy to remember."
        }
        if length > maximum { return "Use at most \(maximum) characters." }
        let lower = passphrase.lowercased()
        if isBlocked(lower) || isBlocked(repeatedUnit(of: lower)) {
            return "This is one of the passphrases that attackers try first. Use another."
        }
        if Set(lower).count < 5 { return "Use more than a few different characters." }
        // What is left when everything that others know is taken out must itself be hard to guess.
        let known = words.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } }
            .filter { $0.count >= shortestWord }.sorted { $0.count > $1.count }
        let rest = known.reduce(lower) { without(String($1), in: $0) }.filter { $0.isLetter || $0.isNumber }
        return rest.count < min(8, minimum)
            ? "Do not build it from your name, your address or the name of the service." : nil
    }

    /// What a text repeats: `password` of `passwordpassword`; the text itself when it repeats nothing.
    private static func repeatedUnit(of text: String) -> String {
        let characters = Array(text)
        for length in 1..<max(characters.count, 2) where characters.count % length == 0 {
            if characters.indices.allSatisfy({ characters[$0] == characters[$0 % length] }) {
                return String(characters[..<length])
            }
        }
        return text
    }

    /// A text with every occurrence of a word taken out.
    private static func without(_ word: String, in text: String) -> String {
        text.replacing(word, with: "")
    }
}
