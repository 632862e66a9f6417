import Foundation
import Testing

@testable import Domain

/// The catalogue as it ships.
let returnRules: [ReturnRule] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../sql/reference/return_rules.csv")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return csv(text).dropFirst().compactMap { cells in
        guard cells.count == 7, let code = ReturnRule.Code(rawValue: cells[0]),
            let severity = ReturnRule.Severity(rawValue: cells[1])
        else { return nil }
        return ReturnRule(
            code: code, severity: severity, number: ExactDecimal(cells[2]), sentence: cells[4], fix: cells[5])
    }
}()

/// Comma-separated text, read the simple way.
func csv(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var quoted = false
    var rest = Substring(text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text)
    while let character = rest.popFirst() {
        switch character {
        case "\"" where quoted && rest.first == "\"":
            rest.removeFirst()
            cell.append("\"")
        case "\"": quoted.toggle()
        case "," where !quoted:
            row.append(cell)
            cell = ""
        case "\n" where !quoted, "\r\n" where !quoted:
            rows.append(row + [cell])
            (row, cell) = ([], "")
        default: cell.append(character)
        }
    }
    return cell.isEmpty && row.isEmpty ? rows : rows + [row + [cell]]
}

private let rereferrals = ReturnIndicator(
    code: "REREF", version: 1, name: "Re-referrals", numerator: "Re-referrals", denominator: "Referrals",
    unit: .percent,
    decimals: 1, scale: 100, plausible: (ExactDecimal(units: 0), ExactDecimal(units: 100)),
    spread: (ExactDecimal(units: 203_745, places: 4), ExactDecimal(units: 50_854, places: 4)), isPrimary: true)
private let costs = ReturnIndicator(
    code: "UC_CLA", version: 1, name: "Weekly cost", numerator: "Spend", denominator: "Children", unit: .poundsPerWeek,
    decimals: 0, scale: 0)

private func needs(last: ReturnNeeds.Last? = nil) -> ReturnNeeds {
    ReturnNeeds(
        indicators: [rereferrals, costs], rules: returnRules, period: "1 April 2026 to 30 June 2026",
        award: Money(pounds: 100_000), last: last)
}

/// Everything said, nothing unusual.
private var complete: ReturnContent {
    var content = ReturnContent()
    var value = ReturnContent.Value("REREF")
    (value.numerator, value.denominator) = ("22", "100")
    var cost = ReturnContent.Value("UC_CLA")
    cost.missingReason = .notYetAvailable
    content.outcomes.values = [value, cost]
    content.reach.peopleReached = 40
    content.reach.ofWhichTarget = 30
    content.spend.period = Money(pounds: 10_000)
    content.spend.toDate = Money(pounds: 10_000)
    content.spend.forecast = Money(pounds: 100_000)
    content.learning.evaluatorAccess = true
    return content
}

@Suite("Monitoring returns")
struct ReturnTests {
    @Test("The catalogue has a row for every rule, and no other")
    func catalogue() {
        #expect(Set(returnRules.map(\.code)) == Set(ReturnRule.Code.allCases))
        #expect(returnRules.count == ReturnRule.Code.allCases.count)
        for rule in returnRules {
            #expect(rule.sentence.last == ".", "\(rule.code)")
            #expect(rule.fix.last == ".", "\(rule.code)")
        }
    }

    @Test("A complete return has no problems; a blank one has some wherever something is always needed")
    func completeness() {
        #expect(complete.findings(needs()).isEmpty)
        for section in [ReturnSection.outcomes, .reach, .spend, .learning] {
            #expect(!ReturnContent().problems(in: section, needs()).isEmpty, "\(section)")
            #expect(ReturnContent().progress(of: section, needs()) == .notStarted)
            #expect(complete.progress(of: section, needs()) == .complete)
        }
        for section in ReturnSection.allCases {
            #expect(ReturnContent().storageProblems(in: section).isEmpty, "a blank draft can be saved")
        }
    }

    /// One change to a complete return, and the one finding that must come of it.
    struct Spoil: Sendable, CustomTestStringConvertible {
        let rule: ReturnRule.Code
        let field: String
        let last: ReturnNeeds.Last?
        let change: @Sendable (inout ReturnContent) -> Void
        var testDescription: String { "\(rule.rawValue) at \(field)" }
        init(
            _ rule: ReturnRule.Code, _ field: String, last: ReturnNeeds.Last? = nil,
            _ change: @escaping @Sendable (inout ReturnContent) -> Void
        ) {
            self.rule = rule
            self.field = field
            self.last = last
            self.change = change
        }
    }

    static let before = ReturnNeeds.Last(
        period: "1 January 2026 to 31 March 2026", values: ["REREF": ExactDecimal(units: 200, places: 1)],
        spendToDate: Money(pounds: 4_000))

    static let spoils: [Spoil] = [
        Spoil(.valueOrReason, "outcomes.REREF.numerator") { $0.outcomes.values[0] = ReturnContent.Value("REREF") },
        Spoil(.valueOrReason, "outcomes.UC_CLA.value") { $0.outcomes.values[1].missingReason = nil },
        Spoil(.valueAndReason, "outcomes.REREF.missingReason") { $0.outcomes.values[0].missingReason = .refused },
        Spoil(.numberReadable, "outcomes.REREF.denominator") { $0.outcomes.values[0].denominator = "1oo" },
        Spoil(.countsTogether, "outcomes.REREF.denominator") { $0.outcomes.values[0].denominator = "" },
        Spoil(.countsTogether, "outcomes.REREF.numerator") { $0.outcomes.values[0].numerator = "" },
        Spoil(.denominatorPositive, "outcomes.REREF.denominator") {
            $0.outcomes.values[0].numerator = "0"
            $0.outcomes.values[0].denominator = "0"
        },
        Spoil(.numeratorWithinDenominator, "outcomes.REREF.numerator") { $0.outcomes.values[0].numerator = "101" },
        Spoil(.numeratorWithinDenominator, "outcomes.REREF.numerator") { $0.outcomes.values[0].numerator = "-1" },
        Spoil(.valueAgrees, "outcomes.REREF.value") { $0.outcomes.values[0].value = "22.1" },
        Spoil(.plausibleBand, "outcomes.REREF.numerator") { $0.outcomes.values[0].numerator = "36" },
        Spoil(.smallNumbers, "outcomes.REREF.numerator") {
            $0.outcomes.values[0].numerator = "4"
            $0.outcomes.values[0].denominator = "20"
        },
        Spoil(.changedMuch, "outcomes.REREF.comment", last: before) {
            $0.outcomes.values[0].numerator = "27"
            $0.spend.toDate = Money(pounds: 14_000)
        },
        Spoil(.reachGiven, "reach.peopleReached") { $0.reach.peopleReached = nil },
        Spoil(.reachedAtLeastTarget, "reach.ofWhichTarget") { $0.reach.ofWhichTarget = 41 },
        Spoil(.spendGiven, "spend.forecast") { $0.spend.forecast = nil },
        Spoil(.spendToDateMonotone, "spend.toDate", last: before) { $0.spend.toDate = Money(pounds: 3_999) },
        Spoil(.spendAddsUp, "spend.toDate", last: before) { $0.spend.toDate = Money(pounds: 14_001) },
        Spoil(.forecastCoversSpend, "spend.forecast") { $0.spend.forecast = Money(pounds: 9_999) },
        Spoil(.varianceExplained, "spend.varianceReason") { $0.spend.forecast = Money(pounds: 110_001) },
        Spoil(.milestoneComplete, "milestones.lines.0.title") {
            var line = ReturnContent.Milestone()
            line.code = "M1"
            $0.milestones.lines = [line]
        },
        Spoil(.milestoneCodeOnce, "milestones.lines.1.code") {
            var line = ReturnContent.Milestone()
            (line.code, line.title, line.planned, line.rating) = ("M1", "Open", Day("2026-05-01"), .green)
            $0.milestones.lines = [line, line]
        },
        Spoil(.riskComplete, "risks.lines.0.category") { $0.risks.lines = [ReturnContent.Risk()] },
        Spoil(.evaluatorAccessSaid, "learning.evaluatorAccess") { $0.learning.evaluatorAccess = nil },
        Spoil(.evaluatorWithoutAccess, "learning.confirmation") { $0.learning.evaluatorAccess = false },
    ]

    @Test("One cause, one message, at its field", arguments: spoils)
    func oneMessage(spoil: Spoil) {
        var content = complete
        spoil.change(&content)
        let found = content.findings(needs(last: spoil.last))
        #expect(found.map(\.rule) == [spoil.rule], "\(found.map(\.sentence))")
        #expect(found.first?.field == spoil.field)
        let sentence = found.first?.sentence ?? ""
        #expect(!sentence.contains("{") && !sentence.contains("}"), "\(sentence)")
        #expect(found.first?.blocks == (found.first?.severity != .beta))
    }

    @Test("A soft finding that is answered blocks no more, and keeps its reason")
    func answered() {
        var content = complete
        content.outcomes.values[0].numerator = "36"
        content.outcomes.values[0].confirmation = " A backlog was cleared. "
        content.spend.forecast = Money(pounds: 120_000)
        content.spend.varianceReason = "Rents rose."
        let found = content.findings(needs())
        #expect(found.map(\.rule) == [.plausibleBand, .varianceExplained])
        #expect(found.map(\.reason) == ["A backlog was cleared.", "Rents rose."])
        #expect(content.problems(needs()).isEmpty)
    }

    @Test("A change of exactly the share passes; the words name both figures and both periods")
    func changes() {
        var content = complete
        content.spend.toDate = Money(pounds: 14_000)
        content.outcomes.values[0].numerator = "26"  // 26.0 against 20.0 is 30 %
        #expect(content.findings(needs(last: Self.before)).isEmpty)
        content.outcomes.values[0].numerator = "27"
        let sentence = content.findings(needs(last: Self.before)).first?.sentence ?? ""
        #expect(sentence == "Re-referrals: 27.0 differs by 35% from 20.0 in 1 January 2026 to 31 March 2026.")
        content.spend.toDate = Money(pounds: 3_000)
        let spend = content.findings(in: .spend, needs(last: Self.before)).first?.sentence ?? ""
        #expect(
            spend
                == "Spend to date is £3,000 in 1 April 2026 to 30 June 2026, less than £4,000 in 1 January 2026 to 31 March 2026."
        )
    }

    @Test("A rule that the catalogue does not have is not in force; one that is softened no longer blocks")
    func severities() {
        var content = complete
        content.reach.ofWhichTarget = 41
        func blocked(_ change: (ReturnRule) -> ReturnRule?) -> Bool {
            let needs = ReturnNeeds(
                indicators: [rereferrals, costs], rules: returnRules.compactMap(change), period: "", award: nil,
                last: nil)
            return !content.problems(needs).isEmpty
        }
        #expect(blocked { $0 })
        #expect(!blocked { $0.code == .reachedAtLeastTarget ? nil : $0 })
        #expect(
            !blocked {
                $0.code == .reachedAtLeastTarget
                    ? ReturnRule(code: $0.code, severity: .beta, sentence: $0.sentence, fix: $0.fix) : $0
            })
    }

    @Test("The digest changes with every answer")
    func canonical() {
        var texts: Set<String> = [complete.canonicalText]
        let changes: [(inout ReturnContent) -> Void] = [
            { $0.outcomes.values[0].numerator = "23" }, { $0.outcomes.values[0].comment = "x" },
            { $0.outcomes.values[0].status = .outturn }, { $0.outcomes.values[1].missingReason = .refused },
            { $0.reach.sitesLive = 1 }, { $0.reach.staffTrained = 1 }, { $0.spend.period = .zero },
            { $0.spend.confirmation = "x" }, { $0.spend.varianceReason = "x" }, { $0.learning.note = "x" },
            { $0.learning.confirmation = "x" }, { $0.milestones.lines = [ReturnContent.Milestone()] },
            { $0.risks.lines = [ReturnContent.Risk()] }, { $0.learning.burdenHours = 1 },
        ]
        for change in changes {
            var content = complete
            change(&content)
            #expect(texts.insert(content.canonicalText).inserted)
        }
        var other = complete
        other.outcomes.values.reverse()
        #expect(other.canonicalText == complete.canonicalText, "the order of indicators says nothing")
    }

    @Test("Duties of returns never meet those of the bid or of another return")
    func dutyVersions() {
        let numbers = (1...40).flatMap { sequence in
            (1...5).map { MonitoringReturn.dutyVersion(sequence: sequence, number: $0) }
        }
        #expect(Set(numbers).count == 200)
        #expect(numbers.allSatisfy { $0 > 999 })
    }
}

@Suite("Returns as sheets")
struct ReturnSheetTests {
    private var filled: ReturnContent {
        var content = complete
        content.outcomes.values[0].comment = "=SUM(A1:A2) was tried, \"honestly\",\nin two lines"
        content.outcomes.values[0].source = "-5 °C room"
        content.learning.note = "'quoted' ünïcödé 🧒🏽"
        content.reach.fidelityPercent = 80
        var line = ReturnContent.Milestone()
        (line.code, line.title, line.planned, line.rating) = ("M1", "Open the hub", Day("2026-05-01"), .amber)
        var risk = ReturnContent.Risk()
        (risk.category, risk.title, risk.likelihood, risk.impact) = (.data, "Late data", 3, 4)
        (risk.mitigation, risk.owner, risk.raised) = ("Chase it", "The analyst", Day("2026-04-20"))
        content.milestones.lines = [line]
        content.risks.lines = [risk, risk]
        return content
    }

    private func read(_ text: String, reference: String = "RET-2026-0001") -> SheetReading {
        ReturnSheet.read(
            csv(text).enumerated().map { (row: $0 + 1, cells: $1) }, reference: reference, needs: needs())
    }

    private func sheet(_ content: ReturnContent) -> ReturnSheet {
        ReturnSheet(reference: "RET-2026-0001", content: content, indicators: [rereferrals, costs])
    }

    @Test("Template, fill, read back: the same answers")
    func roundTrip() {
        let reading = read(sheet(filled).csv)
        #expect(reading.isReadable)
        #expect(reading.content == filled)
        #expect(read(sheet(ReturnContent()).csv).content.canonicalText != filled.canonicalText)
    }

    @Test("Blank rows, other columns, another order and blank lines between do not matter")
    func rearranged() {
        var rows = csv(sheet(filled).csv)
        let header = rows.removeFirst()
        rows.shuffle()
        let moved =
            [["", "answer", "", "id", "mine"]] + rows.flatMap { [["", $0[3], "", $0[0], "note"], ["", "", "", ""]] }
        _ = header
        let reading = ReturnSheet.read(
            moved.enumerated().map { (row: $0 + 1, cells: $1) }, reference: "RET-2026-0001", needs: needs())
        #expect(reading.content.canonicalText == filled.canonicalText)
        // Lines of a list that were left blank are no lines.
        var spaced = filled
        spaced.risks.lines = [ReturnContent.Risk(), filled.risks.lines[0]]
        let second = read(sheet(spaced).csv)
        #expect(second.content.risks.lines == [filled.risks.lines[0]])
    }

    /// A broken sheet, and exactly what must be said of it.
    struct Broken: Sendable, CustomTestStringConvertible {
        let name: String
        let change: @Sendable ([[String]]) -> [[String]]
        let expected: [String]
        var testDescription: String { name }
    }

    private static func answer(_ id: String, _ answer: String) -> @Sendable ([[String]]) -> [[String]] {
        { rows in rows.map { $0[0] == id ? [$0[0], $0[1], $0[2], answer] : $0 } }
    }

    static let broken: [Broken] = [
        Broken(
            name: "a formula", change: answer("reach.peopleReached", "=SUM(A1:A3)"),
            expected: ["17 D unreadable reach.peopleReached"]),
        Broken(
            name: "a formula that begins with a plus", change: answer("spend.period", "+1+1"),
            expected: ["22 D unreadable spend.period"]),
        Broken(
            name: "a formula that calls out", change: answer("learning.note", "@cmd"),
            expected: ["*unreadable learning.note"]),
        Broken(
            name: "no number", change: answer("reach.peopleReached", "forty"),
            expected: ["17 D unreadable reach.peopleReached"]),
        Broken(
            name: "no date", change: answer("milestones.lines.0.planned", "soon"),
            expected: ["*unreadable milestones.lines.0.planned"]),
        Broken(
            name: "no choice", change: answer("outcomes.REREF.missingReason", "dunno"),
            expected: ["*unreadable outcomes.REREF.missingReason"]),
        Broken(name: "another return", change: answer("return", "RET-2026-0002"), expected: ["2 D unreadable return"]),
        Broken(
            name: "an id of nothing", change: { $0 + [["reach.nothing", "", "", "5"]] },
            expected: ["*unreadable reach.nothing"]),
        Broken(
            name: "an id twice", change: { $0 + [["reach.peopleReached", "", "", "5"]] },
            expected: ["*unreadable reach.peopleReached"]),
        Broken(name: "no headings", change: { Array($0.dropFirst()) }, expected: ["1 A unreadable "]),
        Broken(name: "no reference", change: { $0.filter { $0[0] != "return" } }, expected: ["0 A unreadable "]),
        Broken(name: "nothing", change: { _ in [] }, expected: ["0 A unreadable "]),
        Broken(
            name: "a part that is more than the whole", change: answer("outcomes.REREF.numerator", "101"),
            expected: ["3 D blocks outcomes.REREF.numerator"]),
        Broken(
            name: "more of the target than in all", change: answer("reach.ofWhichTarget", "50"),
            expected: ["18 D blocks reach.ofWhichTarget"]),
        Broken(
            name: "an unusual figure", change: answer("outcomes.REREF.numerator", "36"),
            expected: ["3 D warns outcomes.REREF.numerator"]),
        Broken(
            name: "a line without its title", change: answer("milestones.lines.0.title", ""),
            expected: ["*blocks milestones.lines.0.title"]),
    ]

    @Test("A broken sheet gives exactly the expected messages: row, column, what", arguments: broken)
    func brokenSheet(sheet one: Broken) {
        let rows = one.change(csv(sheet(filled).csv))
        let reading = ReturnSheet.read(
            rows.enumerated().map { (row: $0 + 1, cells: $1) }, reference: "RET-2026-0001", needs: needs())
        let said = reading.messages.map { "\($0.row) \($0.column) \($0.kind.rawValue) \($0.id)" }
        #expect(said.count == one.expected.count, "\(said)")
        for (said, expected) in zip(said, one.expected) {
            if expected.hasPrefix("*") {
                #expect(said.hasSuffix(expected.dropFirst()), "\(said)")
            } else {
                #expect(said == expected)
            }
        }
        for message in reading.messages where message.row > 0 && message.kind != .unreadable {
            #expect(rows[message.row - 1].first == message.id, "the row is the one of its answer")
        }
        #expect(reading.messages.allSatisfy { !$0.sentence.isEmpty })
    }

    @Test("Ten thousand rows of rubbish are so many messages and nothing else")
    func large() {
        let rows = [ReturnSheet.header] + (0..<10_000).map { ["x\($0)", "", "", "\($0)"] }
        let reading = ReturnSheet.read(
            rows.enumerated().map { (row: $0 + 1, cells: $1) }, reference: "RET-2026-0001", needs: needs())
        #expect(!reading.isReadable)
        #expect(reading.messages.count == 10_001)
        #expect(reading.content == ReturnContent())
    }
}
