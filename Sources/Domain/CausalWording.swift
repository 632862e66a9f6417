/// Words that claim a cause. A study that compares with nobody, or only with earlier years, cannot bear them; its report
/// says what was seen, not what was done by it.
public enum CausalWording {
    /// The Maryland scale from which on a study may speak of causes.
    public static let leastSMS = 3

    /// Phrases that claim a cause, unless the installation sets others.
    public static let phrases = [
        "reduced", "reduces", "caused", "causes", "led to", "leads to", "resulted in", "results in", "improved",
        "improves", "prevented", "prevents", "because of the", "due to the", "impact of", "effect of", "increased",
        "increases", "lowered", "cut the", "made a difference", "brought about",
    ]

    /// The phrases that stand in a text, as whole words, whatever their case.
    public static func claims(in text: String, phrases: [String] = phrases) -> [String] {
        let words = " " + words(of: text).joined(separator: " ") + " "
        return phrases.filter { phrase in words.contains(" " + Self.words(of: phrase).joined(separator: " ") + " ") }
    }

    /// What to change in an answer whose design does not bear such words; nil when nothing is to be changed.
    public static func problem(
        _ text: String, at key: String, sms: Int, phrases: [String] = phrases
    ) -> FieldProblem? {
        guard sms < leastSMS else { return nil }
        let found = claims(in: text, phrases: phrases)
        guard let first = found.first else { return nil }
        let others = found.count > 1 ? " (and \(found.dropFirst().map { "“\($0)”" }.joined(separator: ", ")))" : ""
        return FieldProblem(
            key,
            "Say what was seen without “\(first)”\(others): this design reaches \(sms) on the Maryland scale, and claims of "
                + "cause need at least \(leastSMS).")
    }

    private static func words(of text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "’" && $0 != "'" }
    }
}
