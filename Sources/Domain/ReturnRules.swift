// What certification of a return needs (M2). One message for one cause; the words are the catalogue's.

extension ReturnContent {
    /// Everything that the rules say about the return.
    public func findings(_ needs: ReturnNeeds) -> [ReturnFinding] {
        ReturnSection.allCases.flatMap { findings(in: $0, needs) }
    }

    /// What the rules say about one section.
    public func findings(in section: ReturnSection, _ needs: ReturnNeeds) -> [ReturnFinding] {
        var found = Findings(rules: needs.rules)
        switch section {
        case .outcomes:
            for indicator in needs.indicators { outcomes.value(of: indicator.code).check(indicator, needs, &found) }
        case .reach: reach.check(&found)
        case .spend: spend.check(needs, &found)
        case .milestones: milestones.check(&found)
        case .risks: risks.check(&found)
        case .learning: learning.check(&found)
        }
        return found.all
    }

    /// What keeps it from certification, as problems of its fields; what cannot be stored comes first, once for a
    /// field.
    public func problems(_ needs: ReturnNeeds) -> [FieldProblem] {
        ReturnSection.allCases.flatMap { problems(in: $0, needs) }
    }

    /// The same for one section.
    public func problems(in section: ReturnSection, _ needs: ReturnNeeds) -> [FieldProblem] {
        let storage = storageProblems(in: section)
        let fields = Set(storage.map(\.field))
        return storage + findings(in: section, needs).filter { $0.blocks && !fields.contains($0.field) }.map(\.problem)
    }

    /// How far a section is.
    public func progress(of section: ReturnSection, _ needs: ReturnNeeds) -> BidSection.Progress {
        if problems(in: section, needs).isEmpty { return .complete }
        return isBlank(section) ? .notStarted : .inProgress
    }

    /// How often each rule spoke, for the record of checks.
    public static func counts(_ findings: [ReturnFinding]) -> [String: Int] {
        findings.reduce(into: [:]) { counts, finding in counts[finding.rule.rawValue, default: 0] += 1 }
    }
}

extension ReturnContent.Value {
    /// The figure: worked out from its counts, or as it was entered. Nil where there is none or it cannot be read.
    public func figure(_ indicator: ReturnIndicator) -> ExactDecimal? {
        guard missingReason == nil else { return nil }
        guard indicator.hasCounts else { return ExactDecimal(value.trimmed)?.rounded(to: indicator.decimals) }
        guard let numerator = ExactDecimal(numerator.trimmed), let denominator = ExactDecimal(denominator.trimmed)
        else { return nil }
        return IndicatorFormula.rate(numerator, of: denominator, scale: indicator.scale, decimals: indicator.decimals)
    }

    /// The counts and the figure as they are kept in rows.
    public func counts(_ indicator: ReturnIndicator) -> (numerator: ExactDecimal?, denominator: ExactDecimal?) {
        guard missingReason == nil, indicator.hasCounts else { return (nil, nil) }
        return (ExactDecimal(numerator.trimmed), ExactDecimal(denominator.trimmed))
    }

    fileprivate func check(_ indicator: ReturnIndicator, _ needs: ReturnNeeds, _ found: inout Findings) {
        let path = "outcomes.\(indicator.code)"
        let first = "\(path).\(indicator.hasCounts ? "numerator" : "value")"
        var words = ["indicator": indicator.name]
        if missingReason != nil {
            if hasFigure { found.say(.valueAndReason, "\(path).missingReason", words) }
            return
        }
        guard hasFigure else { return found.say(.valueOrReason, first, words) }
        let entries =
            indicator.hasCounts
            ? [("numerator", numerator), ("denominator", denominator), ("value", value)] : [("value", value)]
        for (name, text) in entries where !text.isBlank && ExactDecimal(text.trimmed) == nil {
            return found.say(.numberReadable, "\(path).\(name)", words.adding("text", String(text.trimmed)))
        }
        guard indicator.hasCounts else { return checkBands(indicator, needs, "\(path).value", words, &found) }
        guard !numerator.isBlank, !denominator.isBlank else {
            let lacking = numerator.isBlank ? "numerator" : "denominator"
            let there = numerator.isBlank ? (denominator.isBlank ? "figure" : "denominator") : "numerator"
            words["there"] = "a \(there)"
            words["missing"] = lacking
            return found.say(.countsTogether, "\(path).\(lacking)", words)
        }
        guard let part = ExactDecimal(numerator.trimmed), let whole = ExactDecimal(denominator.trimmed) else { return }
        words["numerator"] = part.description
        words["denominator"] = whole.description
        words["threshold"] = String(indicator.threshold)
        if whole.units <= 0 { return found.say(.denominatorPositive, "\(path).denominator", words) }
        if part.units < 0 || ([.percent, .per10k].contains(indicator.unit) && whole < part) {
            return found.say(.numeratorWithinDenominator, "\(path).numerator", words)
        }
        if let entered = ExactDecimal(value.trimmed), let computed = figure(indicator), entered != computed {
            return found.say(
                .valueAgrees, "\(path).value",
                words.adding("value", entered.description).adding("computed", computed.description))
        }
        if part.units > 0, part < ExactDecimal(units: indicator.threshold) {
            found.say(.smallNumbers, "\(path).numerator", words)
        }
        checkBands(indicator, needs, first, words, &found)
    }

    /// Whether the figure is like others and like the last one.
    private func checkBands(
        _ indicator: ReturnIndicator, _ needs: ReturnNeeds, _ field: String, _ words: [String: String],
        _ found: inout Findings
    ) {
        guard let figure = figure(indicator) else { return }
        let words = words.adding("value", figure.description)
        if indicator.unit == .percent, figure.units < 0 || ExactDecimal(units: 100) < figure {
            return found.say(.percentWithinRange, field, words)
        }
        let reason = confirmation.isBlank ? nil : confirmation
        let band = indicator.plausible
        if let low = band.low, let high = band.high, figure < low || high < figure {
            found.say(
                .definitionBand, field, words.adding("low", low.description).adding("high", high.description),
                reason: reason)
        } else if let spread = indicator.spread, let wide = needs.rules[.plausibleBand]?.number {
            let reach = ExactDecimal(
                units: spread.deviation.units * wide.units, places: spread.deviation.places + wide.places)
            let low = (spread.mean - reach).rounded(to: indicator.decimals)
            let high = (spread.mean + reach).rounded(to: indicator.decimals)
            if figure < low || high < figure {
                found.say(
                    .plausibleBand, field,
                    words.adding("low", max(low, ExactDecimal(units: 0)).description).adding("high", high.description),
                    reason: reason)
            }
        }
        guard let last = needs.last, let before = last.values[indicator.code],
            let share = needs.rules[.changedMuch]?.number
        else { return }
        let change = figure - before
        let size = ExactDecimal(units: abs(change.units), places: change.places)
        // |new − last| more than so many per cent of |last|, in whole numbers.
        let moved = size.units * 100 * ExactDecimal.power(before.places + share.places)
        let limit = abs(before.units) * share.units * ExactDecimal.power(size.places)
        if moved > limit {
            let percent = IndicatorFormula.rate(
                size, of: ExactDecimal(units: abs(before.units), places: before.places), scale: 100, decimals: 0)
            found.say(
                .changedMuch, "\(field.split(separator: ".").dropLast().joined(separator: ".")).comment",
                words.adding("last", before.description).adding("period", last.period)
                    .adding("change", percent?.description ?? "more than 100"),
                reason: comment.isBlank ? nil : comment)
        }
    }
}

extension ReturnContent.Reach {
    fileprivate func check(_ found: inout Findings) {
        guard let reached = peopleReached else { return found.say(.reachGiven, "reach.peopleReached", [:]) }
        if let target = ofWhichTarget, target > reached {
            found.say(
                .reachedAtLeastTarget, "reach.ofWhichTarget", ["target": String(target), "reached": String(reached)])
        }
    }
}

extension ReturnContent.Spend {
    fileprivate func check(_ needs: ReturnNeeds, _ found: inout Findings) {
        for (name, what, amount) in [
            ("period", "Spend of the period", period), ("toDate", "Spend to date", toDate),
            ("forecast", "The forecast for the whole project", forecast),
        ] where amount == nil { found.say(.spendGiven, "spend.\(name)", ["what": what]) }
        guard let toDate else { return }
        let reason = confirmation.isBlank ? nil : confirmation
        var words = ["value": "\(toDate)", "period": needs.period]
        if let last = needs.last, let before = last.spendToDate {
            words["last"] = "\(before)"
            words["lastPeriod"] = last.period
            if toDate < before {
                found.say(.spendToDateMonotone, "spend.toDate", words)
            } else if let period, before + period != toDate {
                words["spend"] = "\(period)"
                words["sum"] = "\(before + period)"
                found.say(.spendAddsUp, "spend.toDate", words, reason: reason)
            }
        }
        guard let forecast else { return }
        words["forecast"] = "\(forecast)"
        if forecast < toDate { return found.say(.forecastCoversSpend, "spend.forecast", words) }
        guard let award = needs.award, award.pence > 0, let share = needs.rules[.varianceExplained]?.number else {
            return
        }
        let apart = abs(forecast.pence - award.pence)
        let percent = IndicatorFormula.rate(
            ExactDecimal(units: apart), of: ExactDecimal(units: award.pence), scale: 100, decimals: 0)
        if let exact = IndicatorFormula.rate(
            ExactDecimal(units: apart), of: ExactDecimal(units: award.pence), scale: 100, decimals: 4),
            share < exact
        {
            words["award"] = "\(award)"
            words["change"] = percent?.description ?? ""
            found.say(
                .varianceExplained, "spend.varianceReason", words, reason: varianceReason.isBlank ? nil : varianceReason
            )
        }
    }
}

extension ReturnContent.Milestones {
    fileprivate func check(_ found: inout Findings) {
        var seen: [String: Int] = [:]
        for (index, line) in lines.enumerated() {
            let field = "milestones.lines.\(index)"
            let row = String(index + 1)
            let lacking: (String, String)? =
                line.code.isBlank
                ? ("code", "a short name")
                : line.title.isBlank
                    ? ("title", "what it is")
                    : line.planned == nil
                        ? ("planned", "the day that it was planned for")
                        : line.rating == nil ? ("rating", "how it stands") : nil
            if let (name, what) = lacking {
                found.say(.milestoneComplete, "\(field).\(name)", ["row": row, "what": what])
            } else if let first = seen[String(line.code.trimmed)] {
                found.say(
                    .milestoneCodeOnce, "\(field).code",
                    ["row": row, "code": String(line.code.trimmed), "first": String(first)])
            } else {
                seen[String(line.code.trimmed)] = index + 1
            }
        }
    }
}

extension ReturnContent.Risks {
    fileprivate func check(_ found: inout Findings) {
        for (index, line) in lines.enumerated() {
            let field = "risks.lines.\(index)"
            let lacking: (String, String)? =
                line.category == nil
                ? ("category", "its kind")
                : line.title.isBlank
                    ? ("title", "what may happen")
                    : !(1...5).contains(line.likelihood ?? 0)
                        ? ("likelihood", "a likelihood from 1 to 5")
                        : !(1...5).contains(line.impact ?? 0)
                            ? ("impact", "an impact from 1 to 5")
                            : line.mitigation.isBlank
                                ? ("mitigation", "what is done about it")
                                : line.owner.isBlank
                                    ? ("owner", "who sees to it")
                                    : line.raised == nil
                                        ? ("raised", "the day that it was raised")
                                        : line.closed.map { $0 < line.raised! } == true
                                            ? ("closed", "a day of closing after it was raised") : nil
            if let (name, what) = lacking {
                found.say(.riskComplete, "\(field).\(name)", ["row": String(index + 1), "what": what])
            }
        }
    }
}

extension ReturnContent.Learning {
    fileprivate func check(_ found: inout Findings) {
        switch evaluatorAccess {
        case nil: found.say(.evaluatorAccessSaid, "learning.evaluatorAccess", [:])
        case false?:
            found.say(
                .evaluatorWithoutAccess, "learning.confirmation", [:], reason: confirmation.isBlank ? nil : confirmation
            )
        case true?: break
        }
    }
}

/// Gathers what rules say, in the catalogue's words.
private struct Findings {
    let rules: [ReturnRule.Code: ReturnRule]
    private(set) var all: [ReturnFinding] = []

    init(rules: [ReturnRule.Code: ReturnRule]) { self.rules = rules }

    mutating func say(_ code: ReturnRule.Code, _ field: String, _ words: [String: String], reason: String? = nil) {
        // A rule that is not in the catalogue is not in force.
        guard let rule = rules[code] else { return }
        var sentence = rule.sentence
        for (name, word) in words { sentence = sentence.replacing("{\(name)}", with: word) }
        all.append(
            ReturnFinding(
                rule: code, severity: rule.severity, field: field, sentence: sentence, fix: rule.fix,
                reason: reason.map { String($0.trimmed) }))
    }
}

extension [String: String] {
    fileprivate func adding(_ name: String, _ word: String) -> [String: String] {
        var words = self
        words[name] = word
        return words
    }
}

/// What must be true of a return before it moves.
public enum MonitoringReturnRules {
    /// A return is edited only while it is in progress; beginning and resuming are part of the first saving.
    public static func editable(_ state: MonitoringReturn.State) -> Refusal? {
        let advice: String
        switch state {
        case .open, .inProgress, .changesRequested, .reopened: return nil
        case .scheduled: advice = "It opens on the day after its period ends."
        case .inCertification: advice = "Ask a certifier to send it back."
        case .submitted, .underReview: advice = "Ask the department to send it back."
        case .accepted, .acceptedWithIssues: advice = "Ask the department to have it reopened."
        case .waived: advice = "It was waived."
        }
        return Refusal(
            .conflict, code: "return_not_editable", "A return is changed only while it is being written. \(advice)")
    }

    /// Whether somebody may certify: they edited nothing of this version, and not last either.
    public static func certifier(_ person: PersonID, _ subject: MonitoringReturn, ledger: [Duty.Performed]) -> Refusal?
    {
        if subject.lastEditor == person { return Duty.refusal(already: .wrote, new: .certified) }
        return Duty.check(.certified, by: person, version: subject.dutyVersion, ledger: ledger)
    }

    /// A return is submitted on or after the last day of its period.
    public static func periodEnded(_ subject: MonitoringReturn, today: Day) -> Refusal? {
        today < subject.to
            ? Refusal(
                .conflict, code: "period_not_ended",
                "The period ends on \(subject.to.spoken). Submit the return on or after that day.") : nil
    }

    /// The statement that the certifier agrees to, by its edition.
    public static func declarationProblems(_ version: String) -> [FieldProblem] {
        version == ReturnDeclaration.version
            ? []
            : [
                FieldProblem(
                    "declaration",
                    "Read the declaration of today (version \(ReturnDeclaration.version)) and confirm it before you submit."
                )
            ]
    }
}

/// The statement that the certifier of a return agrees to, by its edition.
public enum ReturnDeclaration {
    /// The version in force; kept with each submission.
    public static let version = "2026-1"
    /// What the certifier confirms, point by point.
    public static let points = [
        "I have read this return and, as far as I know, it is true and complete.",
        "Its figures come from my authority's own records or from the sources that it names.",
        "Spend in it agrees with my authority's ledger.",
        "I did not edit this version of the return.",
    ]
}
