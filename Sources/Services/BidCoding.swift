import Domain

// A bid's content as the database keeps it: one JSON document for each section.

extension BidContent {
    /// One section as JSON.
    func encoded(_ section: BidSection) throws -> String {
        switch section {
        case .summary: try JSON.encode(summary)
        case .need: try JSON.encode(need)
        case .theoryOfChange: try JSON.encode(theoryOfChange)
        case .outcomes: try JSON.encode(outcomes)
        case .costs: try JSON.encode(costs)
        case .evaluation: try JSON.encode(evaluation)
        case .delivery: try JSON.encode(delivery)
        case .dataProtection: try JSON.encode(dataProtection)
        }
    }

    /// Takes one section from its JSON.
    mutating func decode(_ section: BidSection, _ json: String) throws {
        switch section {
        case .summary: summary = try JSON.value(json)
        case .need: need = try JSON.value(json)
        case .theoryOfChange: theoryOfChange = try JSON.value(json)
        case .outcomes: outcomes = try JSON.value(json)
        case .costs: costs = try JSON.value(json)
        case .evaluation: evaluation = try JSON.value(json)
        case .delivery: delivery = try JSON.value(json)
        case .dataProtection: dataProtection = try JSON.value(json)
        }
    }

    /// Only these sections; the rest is blank.
    func limited(to sections: [BidSection]) -> BidContent {
        var content = BidContent()
        for section in sections {
            switch section {
            case .summary: content.summary = summary
            case .need: content.need = need
            case .theoryOfChange: content.theoryOfChange = theoryOfChange
            case .outcomes: content.outcomes = outcomes
            case .costs: content.costs = costs
            case .evaluation: content.evaluation = evaluation
            case .delivery: content.delivery = delivery
            case .dataProtection: content.dataProtection = dataProtection
            }
        }
        return content
    }
}

extension Sequence<SectionRecord> {
    /// The draft that the saved sections make.
    func content() throws -> BidContent {
        var content = BidContent()
        for record in self { try content.decode(record.section, record.json) }
        return content
    }
}

extension Subject {
    /// Which sections of a submitted bid this person reads: What Works sees the summary and the evaluation, others all.
    var readableSections: [BidSection] { role == .whatWorks ? [.summary, .evaluation] : BidSection.allCases }

    /// The content of a submitted bid as this person may read it: from the submitted version, or for What Works, to
    /// whom that is closed, from the sections that row security leaves them.
    func readable(submitted: String?, sections: [SectionRecord]) throws -> BidContent {
        let whole: BidContent = try submitted.map { try JSON.value($0) } ?? sections.content()
        return whole.limited(to: readableSections)
    }
}
