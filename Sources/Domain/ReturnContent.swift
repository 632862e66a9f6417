/// What a monitoring return says, section by section. Counts are kept as they were typed until they are certified.
public struct ReturnContent: Hashable, Sendable, Codable {
    /// A figure, or why there is none, for each indicator that was asked for.
    public var outcomes = Outcomes()
    /// Who was reached.
    public var reach = Reach()
    /// What was spent.
    public var spend = Spend()
    /// How the project stands against its plan.
    public var milestones = Milestones()
    /// What may go wrong.
    public var risks = Risks()
    /// What was learnt, and whether the evaluator has what they need.
    public var learning = Learning()

    /// Nothing entered yet.
    public init() {}

    /// The figures.
    public struct Outcomes: Hashable, Sendable, Codable {
        /// One for each indicator.
        public var values: [Value] = []
        /// No figures yet.
        public init() {}

        /// The value of an indicator, blank when none was entered.
        public func value(of code: String) -> Value { values.first { $0.indicatorCode == code } ?? Value(code) }
    }

    /// One figure.
    public struct Value: Hashable, Sendable, Codable {
        /// Which indicator.
        public var indicatorCode: String
        /// How many.
        public var numerator = ""
        /// Of how many.
        public var denominator = ""
        /// The figure itself, where it is not worked out from counts.
        public var value = ""
        /// Whether it may still change.
        public var status = Status.provisional
        /// Why there is no figure.
        public var missingReason: MissingReason?
        /// What happened.
        public var comment = ""
        /// Why an unusual figure stands.
        public var confirmation = ""
        /// Where it comes from.
        public var source = ""

        /// A blank value.
        public init(_ indicatorCode: String) { self.indicatorCode = indicatorCode }

        /// Whether anything that could be a figure was entered.
        var hasFigure: Bool { !(numerator.isBlank && denominator.isBlank && value.isBlank) }
    }

    /// Whether a figure may still change.
    public enum Status: String, Sendable, CaseIterable, Codable { case provisional, outturn }

    /// Why there is no figure.
    public enum MissingReason: String, Sendable, CaseIterable, Codable {
        case notYetAvailable = "not_yet_available", tooFewToReport = "too_few_to_report", systemChange =
            "system_change",
            partnerNotSupplied = "partner_not_supplied", notCollected = "not_collected", notApplicable =
            "not_applicable",
            refused

        /// As people say it.
        public var label: String {
            switch self {
            case .notYetAvailable: "Not yet available"
            case .tooFewToReport: "Too few to report"
            case .systemChange: "The recording system changed"
            case .partnerNotSupplied: "A partner did not supply it"
            case .notCollected: "Not collected"
            case .notApplicable: "Not applicable"
            case .refused: "Refused"
            }
        }
    }

    /// Who was reached.
    public struct Reach: Hashable, Sendable, Codable {
        /// People reached in the period.
        public var peopleReached: Int?
        /// Those of the target group among them.
        public var ofWhichTarget: Int?
        /// Sites where the project runs.
        public var sitesLive: Int?
        /// Staff trained in the period.
        public var staffTrained: Int?
        /// How much of the model is delivered as designed, per cent.
        public var fidelityPercent: Int?
        /// Nobody yet.
        public init() {}
    }

    /// What was spent.
    public struct Spend: Hashable, Sendable, Codable {
        /// In the period.
        public var period: Money?
        /// From the start to the end of the period.
        public var toDate: Money?
        /// What the project will have cost at its end.
        public var forecast: Money?
        /// Why the forecast differs from the award.
        public var varianceReason = ""
        /// Why unusual spend stands.
        public var confirmation = ""
        /// Nothing yet.
        public init() {}
    }

    /// How the project stands against its plan.
    public struct Milestones: Hashable, Sendable, Codable {
        /// One after the other.
        public var lines: [Milestone] = []
        /// None yet.
        public init() {}
    }

    /// One milestone.
    public struct Milestone: Hashable, Sendable, Codable {
        /// Short name, the same in every return.
        public var code = ""
        /// What it is.
        public var title = ""
        /// When it was planned for.
        public var planned: Day?
        /// When it is expected now.
        public var forecast: Day?
        /// When it happened.
        public var actual: Day?
        /// How it stands.
        public var rating: Rating?
        /// A blank milestone.
        public init() {}
    }

    /// Red, amber or green.
    public enum Rating: String, Sendable, CaseIterable, Codable { case red, amber, green }

    /// What may go wrong.
    public struct Risks: Hashable, Sendable, Codable {
        /// One after the other.
        public var lines: [Risk] = []
        /// None yet.
        public init() {}
    }

    /// One risk.
    public struct Risk: Hashable, Sendable, Codable {
        /// What kind.
        public var category: Category?
        /// What may happen.
        public var title = ""
        /// From 1, hardly, to 5, almost surely.
        public var likelihood: Int?
        /// From 1, slight, to 5, grave.
        public var impact: Int?
        /// How soon.
        public var proximity = ""
        /// What is done about it.
        public var mitigation = ""
        /// Who sees to it.
        public var owner = ""
        /// Since when it is known.
        public var raised: Day?
        /// When it was closed.
        public var closed: Day?
        /// A blank risk.
        public init() {}

        /// What kind of risk.
        public enum Category: String, Sendable, CaseIterable, Codable {
            case setUp = "set_up", design, interaction, evaluation, data, workforce, finance, safeguarding

            /// As people say it.
            public var label: String {
                switch self {
                case .setUp: "Set-up"
                case .design: "Design"
                case .interaction: "Interaction with other work"
                case .evaluation: "Evaluation"
                case .data: "Data"
                case .workforce: "Workforce"
                case .finance: "Finance"
                case .safeguarding: "Safeguarding"
                }
            }
        }
    }

    /// What was learnt.
    public struct Learning: Hashable, Sendable, Codable {
        /// In plain words.
        public var note = ""
        /// Whether the evaluator has the access that the evaluation needs.
        public var evaluatorAccess: Bool?
        /// What is done where they have not.
        public var confirmation = ""
        /// Hours that this return took.
        public var burdenHours: Int?
        /// Nothing yet.
        public init() {}
    }
}

extension ReturnContent {
    /// The whole return as text for its digest. See ``BidContent/canonicalText``.
    public var canonicalText: String {
        var text = CanonicalText("return-1")
        text.list(outcomes.values.sorted { $0.indicatorCode < $1.indicatorCode }) { text, value in
            text.add(value.indicatorCode)
            for part in [
                value.numerator, value.denominator, value.value, value.comment, value.confirmation, value.source,
            ] {
                text.add(part)
            }
            text.add(value.status)
            text.add(value.missingReason)
        }
        for number in [
            reach.peopleReached, reach.ofWhichTarget, reach.sitesLive, reach.staffTrained, reach.fidelityPercent,
            learning.burdenHours,
        ] { text.add(number) }
        text.add(spend.period)
        text.add(spend.toDate)
        text.add(spend.forecast)
        for part in [spend.varianceReason, spend.confirmation, learning.note, learning.confirmation] { text.add(part) }
        text.add(learning.evaluatorAccess)
        text.list(milestones.lines) { text, line in
            text.add(line.code)
            text.add(line.title)
            for day in [line.planned, line.forecast, line.actual] { text.add(day?.description) }
            text.add(line.rating)
        }
        text.list(risks.lines) { text, line in
            text.add(line.category)
            for part in [line.title, line.proximity, line.mitigation, line.owner] { text.add(part) }
            text.add(line.likelihood)
            text.add(line.impact)
            for day in [line.raised, line.closed] { text.add(day?.description) }
        }
        return text.text
    }

    /// Whether nothing was entered in a section.
    public func isBlank(_ section: ReturnSection) -> Bool {
        switch section {
        case .outcomes: outcomes.values.allSatisfy { $0 == Value($0.indicatorCode) }
        case .reach: reach == Reach()
        case .spend: spend == Spend()
        case .milestones: milestones == Milestones()
        case .risks: risks == Risks()
        case .learning: learning == Learning()
        }
    }

    /// What cannot be stored in a section, whatever else it lacks.
    public func storageProblems(in section: ReturnSection) -> [FieldProblem] {
        var problems = Problems()
        switch section {
        case .outcomes:
            for value in outcomes.values {
                let field = "outcomes.\(value.indicatorCode)"
                for (name, text, limit) in [
                    ("numerator", value.numerator, 20), ("denominator", value.denominator, 20),
                    ("value", value.value, 20),
                    ("comment", value.comment, 2000), ("confirmation", value.confirmation, 2000),
                    ("source", value.source, 300),
                ] { problems.length(text, "\(field).\(name)", name == "confirmation" ? "reason" : name, limit) }
            }
        case .reach:
            for (name, number) in [
                ("peopleReached", reach.peopleReached), ("ofWhichTarget", reach.ofWhichTarget),
                ("sitesLive", reach.sitesLive),
                ("staffTrained", reach.staffTrained),
            ] {
                problems.need(
                    number.map { (0...9_999_999).contains($0) } ?? true, "reach.\(name)",
                    "Enter a whole number from 0 to 9,999,999.")
            }
            problems.need(
                reach.fidelityPercent.map { (0...100).contains($0) } ?? true, "reach.fidelityPercent",
                "Enter a percentage from 0 to 100.")
        case .spend:
            problems.length(spend.varianceReason, "spend.varianceReason", "reason", 2000)
            problems.length(spend.confirmation, "spend.confirmation", "reason", 2000)
        case .milestones:
            problems.need(milestones.lines.count <= 50, "milestones.lines", "Keep to 50 milestones or fewer.")
            for (index, line) in milestones.lines.enumerated() {
                problems.length(line.code, "milestones.lines.\(index).code", "short name", 40)
                problems.length(line.title, "milestones.lines.\(index).title", "title", 300)
            }
        case .risks:
            problems.need(risks.lines.count <= 50, "risks.lines", "Keep to 50 risks or fewer.")
            for (index, line) in risks.lines.enumerated() {
                let field = "risks.lines.\(index)"
                for (name, text, limit) in [
                    ("title", line.title, 300), ("proximity", line.proximity, 100),
                    ("mitigation", line.mitigation, 2000),
                    ("owner", line.owner, 200),
                ] { problems.length(text, "\(field).\(name)", name, limit) }
            }
        case .learning:
            problems.length(learning.note, "learning.note", "note", 8000)
            problems.length(learning.confirmation, "learning.confirmation", "reason", 2000)
        }
        return problems.found
    }
}
