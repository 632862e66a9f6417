/// The statement that a certifier agrees to, by its edition.
public enum Declaration {
    /// The version in force; kept with each submission.
    public static let version = "2026-1"
    /// What the certifier confirms, point by point.
    public static let points = [
        "I have read this bid and, as far as I know, it is true and complete.",
        "My authority supports this project and will provide what the bid says it will.",
        "The costs are a fair estimate and are not paid for by another grant.",
        "My authority will take part in the evaluation and give the agreed access to data.",
        "I did not edit this version of the bid.",
    ]
}
