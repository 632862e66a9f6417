import Domain
import Services

/// The six sections of a return as forms: content to answers and back. Blank rows are dropped on the way back.
enum ReturnSectionForms {
    /// A section's content as a form shows it.
    static func form(_ section: ReturnSection, _ content: ReturnContent) -> Form {
        var form = FormWriter()
        switch section {
        case .outcomes: for value in content.outcomes.values { put(value, &form) }
        case .reach:
            form.put("reach.peopleReached", content.reach.peopleReached)
            form.put("reach.ofWhichTarget", content.reach.ofWhichTarget)
            form.put("reach.sitesLive", content.reach.sitesLive)
            form.put("reach.staffTrained", content.reach.staffTrained)
            form.put("reach.fidelityPercent", content.reach.fidelityPercent)
        case .spend:
            form.put("spend.period", content.spend.period)
            form.put("spend.toDate", content.spend.toDate)
            form.put("spend.forecast", content.spend.forecast)
            form.put("spend.varianceReason", content.spend.varianceReason)
            form.put("spend.confirmation", content.spend.confirmation)
        case .milestones:
            for (index, line) in content.milestones.lines.enumerated() { put(line, "milestones.lines.\(index)", &form) }
        case .risks: for (index, line) in content.risks.lines.enumerated() { put(line, "risks.lines.\(index)", &form) }
        case .learning:
            form.put("learning.note", content.learning.note)
            form.put("learning.evaluatorAccess", content.learning.evaluatorAccess)
            form.put("learning.confirmation", content.learning.confirmation)
            form.put("learning.burdenHours", content.learning.burdenHours)
        }
        return form.form
    }

    private static func put(_ value: ReturnContent.Value, _ form: inout FormWriter) {
        let row = "outcomes.\(value.indicatorCode)"
        form.put("\(row).numerator", value.numerator)
        form.put("\(row).denominator", value.denominator)
        form.put("\(row).value", value.value)
        form.put("\(row).status", value.status)
        form.put("\(row).missingReason", value.missingReason)
        form.put("\(row).comment", value.comment)
        form.put("\(row).confirmation", value.confirmation)
        form.put("\(row).source", value.source)
    }

    private static func put(_ line: ReturnContent.Milestone, _ row: String, _ form: inout FormWriter) {
        form.row(row)
        form.put("\(row).code", line.code)
        form.put("\(row).title", line.title)
        form.put("\(row).planned", line.planned)
        form.put("\(row).forecast", line.forecast)
        form.put("\(row).actual", line.actual)
        form.put("\(row).rating", line.rating)
    }

    private static func put(_ line: ReturnContent.Risk, _ row: String, _ form: inout FormWriter) {
        form.row(row)
        form.put("\(row).category", line.category)
        form.put("\(row).title", line.title)
        form.put("\(row).likelihood", line.likelihood)
        form.put("\(row).impact", line.impact)
        form.put("\(row).proximity", line.proximity)
        form.put("\(row).mitigation", line.mitigation)
        form.put("\(row).owner", line.owner)
        form.put("\(row).raised", line.raised)
        form.put("\(row).closed", line.closed)
    }

    /// What a form says, as content, with a sentence for each answer that cannot be read.
    static func content(_ section: ReturnSection, _ form: Form, indicators: [ReturnIndicator]) -> (
        content: ReturnContent, problems: [FieldProblem]
    ) {
        var reader = Form.Reader(form)
        var content = ReturnContent()
        switch section {
        case .outcomes: for indicator in indicators { content.outcomes.set(value(indicator.code, &reader)) }
        case .reach:
            content.reach.peopleReached = reader.count("reach.peopleReached")
            content.reach.ofWhichTarget = reader.count("reach.ofWhichTarget")
            content.reach.sitesLive = reader.count("reach.sitesLive")
            content.reach.staffTrained = reader.count("reach.staffTrained")
            content.reach.fidelityPercent = reader.number(
                "reach.fidelityPercent", in: 0...100, "Enter a percentage from 0 to 100")
        case .spend:
            content.spend.period = reader.money("spend.period")
            content.spend.toDate = reader.money("spend.toDate")
            content.spend.forecast = reader.money("spend.forecast")
            content.spend.varianceReason = form["spend.varianceReason"]
            content.spend.confirmation = form["spend.confirmation"]
        case .milestones:
            content.milestones.lines = form.rows("milestones.lines").compactMap {
                milestone("milestones.lines.\($0)", &reader)
            }
        case .risks: content.risks.lines = form.rows("risks.lines").compactMap { risk("risks.lines.\($0)", &reader) }
        case .learning:
            content.learning.note = form["learning.note"]
            content.learning.evaluatorAccess = reader.yesNo("learning.evaluatorAccess")
            content.learning.confirmation = form["learning.confirmation"]
            content.learning.burdenHours = reader.count("learning.burdenHours")
        }
        return (content, reader.problems)
    }

    private static func value(_ code: String, _ reader: inout Form.Reader) -> ReturnContent.Value {
        let row = "outcomes.\(code)"
        var value = ReturnContent.Value(code)
        value.numerator = reader.form["\(row).numerator"]
        value.denominator = reader.form["\(row).denominator"]
        value.value = reader.form["\(row).value"]
        value.status = reader.choice("\(row).status") ?? .provisional
        value.missingReason = reader.choice("\(row).missingReason")
        value.comment = reader.form["\(row).comment"]
        value.confirmation = reader.form["\(row).confirmation"]
        value.source = reader.form["\(row).source"]
        return value
    }

    private static func milestone(_ row: String, _ reader: inout Form.Reader) -> ReturnContent.Milestone? {
        var line = ReturnContent.Milestone()
        line.code = reader.form["\(row).code"]
        line.title = reader.form["\(row).title"]
        line.planned = reader.day("\(row).planned")
        line.forecast = reader.day("\(row).forecast")
        line.actual = reader.day("\(row).actual")
        line.rating = reader.choice("\(row).rating")
        return line == ReturnContent.Milestone() ? nil : line
    }

    private static func risk(_ row: String, _ reader: inout Form.Reader) -> ReturnContent.Risk? {
        var line = ReturnContent.Risk()
        line.category = reader.choice("\(row).category")
        line.title = reader.form["\(row).title"]
        line.likelihood = reader.number("\(row).likelihood", in: 1...5, "Enter a number from 1 to 5")
        line.impact = reader.number("\(row).impact", in: 1...5, "Enter a number from 1 to 5")
        line.proximity = reader.form["\(row).proximity"]
        line.mitigation = reader.form["\(row).mitigation"]
        line.owner = reader.form["\(row).owner"]
        line.raised = reader.day("\(row).raised")
        line.closed = reader.day("\(row).closed")
        return line == ReturnContent.Risk() ? nil : line
    }
}
