import Domain

/// The pages on which a round is written.
enum RoundPart: String, Sendable, CaseIterable {
    case basics, criteria, rules

    var title: String {
        switch self {
        case .basics: "Dates, money and prospectus"
        case .criteria: "Criteria and scoring guidance"
        case .rules: "Eligibility rules"
        }
    }

    /// The part on which a problem can be put right.
    static func of(_ problem: FieldProblem) -> RoundPart {
        switch problem.field.prefix(while: { $0 != "." }) {
        case "criteria": .criteria
        case "rules": .rules
        default: .basics
        }
    }

    var next: RoundPart? {
        switch self {
        case .basics: .criteria
        case .criteria: .rules
        case .rules: nil
        }
    }
}

/// A rule that officers can choose from a list: what it asks, and how it is stored.
struct RuleKind: Sendable {
    let code: String
    let sentence: String
    let source: String
    /// Whether it needs an amount.
    var asksAmount = false
    let predicate: @Sendable (Money?) -> EligibilityPredicate?

    /// Every kind on offer.
    static let all: [RuleKind] = [
        .init(
            code: "kind", sentence: "The lead organisation is a local authority or a children's trust.",
            source: "Terms of the round"
        ) { _ in .organisationKind([.localAuthority, .childrensTrust]) },
        .init(
            code: "exists", sentence: "The lead organisation exists on the closing day.",
            source: "Register of authorities"
        ) { _ in .organisationActive },
        .init(
            code: "ofsted_improvement",
            sentence: "The latest Ofsted grade is “requires improvement to be good” or better on the closing day.",
            source: "Ofsted inspection outcomes"
        ) { _ in .factIn(.ofstedOverall, OfstedGrade.atLeast(.requiresImprovement)) },
        .init(
            code: "ofsted_good", sentence: "The latest Ofsted grade is “good” or better on the closing day.",
            source: "Ofsted inspection outcomes"
        ) { _ in .factIn(.ofstedOverall, OfstedGrade.atLeast(.good)) },
        .init(
            code: "no_section_114",
            sentence:
                "No section 114 notice (a council's notice that it cannot balance its budget) is in force on the closing day.",
            source: "Register of section 114 notices"
        ) { _ in .factAbsent(.section114) },
        .init(
            code: "at_least", sentence: "The sum asked for is at least {amount}.", source: "Terms of the round",
            asksAmount: true
        ) { $0.map { .requestedAtLeast($0) } },
        .init(
            code: "at_most", sentence: "The sum asked for is at most {amount}.", source: "Terms of the round",
            asksAmount: true
        ) { $0.map { .requestedAtMost($0) } },
        .init(
            code: "partners", sentence: "Every partner that the bid names has signed it off.",
            source: "Terms of the round"
        ) { _ in .partnersSignedOff },
    ]

    /// The amount in a stored rule of this kind.
    static func amount(_ predicate: EligibilityPredicate) -> Money? {
        switch predicate {
        case .requestedAtLeast(let money), .requestedAtMost(let money): money
        default: nil
        }
    }
}

/// A round's content as forms, part by part, and back.
enum RoundForms {
    /// What is stored, as a form shows it.
    static func form(_ part: RoundPart, _ content: Round.Content) -> Form {
        var form = FormWriter()
        switch part {
        case .basics:
            form.put("title", content.title)
            form.put("opensAt", content.opensAt)
            form.put("closesAt", content.closesAt, isDeadline: true)
            form.put("minimumAward", content.minimumAward)
            form.put("maximumAward", content.maximumAward)
            form.put("budget", content.budget)
            form.put("prospectus", content.prospectus)
        case .criteria:
            for (index, criterion) in content.criteria.enumerated() {
                let row = "criteria.\(index)"
                form.row(row)
                form.put("\(row).title", criterion.title)
                form.put("\(row).code", criterion.code)
                form.put("\(row).weight", Words.decimal(hundredths: criterion.weightBasisPoints))
                form.put("\(row).passMark", criterion.passMark)
                form.put("\(row).scorer", criterion.scorer)
                form.put("\(row).guidance", criterion.guidance)
            }
        case .rules:
            form.put("rules", all: content.rules.map(\.code))
            for rule in content.rules { form.put("amounts.\(rule.code)", RuleKind.amount(rule.predicate)) }
        }
        return form.form
    }

    /// The content with one part replaced by what a form says.
    static func content(_ part: RoundPart, _ form: Form, in stored: Round.Content) throws -> Round.Content {
        var reader = Form.Reader(form)
        var content = stored
        switch part {
        case .basics:
            content.title = form["title"]
            content.opensAt = reader.londonTime("opensAt", time: "opensAt-time")
            content.closesAt = reader.deadline("closesAt")
            content.minimumAward = reader.money("minimumAward")
            content.maximumAward = reader.money("maximumAward")
            content.budget = reader.money("budget")
            content.prospectus = form["prospectus"]
        case .criteria: content.criteria = criteria(&reader)
        case .rules: content.rules = rules(&reader, stored.rules)
        }
        try reader.check()
        return content
    }

    private static func criteria(_ reader: inout Form.Reader) -> [Criterion] {
        var criteria: [Criterion] = []
        for number in reader.form.rows("criteria") {
            let row = "criteria.\(number)"
            let answers = ["title", "code", "weight", "guidance"].map { reader.form["\(row).\($0)"] }
            guard answers.contains(where: { !$0.isEmpty }) else { continue }
            let weight = Money(answers[2].filter { $0 != "%" })?.pence
            if weight == nil { reader.refuse("\(row).weight", "Enter the weight as a percentage, such as 25 or 12.5") }
            criteria.append(
                Criterion(
                    code: answers[1], title: answers[0], weightBasisPoints: weight ?? 0,
                    passMark: reader.number("\(row).passMark", in: 0...5, "Enter a pass mark from 0 to 5") ?? 0,
                    scorer: reader.choice("\(row).scorer") ?? .appraiser, guidance: answers[3]))
        }
        return criteria
    }

    /// Rules that were ticked. Those of no kind on the list are kept as they are stored, unless they were unticked.
    private static func rules(_ reader: inout Form.Reader, _ stored: [EligibilityRule]) -> [EligibilityRule] {
        let ticked = reader.form.all("rules")
        var rules: [EligibilityRule] = []
        for code in ticked {
            guard let kind = RuleKind.all.first(where: { $0.code == code }) else {
                if let rule = stored.first(where: { $0.code == code }) { rules.append(rule) }
                continue
            }
            let amount = kind.asksAmount ? reader.money("amounts.\(code)") : nil
            if kind.asksAmount, reader.form.optional("amounts.\(code)") == nil {
                reader.refuse("amounts.\(code)", "Enter the amount in pounds for this rule")
            }
            guard let predicate = kind.predicate(amount) else { continue }
            let sentence = kind.sentence.replacing("{amount}", with: amount?.description ?? "")
            rules.append(EligibilityRule(code: code, sentence: sentence, predicate: predicate, source: kind.source))
        }
        return rules
    }
}

/// What a new round starts with; an officer changes it as the fund needs.
enum RoundSuggestion {
    static let criteria: [Criterion] = [
        .init(
            code: "need", title: "Need and fit", weightBasisPoints: 1000, passMark: 0, scorer: .appraiser,
            guidance: "Is the problem real and shown with evidence? Does it fit the aims of the programme?"),
        .init(
            code: "idea", title: "Idea and theory of change", weightBasisPoints: 1500, passMark: 0, scorer: .appraiser,
            guidance:
                "Does each step lead to the next? Are assumptions stated? Is there a reason to think that it will work?"
        ),
        .init(
            code: "deliverability", title: "Deliverability and leadership", weightBasisPoints: 1500, passMark: 0,
            scorer: .appraiser, guidance: "Is the plan realistic? Are leaders, partners and staff committed?"),
        .init(
            code: "evaluation", title: "Evaluation plan and data readiness", weightBasisPoints: 2500, passMark: 3,
            scorer: .whatWorks,
            guidance:
                "Is the question clear? Is the comparison credible? Are enough people available, and the data accessible?"
        ),
        .init(
            code: "value", title: "Value for money and costs", weightBasisPoints: 1500, passMark: 0, scorer: .appraiser,
            guidance: "Are costs complete, reasonable and in proportion to what would change?"),
        .init(
            code: "sustainability", title: "Sustainability and scalability", weightBasisPoints: 1000, passMark: 0,
            scorer: .appraiser, guidance: "What happens when the money ends? Could others do the same?"),
        .init(
            code: "children", title: "Children's voice, equality and safeguarding", weightBasisPoints: 1000,
            passMark: 0,
            scorer: .appraiser,
            guidance: "Have children and families shaped this? Who gains or loses? Are children safe?"),
    ]
}
