import Domain

/// The pages on which a programme is written. Each saves its own part and leaves the rest alone.
enum ProgrammePart: String, Sendable, CaseIterable {
    case basics, money, aims, screening, risk
    case businessCase = "business-case"

    /// In the order in which they are filled in.
    static let ordered: [ProgrammePart] = [.basics, .businessCase, .money, .aims, .screening, .risk]

    var title: String {
        switch self {
        case .basics: "Basics"
        case .businessCase: "Business case"
        case .money: "Money by year"
        case .aims: "Aims and measures"
        case .screening: "Screening and consent"
        case .risk: "Advice and risk"
        }
    }

    /// The part on which a problem can be put right.
    static func of(_ problem: FieldProblem) -> ProgrammePart {
        switch problem.field.prefix(while: { $0 != "." }) {
        case "businessCase": .businessCase
        case "budget", "evaluationBudget": .money
        case "aims": .aims
        case "screening", "consent": .screening
        case "adviceStatus", "adviceReference", "fraudRiskInherent", "fraudRiskResidual", "fraudRiskNextReview",
            "riskProfile":
            .risk
        default: .basics
        }
    }

    /// The part after this one.
    var next: ProgrammePart? {
        let all = Self.ordered
        guard let index = all.firstIndex(of: self), index + 1 < all.count else { return nil }
        return all[index + 1]
    }
}

/// A programme's content as forms, part by part, and back.
enum ProgrammeForms {
    /// What is stored, as a form shows it.
    static func form(_ part: ProgrammePart, _ content: Programme.Content) -> Form {
        var form = FormWriter()
        switch part {
        case .basics: basics(content, &form)
        case .businessCase:
            form.put("businessCase.strategic", content.businessCase.strategic)
            form.put("businessCase.economic", content.businessCase.economic)
            form.put("businessCase.commercial", content.businessCase.commercial)
            form.put("businessCase.financial", content.businessCase.financial)
            form.put("businessCase.management", content.businessCase.management)
        case .money:
            put(content.budget, "budget", &form)
            form.put("evaluationBudget", content.evaluationBudget)
        case .aims:
            for (index, aim) in content.aims.enumerated() {
                form.row("aims.\(index)")
                form.put("aims.\(index).aim", aim.aim)
                form.put("aims.\(index).indicatorCode", aim.indicatorCode)
                form.put("aims.\(index).test", aim.test)
            }
        case .screening:
            put(content.screening, &form)
            put(content.consent, &form)
        case .risk:
            form.put("adviceStatus", content.adviceStatus)
            form.put("adviceReference", content.adviceReference)
            form.put("fraudRiskInherent", content.fraudRiskInherent)
            form.put("fraudRiskResidual", content.fraudRiskResidual)
            form.put("fraudRiskNextReview", content.fraudRiskNextReview)
            form.put("riskProfile", content.riskProfile)
        }
        return form.form
    }

    private static func basics(_ content: Programme.Content, _ form: inout FormWriter) {
        form.put("title", content.title)
        form.put("summary", content.summary)
        form.put("seniorOfficer", content.seniorOfficer?.description)
        form.put("ggisSchemeReference", content.ggisSchemeReference)
        form.put("allocationMethod", content.allocationMethod)
        form.put("allocationReason", content.allocationReason)
        form.put("powers", content.powers)
        form.put("powersDetail", content.powersDetail)
        form.put("conditionality", content.conditionality)
    }

    /// Money by year, as rows.
    static func put(_ lines: [BudgetLine], _ list: String, _ form: inout FormWriter) {
        for (index, line) in lines.enumerated() {
            form.row("\(list).\(index)")
            form.put("\(list).\(index).year", line.year.description)
            form.put("\(list).\(index).kind", line.kind)
            form.put("\(list).\(index).amount", line.amount)
        }
    }

    /// The three questions of screening.
    static func put(_ screening: SpendScreening, _ form: inout FormWriter) {
        form.put("screening.novel", screening.novel)
        form.put("screening.contentious", screening.contentious)
        form.put("screening.repercussive", screening.repercussive)
        form.put("screening.rationale", screening.rationale)
    }

    static func put(_ consent: ExternalConsent?, _ form: inout FormWriter) {
        form.put("consent.reference", consent?.reference)
        form.put("consent.date", consent?.date)
    }

    // MARK: Back again

    /// The content with one part replaced by what a form says.
    static func content(
        _ part: ProgrammePart, _ form: Form, in stored: Programme.Content
    ) throws -> Programme.Content {
        var reader = Form.Reader(form)
        var content = stored
        switch part {
        case .basics: basics(&reader, &content)
        case .businessCase:
            content.businessCase.strategic = form["businessCase.strategic"]
            content.businessCase.economic = form["businessCase.economic"]
            content.businessCase.commercial = form["businessCase.commercial"]
            content.businessCase.financial = form["businessCase.financial"]
            content.businessCase.management = form["businessCase.management"]
        case .money:
            content.budget = budget("budget", &reader)
            content.evaluationBudget = reader.money("evaluationBudget")
        case .aims: content.aims = aims(&reader)
        case .screening:
            content.screening = screening(&reader)
            content.consent = consent(&reader)
        case .risk:
            content.adviceStatus = reader.choice("adviceStatus")
            content.adviceReference = form["adviceReference"]
            content.fraudRiskInherent = reader.choice("fraudRiskInherent")
            content.fraudRiskResidual = reader.choice("fraudRiskResidual")
            content.fraudRiskNextReview = reader.day("fraudRiskNextReview")
            content.riskProfile = reader.choice("riskProfile")
        }
        try reader.check()
        return content
    }

    private static func basics(_ reader: inout Form.Reader, _ content: inout Programme.Content) {
        content.title = reader.form["title"]
        content.summary = reader.form["summary"]
        content.seniorOfficer = reader.id("seniorOfficer")
        content.ggisSchemeReference = reader.form.optional("ggisSchemeReference")
        content.allocationMethod = reader.choice("allocationMethod")
        content.allocationReason = reader.form["allocationReason"]
        content.powers = reader.choice("powers")
        content.powersDetail = reader.form["powersDetail"]
        content.conditionality = reader.choice("conditionality")
    }

    /// Rows of money by year. A row with an amount needs its year.
    static func budget(_ list: String, _ reader: inout Form.Reader) -> [BudgetLine] {
        var lines: [BudgetLine] = []
        for number in reader.form.rows(list) {
            let row = "\(list).\(number)"
            let year = reader.year("\(row).year")
            let amount = reader.money("\(row).amount")
            let kind: BudgetLine.Kind = reader.choice("\(row).kind") ?? .resource
            switch (year, amount) {
            case (let year?, let amount?): lines.append(BudgetLine(year: year, kind: kind, amount: amount))
            case (nil, _?):
                if reader.form.optional("\(row).year") == nil {
                    reader.refuse("\(row).year", "Choose the financial year")
                }
            case (_?, nil):
                if reader.form.optional("\(row).amount") == nil {
                    reader.refuse("\(row).amount", "Enter the amount in pounds")
                }
            case (nil, nil): break
            }
        }
        return lines
    }

    private static func aims(_ reader: inout Form.Reader) -> [Programme.Aim] {
        var aims: [Programme.Aim] = []
        for number in reader.form.rows("aims") {
            let row = "aims.\(number)"
            let aim = reader.form["\(row).aim"]
            let code = reader.form["\(row).indicatorCode"]
            let test: Programme.ValueTest? = reader.choice("\(row).test")
            guard !aim.isEmpty || !code.isEmpty || test != nil else { continue }
            if aim.isEmpty { reader.refuse("\(row).aim", "Say what the aim is") }
            if code.isEmpty { reader.refuse("\(row).indicatorCode", "Choose the measure that will show it") }
            if test == nil { reader.refuse("\(row).test", "Choose what this aim is for") }
            if let test { aims.append(Programme.Aim(aim: aim, indicatorCode: code, test: test)) }
        }
        return aims
    }

    static func screening(_ reader: inout Form.Reader) -> SpendScreening {
        var screening = SpendScreening()
        screening.novel = reader.yesNo("screening.novel")
        screening.contentious = reader.yesNo("screening.contentious")
        screening.repercussive = reader.yesNo("screening.repercussive")
        screening.rationale = reader.form["screening.rationale"]
        return screening
    }

    /// A consent needs both its reference and its date.
    static func consent(_ reader: inout Form.Reader) -> ExternalConsent? {
        let reference = reader.form["consent.reference"]
        let date = reader.day("consent.date")
        if let date, !reference.isEmpty { return ExternalConsent(reference: reference, date: date) }
        if date != nil { reader.refuse("consent.reference", "Enter the reference of the consent") }
        if !reference.isEmpty, reader.form.optional("consent.date-day") == nil {
            reader.refuse("consent.date", "Enter the date of the consent")
        }
        return nil
    }
}
