/// The account into which an authority is paid. Entered by one person of the authority and verified by somebody else; kept
/// sealed, and shown to everybody but finance as `••••1234`.
public struct BankDetails: Hashable, Sendable, Codable {
    /// The name on the account.
    public var name = ""
    /// Six digits.
    public var sortCode = ""
    /// Eight digits.
    public var account = ""

    /// Nothing entered yet.
    public init() {}

    /// Details as typed; spaces and dashes in the numbers do not matter.
    public init(name: String, sortCode: String, account: String) {
        self.name = name
        self.sortCode = Self.digits(sortCode)
        self.account = Self.digits(account)
    }

    /// What keeps the details from being used.
    public var problems: [FieldProblem] {
        var problems = Problems()
        problems.text(name, "name", "Enter the name on the account.")
        problems.length(name, "name", "name", 140)
        problems.need(Self.isNumber(sortCode, 6), "sortCode", "Enter a sort code of six digits, such as 20 00 00.")
        problems.need(Self.isNumber(account, 8), "account", "Enter an account number of eight digits.")
        return problems.found
    }

    /// `••••1234`.
    public var masked: String { "••••\(lastFour)" }

    /// The last four digits of the account: all that is kept in the clear.
    public var lastFour: String { String(account.suffix(4)) }

    private static func digits(_ text: String) -> String {
        text.filter { !$0.isWhitespace && $0 != "-" && $0 != "–" }
    }

    private static func isNumber(_ text: String, _ length: Int) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// Whoever entered bank details does not verify them.
    public static func verifierIsAnother(_ person: PersonID, enteredBy: PersonID) -> Refusal? {
        person == enteredBy
            ? Refusal(
                .forbidden, code: "same_person",
                "You entered these bank details, so somebody else verifies them.") : nil
    }
}
