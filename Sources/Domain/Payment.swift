/// Payments that are released together, in one file.
public struct PaymentBatch: Hashable, Sendable {
    /// Its identity.
    public let id: PaymentBatchID
    /// `PAY-2026-0001`.
    public let reference: String
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// What its payments come to.
    public let total: Money
    /// How many payments there are.
    public let count: Int

    /// A batch with its parts.
    public init(id: PaymentBatchID, reference: String, state: State, version: Int, total: Money, count: Int) {
        self.id = id
        self.reference = reference
        self.state = state
        self.version = version
        self.total = total
        self.count = count
    }

    /// Exits are in `Workflow.paymentBatch`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case open, released, paid, cancelled
    }
}

/// One payment of a batch: to whom, into which account, how much, and what it is for.
public struct Payment: Hashable, Sendable {
    /// Its reference, which no other payment has: `PAY-2026-0001-003`.
    public let reference: String
    /// The claim that it pays.
    public let claimReference: String
    /// The award's reference, which the payee sees on the statement.
    public let awardReference: String
    /// Into which account.
    public let bank: BankDetails
    /// How much.
    public let amount: Money

    /// A payment with its parts.
    public init(reference: String, claimReference: String, awardReference: String, bank: BankDetails, amount: Money) {
        self.reference = reference
        self.claimReference = claimReference
        self.awardReference = awardReference
        self.bank = bank
        self.amount = amount
    }
}

/// Identity of a batch of payments.
public typealias PaymentBatchID = Identifier<PaymentBatch>
/// Identity of one payment.
public typealias PaymentID = Identifier<Payment>

/// The file that a bank or a finance system takes: CSV, the same bytes for the same batch, so that its digest tells whether
/// a file was paid before.
public enum PaymentFile {
    /// The columns, in order.
    public static let columns = [
        "batch", "payment", "payee", "sort_code", "account_number", "amount", "currency", "reference", "claim",
    ]

    /// The file of a batch: payments in the order of their references, each field quoted, then a line with count and sum.
    public static func csv(batch: String, _ payments: [Payment]) -> String {
        let ordered = payments.sorted { $0.reference < $1.reference }
        let rows = ordered.map { payment in
            [
                batch, payment.reference, payment.bank.name, payment.bank.sortCode, payment.bank.account,
                payment.amount.decimal, "GBP", payment.awardReference, payment.claimReference,
            ]
        }
        let control = [
            batch, "total", "", "", "", ordered.map(\.amount).total.decimal, "GBP", "\(ordered.count)", "",
        ]
        return ([columns] + rows + [control]).map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// What is wrong with a file that says which payments were made: it must name each payment of the batch once, with its
    /// sum, and no other. Columns `payment` and `amount` are read; others may be there.
    public static func confirmationProblems(_ file: String, _ expected: [String: Money]) -> [FieldProblem] {
        var problems = Problems()
        let rows = file.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map(fields)
        guard let header = rows.first, let name = header.firstIndex(of: "payment"),
            let sum = header.firstIndex(of: "amount")
        else {
            problems.need(
                false, "file", "Send a file whose first line names its columns, with payment and amount among them.")
            return problems.found
        }
        var seen: Set<String> = []
        for (index, row) in rows.enumerated().dropFirst() where row.count > max(name, sum) && row[name] != "total" {
            let reference = row[name]
            guard let amount = expected[reference] else {
                problems.need(false, "file", "Take out line \(index + 1): \(reference) is no payment of this batch.")
                continue
            }
            problems.need(
                seen.insert(reference).inserted, "file", "Take out line \(index + 1): \(reference) is there twice.")
            problems.need(
                Money(row[sum]) == amount, "file",
                "Check line \(index + 1): \(reference) is \(amount), and the file says \(row[sum]).")
        }
        let missing = expected.keys.filter { !seen.contains($0) }.sorted()
        problems.need(
            missing.isEmpty, "file",
            "Send the file of the whole batch. These payments are not in it: \(missing.joined(separator: ", ")).")
        return problems.found
    }

    /// The fields of one line; a field in quotes may hold commas and doubled quotes.
    static func fields(_ line: some StringProtocol) -> [String] {
        var fields = [""]
        var quoted = false
        var last: Character?
        for character in line where character != "\u{feff}" {
            switch character {
            case "\"" where quoted: quoted = false
            case "\"":
                if last == "\"" { fields[fields.count - 1].append("\"") }
                quoted = true
            case "," where !quoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
            last = character
        }
        return fields
    }

    /// A field in quotes. What a spreadsheet would take for a formula is kept from being one.
    static func quoted(_ field: String) -> String {
        let safe = "=+-@\t\r".contains(where: { field.first == $0 }) ? "'" + field : field
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The count and the sum that whoever releases has typed are those of the batch.
    public static func controlled(count: Int?, total: Money?, batch: PaymentBatch) -> Refusal? {
        var problems = Problems()
        problems.need(
            count == batch.count, "count", "Count the payments again: the number is not that of the batch.")
        problems.need(total == batch.total, "total", "Add the payments up again: the sum is not that of the batch.")
        return problems.found.isEmpty ? nil : .invalid(problems.found)
    }
}
