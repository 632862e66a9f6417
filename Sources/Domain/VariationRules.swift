/// What must be true of a variation before it is submitted, and what it makes of the agreement.
public enum VariationRules {
    /// What keeps a variation from being submitted. `used` is how many instalments at the head of the schedule are claimed
    /// or paid: they stay.
    public static func problems(
        _ content: Variation.Content, of agreement: Agreement, approved: Money, years: [BudgetLine], used: Int,
        today: Day
    ) -> [FieldProblem] {
        var problems = Problems()
        problems.need(
            content.reason.trimmed.unicodeScalars.count >= Rules.shortestReason, "reason",
            "Enter why, in at least \(Rules.shortestReason) characters.")
        problems.length(content.reason, "reason", "reason")
        switch content.kind {
        case .moneyUp:
            let fits = content.increase.map { $0 > .zero && ProgrammeRules.isStorable($0) } ?? false
            problems.need(fits, "increase", "Enter how much more money is asked for, above zero.")
        case .dates:
            problems.need(
                content.ends != nil || content.starts != nil, "ends", "Enter the new last day of the funding period.")
            problems.need(content.increase == nil, "increase", "Ask for more money in a variation of its own.")
            if let ends = content.ends ?? agreement.ends, let starts = content.starts ?? agreement.starts {
                problems.need(ends >= starts, "ends", "Enter a day that is not before the first day of the period.")
            }
        }
        problems.need(content.effectiveOn != nil, "effectiveOn", "Enter the day from which the change counts.")
        guard problems.found.isEmpty else { return problems.found }
        let head = agreement.instalments.prefix(used)
        problems.need(
            Array(content.instalments.prefix(used)) == Array(head), "instalments",
            "Leave the first \(Rules.counted(used, "instalment")) as they are: they are claimed or paid.")
        // What an uplift adds to each year is for its own approval to say; the database holds the schedule to it.
        let whole = approved + (content.increase ?? .zero)
        let needs = AgreementRules.Needs(
            approved: whole, years: content.kind == .dates ? years : planned(content.instalments), today: today,
            indicators: [])
        problems.add(AgreementRules.scheduleProblems(applied(content, to: agreement), for: needs))
        return problems.found
    }

    /// The agreement as the variation makes it.
    public static func applied(_ content: Variation.Content, to agreement: Agreement) -> Agreement {
        var changed = agreement
        if let increase = content.increase { changed.maximum = (agreement.maximum ?? .zero) + increase }
        if let starts = content.starts { changed.starts = starts }
        if let ends = content.ends { changed.ends = ends }
        changed.instalments = content.instalments
        return changed
    }

    /// What differs, as before and after, for the page and the record.
    public static func changes(_ content: Variation.Content, of agreement: Agreement) -> [(
        what: String, before: String, after: String
    )] {
        let changed = applied(content, to: agreement)
        var rows: [(String, String, String)] = []
        if agreement.maximum != changed.maximum {
            rows.append(
                ("Amount of the award", agreement.maximum?.description ?? "", changed.maximum?.description ?? ""))
        }
        if agreement.starts != changed.starts {
            rows.append(("First day", agreement.starts?.spoken ?? "", changed.starts?.spoken ?? ""))
        }
        if agreement.ends != changed.ends {
            rows.append(("Last day", agreement.ends?.spoken ?? "", changed.ends?.spoken ?? ""))
        }
        for index in 0..<max(agreement.instalments.count, changed.instalments.count) {
            let before = agreement.instalments.indices.contains(index) ? agreement.instalments[index] : nil
            let after = changed.instalments.indices.contains(index) ? changed.instalments[index] : nil
            if before != after {
                rows.append(("Instalment \(index + 1)", said(before), said(after)))
            }
        }
        return rows.map { (what: $0.0, before: $0.1, after: $0.2) }
    }

    /// What a schedule comes to by year and kind.
    private static func planned(_ instalments: [Instalment]) -> [BudgetLine] {
        let sums = instalments.reduce(into: [String: BudgetLine]()) { sums, instalment in
            guard let year = instalment.dueOn.flatMap({ FinancialYear(of: $0) }), let amount = instalment.amount else {
                return
            }
            let before = sums["\(year)\(instalment.kind)"]?.amount ?? .zero
            sums["\(year)\(instalment.kind)"] = BudgetLine(year: year, kind: instalment.kind, amount: before + amount)
        }
        return Array(sums.values)
    }

    /// Whether it concerns something that has happened already; shown, and not refused.
    public static func isRetrospective(_ content: Variation.Content, today: Day) -> Bool {
        content.effectiveOn.map { $0 < today } ?? false
    }

    private static func said(_ instalment: Instalment?) -> String {
        guard let instalment else { return "None" }
        return
            "\(instalment.amount?.description ?? ""), due \(instalment.dueOn?.spoken ?? ""), after \(instalment.milestone.phrase)"
    }

    /// The one who asks, the one who assesses and the one who decides are three people.
    public static func threePeople(_ person: PersonID, requester: PersonID, assessor: PersonID?) -> Refusal? {
        if person == requester {
            return Refusal(
                .forbidden, code: "own_variation",
                "You asked for this variation, so somebody else assesses and decides it.")
        }
        if person == assessor {
            return Refusal(
                .forbidden, code: "own_assessment", "You assessed this variation, so somebody else decides it.")
        }
        return nil
    }

    /// More money rests on an approval of the whole-life sum: an approved uplift of exactly this amount that no other
    /// variation has used.
    public static func upliftApproved(_ content: Variation.Content, uplift: Money?) -> Refusal? {
        guard content.kind == .moneyUp else { return nil }
        guard let uplift else {
            return Refusal(
                .conflict, code: "uplift_not_approved",
                "More money goes through approval on the whole-life sum first. Prepare an approval of the uplift, have it cleared and approved, then decide this."
            )
        }
        return uplift == content.increase
            ? nil
            : Refusal(
                .conflict, code: "uplift_differs",
                "The approved uplift is \(uplift), and this variation asks for \(content.increase?.description ?? "nothing"). They must be the same."
            )
    }
}
