extension BidContent {
    /// The whole bid as text for the digest on its receipt. Every answer stands in it, in a fixed order; none can run into
    /// the next. Whoever holds the content can make the same text again and check the receipt without this system.
    public var canonicalText: String {
        var text = CanonicalText("bid-1")
        summary.write(to: &text)
        text.add(need.problem)
        text.add(need.population)
        text.add(need.expectedNumber)
        text.list(theoryOfChange.lists) { text, list in text.list(list.entries) { $0.add($1) } }
        outcomes.write(to: &text)
        costs.write(to: &text)
        text.add(evaluation.question)
        text.add(evaluation.comparator)
        text.add(evaluation.comparatorIdea)
        text.add(evaluation.numberAvailable)
        text.add(evaluation.dataAccess)
        text.add(evaluation.approach)
        text.add(delivery.partners)
        text.add(delivery.partnersSignedOff)
        text.add(delivery.plan)
        text.add(delivery.sustainability)
        text.add(delivery.exitCost)
        text.add(delivery.childrensVoice)
        text.add(delivery.burdenHours)
        text.add(dataProtection.dpiaStatus)
        text.add(dataProtection.lawfulBasis)
        text.add(dataProtection.equalityImpact)
        return text.text
    }
}

extension BidContent.Summary {
    fileprivate func write(to text: inout CanonicalText) {
        text.add(title)
        text.add(summary)
        text.add(maturity)
        text.list(focusAreas) { $0.add($1) }
    }
}

extension BidContent.Outcomes {
    fileprivate func write(to text: inout CanonicalText) {
        text.list(outcomes) { text, outcome in
            text.add(outcome.indicatorCode)
            text.add(outcome.isPrimary)
            text.add(outcome.baseline)
            text.add(outcome.baselinePeriod)
            text.add(outcome.target)
            text.add(outcome.targetPeriod)
        }
    }
}

extension BidContent.Costs {
    fileprivate func write(to text: inout CanonicalText) {
        text.add(requested)
        text.list(lines) { text, line in
            text.add(line.category)
            text.add(line.year?.description)
            text.add(line.amount)
            text.add(line.recurrent)
            text.add(line.inKind)
        }
        text.list(matchFunding) { text, source in
            text.add(source.source)
            text.add(source.amount)
            text.add(source.confirmed)
        }
    }
}
