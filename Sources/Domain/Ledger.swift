/// Double entry: what one act does to the accounts of an award. Debits and credits of one act are equal in each financial
/// year; nothing is ever changed, only set off by its mirror image.
public enum Ledger {
    /// One line of one act.
    public struct Entry: Hashable, Sendable {
        /// The account's code.
        public let account: String
        /// The financial year that it belongs to.
        public let year: FinancialYear
        /// What is added on the left.
        public let debit: Money
        /// What is added on the right.
        public let credit: Money

        /// A line with both sides; one of them is zero.
        public init(account: String, year: FinancialYear, debit: Money = .zero, credit: Money = .zero) {
            self.account = account
            self.year = year
            self.debit = debit
            self.credit = credit
        }
    }

    /// Whether debits equal credits in each year, no side is negative, and each line has exactly one side.
    public static func isBalanced(_ entries: [Entry]) -> Bool {
        guard entries.allSatisfy({ ($0.debit == .zero) != ($0.credit == .zero) }),
            entries.allSatisfy({ $0.debit >= .zero && $0.credit >= .zero })
        else { return false }
        return Dictionary(grouping: entries, by: \.year).values.allSatisfy {
            $0.map(\.debit).total == $0.map(\.credit).total
        }
    }

    /// The mirror image, which sets an act off.
    public static func reversal(_ entries: [Entry]) -> [Entry] {
        entries.map { Entry(account: $0.account, year: $0.year, debit: $0.credit, credit: $0.debit) }
    }

    /// What an account holds: debits less credits.
    public static func balance(_ account: String, _ entries: [Entry]) -> Money {
        let own = entries.filter { $0.account == account }
        return own.map(\.debit).total - own.map(\.credit).total
    }

    /// Where the money of an award stands.
    public struct Position: Hashable, Sendable {
        /// All that was approved.
        public let promised: Money
        /// What claims ask for, those refused or reversed left out.
        public let claimed: Money
        /// What was approved for payment.
        public let approved: Money
        /// What was paid, less what came back.
        public let paid: Money

        /// A position with its parts.
        public init(promised: Money, claimed: Money, approved: Money, paid: Money) {
            self.promised = promised
            self.claimed = claimed
            self.approved = approved
            self.paid = paid
        }

        /// What can still be paid.
        public var left: Money { promised - paid }

        /// Whether it is as it must always be: paid ≤ approved ≤ promised.
        public var isSound: Bool { paid >= .zero && paid <= approved && approved <= promised }
    }

    /// What keeps a sum from being asked back: more than was paid cannot come back.
    public static func recoverable(_ sum: Money?, _ position: Position) -> [FieldProblem] {
        guard let sum, sum < .zero || sum > position.paid else { return [] }
        return [FieldProblem("recovery", "Enter at most what was paid, \(position.paid).")]
    }

    /// Whether an award can be closed: nothing is on its way, and what was not spent is accounted for.
    public static func closable(_ position: Position, inHand: Int, recoveryRaised: Bool) -> Refusal? {
        if inHand > 0 {
            return Refusal(
                .conflict, code: "claims_in_hand",
                "\(Rules.counted(inHand, "claim")) of this award \(inHand == 1 ? "is" : "are") still in hand. Settle them before it is closed."
            )
        }
        return position.isSound || recoveryRaised
            ? nil
            : Refusal(
                .conflict, code: "not_reconciled",
                "More was paid than was approved. Reverse or recover the difference before the award is closed.")
    }
}
