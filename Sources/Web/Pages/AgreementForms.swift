import Domain
import Services

/// An agreement as a form, and back. Blank rows are dropped on the way back.
enum AgreementForms {
    static func form(_ agreement: Agreement) -> Form {
        var form = FormWriter()
        form.put("instrument", agreement.instrument)
        form.put("determinationNumber", agreement.determinationNumber)
        form.put("conditionality", agreement.conditionality)
        form.put("purpose", agreement.purpose)
        form.put("maximum", agreement.maximum)
        form.put("starts", agreement.starts)
        form.put("ends", agreement.ends)
        form.put("retrospectiveApproval", agreement.retrospectiveApproval)
        form.put("categories", all: agreement.categories.map(\.rawValue))
        form.put("ineligible", agreement.ineligible)
        form.put("frequency", agreement.frequency)
        form.put("mode", agreement.mode)
        form.put("advanceReason", agreement.advanceReason)
        put(agreement.instalments, &form)
        form.put("indicators", all: agreement.indicators)
        form.put("evaluationBudget", agreement.evaluationBudget)
        for (index, condition) in agreement.conditions.enumerated() {
            form.row("conditions.\(index)")
            form.put("conditions.\(index).code", condition.code)
            form.put("conditions.\(index).text", condition.text)
            form.put("conditions.\(index).kind", condition.kind)
            form.put("conditions.\(index).due", condition.due)
        }
        form.put("clauses", all: agreement.clauses.map(\.rawValue))
        return form.form
    }

    /// A schedule as rows; variations use the same.
    static func put(_ instalments: [Instalment], _ form: inout FormWriter) {
        for (index, instalment) in instalments.enumerated() {
            form.row("instalments.\(index)")
            form.put("instalments.\(index).dueOn", instalment.dueOn)
            form.put("instalments.\(index).amount", instalment.amount)
            form.put("instalments.\(index).kind", instalment.kind)
            form.put("instalments.\(index).milestone", instalment.milestone)
        }
    }

    static func content(_ form: Form) -> (content: Agreement, problems: [FieldProblem]) {
        var reader = Form.Reader(form)
        var agreement = Agreement()
        agreement.instrument = reader.choice("instrument")
        agreement.determinationNumber = form["determinationNumber"]
        agreement.conditionality = reader.choice("conditionality")
        agreement.purpose = form["purpose"]
        agreement.maximum = reader.money("maximum")
        agreement.starts = reader.day("starts")
        agreement.ends = reader.day("ends")
        agreement.retrospectiveApproval = form["retrospectiveApproval"]
        agreement.categories = reader.choices("categories")
        agreement.ineligible = form["ineligible"]
        agreement.frequency = reader.choice("frequency")
        agreement.mode = reader.choice("mode")
        agreement.advanceReason = form["advanceReason"]
        agreement.instalments = instalments(&reader)
        agreement.indicators = form.all("indicators").filter { !$0.isEmpty }
        agreement.evaluationBudget = reader.money("evaluationBudget")
        agreement.conditions = form.rows("conditions").compactMap { number in
            let row = "conditions.\(number)"
            var condition = Agreement.Condition()
            condition.code = form["\(row).code"]
            condition.text = form["\(row).text"]
            condition.kind = reader.choice("\(row).kind")
            condition.due = reader.day("\(row).due")
            return condition.code.isEmpty && condition.text.isEmpty ? nil : condition
        }
        agreement.clauses = reader.choices("clauses")
        return (agreement, reader.problems)
    }

    static func instalments(_ reader: inout Form.Reader) -> [Instalment] {
        var plan: [Instalment] = []
        for number in reader.form.rows("instalments") {
            let row = "instalments.\(number)"
            var instalment = Instalment()
            instalment.dueOn = reader.day("\(row).dueOn")
            instalment.amount = reader.money("\(row).amount")
            instalment.kind = reader.choice("\(row).kind") ?? .resource
            instalment.milestone = reader.choice("\(row).milestone") ?? .none
            if instalment.dueOn != nil || instalment.amount != nil { plan.append(instalment) }
        }
        return plan
    }

    // MARK: The fields

    /// What was approved for each year, which the schedule keeps to.
    static func approved(_ view: AgreementView) -> any Markup {
        Component.Table(
            caption: "What was approved for each year",
            columns: [.init("Year"), .init("Kind of money"), .init("Amount", numeric: true)],
            rows: view.years.map { Words.cells([$0.year.description, Words.label($0.kind), $0.amount.description]) },
            captionSize: .small, firstCellIsHeader: true)
    }

    static func questions(_ ask: Questions, _ view: AgreementView) -> [any Markup] {
        [
            ask.radios(
                "instrument", "Form of the agreement", Options.of(Agreement.Instrument.self) { Words.label($0) }),
            ask.text(
                "determinationNumber", "Number of the determination", hint: "For section 31, such as 31/7833",
                width: .ten),
            ask.radios(
                "conditionality", "Strings",
                Options.of(Programme.Conditionality.self) { Words.label($0) }),
            ask.area("purpose", "What the money is for"),
            ask.money("maximum", "Amount of the award"),
            ask.date("starts", "First day on which spending counts"),
            ask.date("ends", "Last day on which spending counts"),
            ask.text(
                "retrospectiveApproval", "Decision that lets earlier spending count",
                hint: "Only if the first day is before the agreement is signed."),
            Component.Heading("Spending"),
            ask.boxes(
                "categories", "Kinds of cost that count",
                BidContent.CostLine.Category.allCases.map { Component.Choice($0.rawValue, Words.label($0)) }),
            ask.area("ineligible", "What the money may not be spent on", rows: 3),
            ask.select(
                "frequency", "How often it is paid",
                [Component.Choice("", "Choose one")] + Options.of(Agreement.Frequency.self) { Words.label($0) }),
            ask.radios("mode", "Which comes first", Options.of(Agreement.PaymentMode.self) { Words.label($0) }),
            ask.area("advanceReason", "If payment comes first: why money is needed before it is spent", rows: 3),
            schedule(ask),
            Component.Heading("Evaluation and returns"),
            ask.boxes(
                "indicators", "Indicators that the authority reports",
                view.indicators.map { Component.Choice($0.code, Words.choice($0)) }),
            ask.money("evaluationBudget", "Of the award, for its evaluation"),
            conditions(ask),
            ask.boxes(
                "clauses", "Clauses of the agreement",
                hint: "All of them, unless somebody has allowed a departure.",
                Agreement.Clause.allCases.map { Component.Choice($0.rawValue, $0.title) }),
        ]
    }

    /// The schedule: what is paid when, and what each payment waits for.
    static func schedule(_ ask: Questions) -> any Markup {
        ask.list(
            "instalments", "Payments",
            hint:
                "After the first, each waits for an approved protocol or more. The last waits for the accepted final report and is at least a tenth.",
            add: "Add a payment", row: "Payment"
        ) { path, _ in
            [
                ask.date("\(path).dueOn", "Due"),
                ask.money("\(path).amount", "Amount"),
                ask.select("\(path).kind", "Kind of money", Options.of(BudgetLine.Kind.self) { Words.label($0) }),
                ask.select(
                    "\(path).milestone", "Paid once there is",
                    Options.of(EvaluationMilestone.self) { Words.label($0) }),
            ]
        }
    }

    private static func conditions(_ ask: Questions) -> any Markup {
        ask.list("conditions", "Conditions of this award alone", add: "Add a condition", row: "Condition", least: 0) {
            path, _ in
            [
                ask.text("\(path).code", "Code", hint: "Such as C1", width: .five),
                ask.area("\(path).text", "What must be done", rows: 3),
                ask.select(
                    "\(path).kind", "When",
                    [Component.Choice("", "Choose one")] + Options.of(Agreement.Condition.Kind.self) { Words.label($0) }
                ),
                ask.date("\(path).due", "By when, if there is a day"),
            ]
        }
    }
}
