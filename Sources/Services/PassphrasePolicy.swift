import Domain

/// What a passphrase must be: long, and not what others would guess. No rules about kinds of characters, and it is taken
/// exactly as typed.
struct PassphrasePolicy: Sendable {
    let minimum: Int
    let blocklist: Set<String>
    let contextWords: [String]

    static let maximum = 128

    init(_ configuration: ServicesConfiguration) {
        minimum = configuration.minimumPassphrase
        blocklist = configuration.blocklist
        contextWords = configuration.contextWords
    }

    /// Refuses a passphrase for an account with these words of its own, such as the address and the name.
    func check(_ passphrase: String, words: [String], field: String = "passphrase") throws {
        if let sentence = problem(passphrase, words: words) { throw Refusal.invalid([FieldProblem(field, sentence)]) }
    }

    private func problem(_ passphrase: String, words: [String]) -> String? {
        let length = passphrase.unicodeScalars.count
        if length < minimum { return "Use at least \(minimum) characters. Several words together are easy to remember." }
        if length > Self.maximum { return "Use at most \(Self.maximum) characters." }
        let lower = passphrase.lowercased()
        if blocklist.contains(lower) { return "This is one of the passphrases that attackers try first. Use another." }
        if Set(lower).count < 5 { return "Use more than a few different characters." }
        // What is left when everything that others know is taken out must itself be hard to guess.
        let known = (contextWords + words).flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } }
            .filter { $0.count >= 4 }
        var rest = lower
        for word in known.sorted(by: { $0.count > $1.count }) { rest = rest.replacing(word, with: "") }
        let letters = rest.filter { $0.isLetter || $0.isNumber }
        if letters.count < min(8, minimum) {
            return "Do not build it from your name, your address or the name of the service."
        }
        return nil
    }
}
