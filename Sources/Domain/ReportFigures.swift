/// Whether figures agree with each other, and with what the server computes from them.
enum ReportFigures {
    /// The largest standardised difference that is taken for one.
    private static let largestStandardised = 3.0
    /// Standardised differences at the start that are worth a note, and a warning.
    private static let imbalance = (note: 0.1, warning: 0.25)

    /// What one result's figures say about each other.
    static func messages(_ result: ReportFacts.Result) -> [EvaluationReportRules.Message] {
        guard let metric = result.metric else { return [] }
        let field = "results.results.\(result.row)"
        var found: [EvaluationReportRules.Message] = []
        func say(_ name: String, _ sentence: String, stops: EvaluationReportRules.Message.Weight) {
            found.append(.init("\(field).\(name)", sentence, stops: stops))
        }
        if let effect = result.effect, let interval = result.interval {
            if interval.low > interval.high {
                say("ciLow", "Check the interval of “\(result.outcome)”: it ends before it begins.", stops: .submission)
            } else if !interval.contains(effect) {
                say(
                    "effect", "Check “\(result.outcome)”: the effect lies outside its own interval.", stops: .submission
                )
            }
            if metric.isRatio, interval.low <= 0 {
                say("ciLow", "Check “\(result.outcome)”: a ratio is always above zero.", stops: .submission)
            }
        }
        if metric == .standardised, let effect = result.effect, abs(effect) > largestStandardised {
            say(
                "effect",
                "Check “\(result.outcome)”: a standardised difference beyond \(Rounded.text(largestStandardised)) does not "
                    + "occur.", stops: .submission)
        }
        if let p = result.p, let interval = result.interval, disagrees(p, interval, metric) {
            let (low, high) = (Rounded.text(interval.low), Rounded.text(interval.high))
            say(
                "p",
                "Check “\(result.outcome)”: p = \(Rounded.text(p)) and the interval from \(low) to \(high) contradict each "
                    + "other. The interval \(excludesNone(interval, metric) ? "leaves out" : "holds") “no effect” "
                    + "(\(Rounded.text(metric.noEffect))).",
                stops: result.pNote.unicodeScalars.count < Rules.shortestReason ? .signOff : .nothing)
        }
        return found + recomputed(result, metric, field)
    }

    /// Whether p and the interval say different things about the same level, beyond the rounding of what is printed. The
    /// database asks the same question.
    static func disagrees(_ p: Double, _ interval: ConfidenceInterval, _ metric: EffectMetric) -> Bool {
        let alpha = 1 - interval.level
        let none = metric.noEffect
        if abs(p - alpha) <= 0.005 + 1e-12 || interval.low == none || interval.high == none { return false }
        return (p < alpha) != excludesNone(interval, metric)
    }

    private static func excludesNone(_ interval: ConfidenceInterval, _ metric: EffectMetric) -> Bool {
        interval.low > metric.noEffect || interval.high < metric.noEffect
    }

    private static func recomputed(
        _ result: ReportFacts.Result, _ metric: EffectMetric, _ field: String
    ) -> [EvaluationReportRules.Message] {
        guard let estimate = result.recomputed, let effect = result.effect else { return [] }
        let unit = metric == .percentagePoints ? 0.15 : 0.02
        let near = max(unit, abs(estimate.value) * 0.05)
        let computed =
            "\(Rounded.text(estimate.value, places: 2)) (\(Rounded.text(estimate.interval.low, places: 2)) to "
            + "\(Rounded.text(estimate.interval.high, places: 2)))"
        if result.isAdjusted {
            return abs(effect - estimate.value) <= near
                ? []
                : [
                    .init(
                        "\(field).effect",
                        "Without the model, the groups’ figures for “\(result.outcome)” give \(computed). You entered "
                            + "\(Rounded.text(effect)), adjusted.", stops: .nothing)
                ]
        }
        if abs(effect - estimate.value) > near {
            return [
                .init(
                    "\(field).effect",
                    "Check “\(result.outcome)”: the groups’ figures give \(computed), and you entered \(Rounded.text(effect)). "
                        + "Correct one of them, or say which model adjusted the effect.", stops: .signOff)
            ]
        }
        guard let interval = result.interval else { return [] }
        let width = estimate.interval.high - estimate.interval.low
        let apart = max(abs(interval.low - estimate.interval.low), abs(interval.high - estimate.interval.high))
        return apart <= max(unit, width * 0.15)
            ? []
            : [
                .init(
                    "\(field).ciLow",
                    "The groups’ figures for “\(result.outcome)” give \(computed), and your interval differs. That is right "
                        + "where it allows for groups; say so in the methods.", stops: .nothing)
            ]
    }

    /// What the flow of participants says about itself and the results.
    static func messages(
        _ flow: ReportFacts.Flow, _ results: [ReportFacts.Result], thresholds: EvidenceThresholds
    ) -> [EvaluationReportRules.Message] {
        var found: [EvaluationReportRules.Message] = []
        if let assessed = flow.assessed, assessed < flow.randomised {
            found.append(
                .init(
                    "flow.assessed", "Check the flow: fewer were assessed than were randomised or included.",
                    stops: .submission))
        }
        let allocated = flow.arms.map(\.allocated).reduce(0, +)
        if allocated != flow.randomised {
            found.append(
                .init(
                    "flow.randomised",
                    "Check the flow: \(Rules.grouped(flow.randomised)) were randomised or included, and the groups add up to "
                        + "\(Rules.grouped(allocated)).", stops: .submission))
        }
        for (index, arm) in flow.arms.enumerated() where arm.analysed > arm.allocated || arm.lost > arm.allocated {
            found.append(
                .init(
                    "flow.arms.\(index).analysed",
                    "Check the flow: in “\(arm.name)” more were analysed or lost than were allocated.",
                    stops: .submission))
        }
        let allocatedMost = flow.arms.map(\.allocated).max() ?? 0
        for result in results
        where result.arms.contains(where: { ($0.count ?? 0) > allocatedMost && allocatedMost > 0 }) {
            found.append(
                .init(
                    "results.results.\(result.row).arms.0.n",
                    "“\(result.outcome)” counts more people in a group than were allocated to it. Say why in the methods.",
                    stops: .nothing))
        }
        if let attrition = flow.attrition?.share, attrition > thresholds.mostAttrition {
            found.append(
                .init(
                    "flow.arms",
                    "\(Rounded.text(attrition * 100, places: 1))% were lost. Read the result with caution.",
                    stops: .nothing))
        }
        if let apart = flow.differentialAttrition, apart > thresholds.differentialAttrition {
            found.append(
                .init(
                    "flow.arms",
                    "The groups lost different shares: \(Rounded.text(apart * 100, places: 1)) percentage points apart. "
                        + "Read the result with caution.", stops: .nothing))
        }
        return found
    }

    /// Characteristics in which the groups differed from the start.
    static func messages(balance: [ReportFacts.Characteristic]) -> [EvaluationReportRules.Message] {
        balance.enumerated().compactMap { index, each in
            let size = abs(each.difference)
            guard size > imbalance.note else { return nil }
            return .init(
                "balance.variables.\(index).smd",
                size > imbalance.warning
                    ? "The groups were far apart in “\(each.variable)” from the start (\(Rounded.text(each.difference))). "
                        + "The result may be due to that."
                    : "The groups differed in “\(each.variable)” from the start (\(Rounded.text(each.difference))).",
                stops: .nothing)
        }
    }
}
