/// What must be true of a claim before it is certified (C1, C2), and what a check of it comes to (C3).
public enum ClaimRules {
    /// Most lines of one claim.
    public static let mostLines = 500

    /// What a claim is held against.
    public struct Needs: Hashable, Sendable {
        /// First day on which spending counts.
        public var starts: Day
        /// Last day on which spending counts.
        public var ends: Day
        /// When the department signed, where spending from before it does not count.
        public var signed: Day?
        /// Kinds of cost that count.
        public var categories: Set<BidContent.CostLine.Category>
        /// Whether spending may lie ahead, since the money is paid on request.
        public var inAdvance: Bool
        /// Today, in London.
        public var today: Day
        /// All that the award can pay.
        public var maximum: Money
        /// The instalment's own amount.
        public var instalment: Money
        /// What other claims of the award come to.
        public var claimedBefore: Money
        /// The financial year in whose budget the instalment falls.
        public var year: FinancialYear
        /// What the award may draw in that year, tolerance included.
        public var yearCap: Money
        /// What other claims draw in that year.
        public var claimedInYear: Money
        /// Periods of other claims.
        public var otherPeriods: [ClosedRange<Day>]
        /// Ledger entries that other claims of the award have used, as ``ClaimRules/ledgerKey(_:)`` gives them.
        public var usedReferences: Set<String>

        /// What a claim is held against.
        public init(
            starts: Day, ends: Day, signed: Day? = nil, categories: Set<BidContent.CostLine.Category>,
            inAdvance: Bool = false, today: Day,
            maximum: Money, instalment: Money, claimedBefore: Money = .zero, year: FinancialYear, yearCap: Money,
            claimedInYear: Money = .zero, otherPeriods: [ClosedRange<Day>] = [],
            usedReferences: Set<String> = []
        ) {
            self.starts = starts
            self.ends = ends
            self.signed = signed
            self.categories = categories
            self.inAdvance = inAdvance
            self.today = today
            self.maximum = maximum
            self.instalment = instalment
            self.claimedBefore = claimedBefore
            self.year = year
            self.yearCap = yearCap
            self.claimedInYear = claimedInYear
            self.otherPeriods = otherPeriods
            self.usedReferences = usedReferences
        }
    }

    /// What keeps a draft from being stored.
    public static func storageProblems(_ content: Claim.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.need(content.lines.count <= mostLines, "lines", "Enter at most \(mostLines) lines in one claim.")
        for (index, line) in content.lines.enumerated() {
            let at = "lines.\(index)"
            problems.length(line.supplier, "\(at).supplier", "supplier", 140)
            problems.length(line.ledgerReference, "\(at).ledgerReference", "reference", 140)
            problems.length(line.evidence, "\(at).evidence", "evidence", 500)
            problems.need(
                [line.amount, line.vat].allSatisfy { $0.map(ProgrammeRules.isStorable) ?? true }, "\(at).amount",
                "Enter an amount of zero or more.")
        }
        return problems.found
    }

    /// What keeps a claim from being certified.
    public static func problems(_ content: Claim.Content, for needs: Needs) -> [FieldProblem] {
        var problems = Problems()
        problems.need(content.from != nil, "from", "Enter the first day of the period.")
        problems.need(content.to != nil, "to", "Enter the last day of the period.")
        if let from = content.from, let to = content.to {
            problems.need(from <= to, "to", "Enter a last day that is not before the first.")
            problems.need(
                from >= needs.starts && to <= needs.ends, "from",
                "Enter a period within the funding period, \(needs.starts.spoken) to \(needs.ends.spoken).")
            problems.need(
                needs.inAdvance || to <= needs.today, "to",
                "Enter a last day that has passed: money is paid in arrears.")
            problems.need(
                from > to || !needs.otherPeriods.contains { $0.overlaps(from...to) }, "from",
                "Enter a period that no other claim of this award covers.")
        }
        problems.need(!content.lines.isEmpty, "lines", "Enter at least one line.")
        var seen: [String: Int] = [:]
        for (index, line) in content.lines.enumerated() {
            check(line, index, content, needs, &seen, &problems)
        }
        problems.add(totalProblems(content, for: needs))
        return problems.found
    }

    private static func check(
        _ line: Claim.Line, _ index: Int, _ content: Claim.Content, _ needs: Needs, _ seen: inout [String: Int],
        _ problems: inout Problems
    ) {
        let at = "lines.\(index)"
        problems.need(line.date != nil, "\(at).date", "Enter the day on which this was paid.")
        if let date = line.date, let from = content.from, let to = content.to {
            problems.need(
                from <= date && date <= to, "\(at).date",
                "Enter a day within the period of the claim, \(from.spoken) to \(to.spoken).")
        }
        if let date = line.date, let signed = needs.signed {
            problems.need(
                date >= signed, "\(at).date",
                "Take out this line: it was paid before the agreement was signed on \(signed.spoken), and no decision lets that count."
            )
        }
        problems.need(line.category != nil, "\(at).category", "Choose the kind of cost.")
        if let category = line.category {
            problems.need(
                needs.categories.contains(category), "\(at).category",
                "Choose a kind of cost that the agreement allows. \(category.title) is not one.")
        }
        let positive = line.amount.map { $0 > .zero } ?? false
        problems.need(positive, "\(at).amount", "Enter an amount above zero.")
        if let vat = line.vat, let amount = line.amount {
            problems.need(vat <= amount, "\(at).vat", "Enter VAT that is part of the amount.")
        }
        problems.text(line.supplier, "\(at).supplier", "Enter to whom it was paid.")
        problems.text(line.evidence, "\(at).evidence", "Enter where the evidence is: a document’s name or number.")
        problems.text(
            line.ledgerReference, "\(at).ledgerReference", "Enter the reference of the entry in your ledger.")
        let key = ledgerKey(line.ledgerReference)
        guard !key.isEmpty else { return }
        if let first = seen[key] {
            problems.need(
                false, "\(at).ledgerReference",
                "Take out this line: line \(first) is the same entry of your ledger.")
        } else {
            seen[key] = index + 1
        }
        problems.need(
            !needs.usedReferences.contains(key), "\(at).ledgerReference",
            "Take out this line: another claim of this award has the same entry of your ledger.")
    }

    private static func totalProblems(_ content: Claim.Content, for needs: Needs) -> [FieldProblem] {
        var problems = Problems()
        let total = content.total
        problems.need(
            total <= needs.instalment, "lines",
            "Claim at most \(needs.instalment), the amount of this instalment. The lines come to \(total).")
        let left = needs.maximum - needs.claimedBefore
        problems.need(
            total <= left, "lines",
            "Claim at most \(left), which is what the award has left. The lines come to \(total).")
        let rest = needs.yearCap - needs.claimedInYear
        problems.need(
            total <= rest, "lines",
            "Claim at most \(rest < .zero ? .zero : rest), which is what \(needs.year) has left. The lines come to \(total)."
        )
        return problems.found
    }

    /// What an award may draw in a year: its plan and a little more, in hundredths, rounded down to the penny.
    public static func yearCap(_ planned: Money, tolerancePercent: Int) -> Money {
        Money(pence: planned.pence + planned.pence * tolerancePercent / 100)
    }

    /// A ledger reference as it is compared: without case, spaces and punctuation, so that `INV 001` and `inv-001` are one.
    public static func ledgerKey(_ reference: String) -> String {
        String(reference.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// Whoever edited a claim does not certify it.
    public static func certifierIsNotEditor(_ person: PersonID, lastEditor: PersonID?) -> Refusal? {
        person == lastEditor ? Duty.refusal(already: .wrote, new: .certified) : nil
    }

    // MARK: The check

    /// What a check comes to: how much is paid, and which event says so.
    public struct Outcome: Hashable, Sendable {
        /// What is to be paid.
        public let amount: Money
        /// What is not.
        public let disallowed: Money
        /// Where the claim goes.
        public let state: Claim.State
    }

    /// What keeps a check from being finished: each sampled line needs a finding, and what is not paid needs a reason.
    public static func findingProblems(
        _ findings: [Claim.Finding], lines: [Claim.Line], sampled: Set<Int>
    ) -> [FieldProblem] {
        var problems = Problems()
        let found = Dictionary(findings.map { ($0.line, $0) }) { $1 }
        for number in sampled.sorted() where found[number] == nil {
            problems.need(
                false, "findings.\(number).verdict", "Say whether line \(number) is allowed: it is in the sample.")
        }
        for finding in findings.sorted(by: { $0.line < $1.line }) {
            let at = "findings.\(finding.line)"
            guard lines.indices.contains(finding.line - 1) else {
                problems.need(false, "\(at).verdict", "There is no line \(finding.line).")
                continue
            }
            guard finding.verdict == .disallowed else { continue }
            problems.text(finding.reason, "\(at).reason", "Enter why line \(finding.line) is not paid.")
            problems.length(finding.reason, "\(at).reason", "reason", 1000)
            let amount = lines[finding.line - 1].amount ?? .zero
            if let part = finding.disallowed {
                problems.need(
                    part > .zero && part <= amount, "\(at).disallowed",
                    "Enter how much of line \(finding.line) is not paid: at most \(amount).")
            }
        }
        return problems.found
    }

    /// What a finished check comes to.
    public static func outcome(_ findings: [Claim.Finding], lines: [Claim.Line]) -> Outcome {
        let total = lines.compactMap(\.amount).total
        let disallowed = findings.filter { $0.verdict == .disallowed }.compactMap { finding -> Money? in
            guard lines.indices.contains(finding.line - 1) else { return nil }
            return finding.disallowed ?? lines[finding.line - 1].amount
        }.total
        let amount = total - disallowed
        let state: Claim.State = disallowed == .zero ? .verified : amount == .zero ? .rejected : .partVerified
        return Outcome(amount: amount, disallowed: disallowed, state: state)
    }

    /// What else must hold before a claim is verified (C3): the return of the same period is accepted.
    public static func returnAccepted(_ accepted: Bool, from: Day, to: Day) -> Refusal? {
        accepted
            ? nil
            : Refusal(
                .conflict, code: "return_not_accepted",
                "The monitoring return for \(from.spoken) to \(to.spoken) is not accepted yet. A claim is verified after its return."
            )
    }

    /// Bank details were verified by enough people, and are not held because they changed lately (C5). `payableFrom` is nil
    /// while verifications are wanting.
    public static func bankReady(payableFrom: Instant?, now: Instant) -> Refusal? {
        guard let payableFrom else {
            return Refusal(
                .conflict, code: "bank_not_verified",
                "The bank details of the authority are not verified by enough people yet.")
        }
        guard now < payableFrom else { return nil }
        return Refusal(
            .conflict, code: "bank_on_hold",
            "The bank details of the authority changed lately. No payment goes to them before \(LondonTime(payableFrom))."
        )
    }
}
