import Domain
import Schema

/// What a protocol and a report of the demonstration are written from.
struct DemonstrationStudy: Sendable {
    /// Short name of its award.
    let key: String
    let title: String
    /// Code of the design, and of whom outcomes are compared with.
    let design: String
    let comparator: String
    let unit: String
    /// Groups that are allocated as one.
    let clusters: Int?
    /// How many were included: one number, or one for each group; empty where no source says it.
    let included: [Int]
    /// How many were analysed.
    let analysed: Int?
    let outcome: String
    let timePoint: String
    let measure: String
    let better: String
    /// Per cent in the two groups, and the difference; nil where no source gives a figure.
    let result: (treated: Double, control: Double, effect: String)?
    /// What was seen, in words, and what keeps one from saying more.
    let finding: String
    let caution: String
    /// Where it is registered: register, number, day; nil where it is not.
    let registration: (registry: Evaluation.Registry, number: String, on: Day?)?
    /// Day on which data collection began, where a source says it.
    let dataFrom: Day?
    /// Where the facts come from; nil for a study that is made up.
    let source: String?

    var isReal: Bool { source != nil }
    var isTrial: Bool { design.hasPrefix("rct") }
    /// Whether an effect is estimated: not without somebody to compare with.
    var estimatesImpact: Bool { comparator != "none" }

    /// Nobody of the demonstration is named as the author of a real study.
    var author: (name: String, organisation: String) {
        isReal ? ("As in the publication", "See the source") : ("Dr Miriam Stein", DemonstrationCast.evaluators)
    }

    /// Numbers of the groups: those that are published, else equal halves; of one group where nobody is compared with.
    func groups(of total: [Int]) -> [(name: String, number: Int)] {
        guard let first = total.first else { return [("Number not in the public summary", 0)] }
        if total.count > 1 { return [("Intervention", first), ("Usual service", total[1])] }
        guard estimatesImpact else { return [("Those who took part (losses not published)", first)] }
        return [("Intervention", first / 2), ("Usual service", first - first / 2)]
    }
}

extension DemonstrationStudy {
    /// The nine real evaluations, by the key of their award, from the file that ships with its sources.
    static func all() throws -> [String: DemonstrationStudy] {
        let lines = (Schema.reference("evaluations")?.text ?? "").split(whereSeparator: \.isNewline)
        guard let first = lines.first, lines.count > 1 else { throw DemonstrationError.badProjects }
        let names = DemonstrationProject.fields(first)
        let studies = try lines.dropFirst().map { line in
            let fields = DemonstrationProject.fields(line)
            guard fields.count == names.count else { throw DemonstrationError.badProjects }
            return DemonstrationStudy(Dictionary(zip(names, fields)) { first, _ in first })
        }
        return Dictionary(studies.map { ($0.key, $0) }) { first, _ in first }
    }

    /// From a row of that file.
    init(_ row: [String: String]) {
        func text(_ name: String) -> String { row[name] ?? "" }
        key = text("key")
        title = text("title")
        design = text("design")
        comparator = text("comparator")
        unit = text("unit")
        clusters = Int(text("clusters"))
        included = text("included").split(separator: "+").compactMap { Int($0) }
        analysed = Int(text("analysed"))
        outcome = text("outcome")
        timePoint = text("time_point")
        measure = text("measure")
        better = text("better")
        if let treated = Double(text("treated")), let control = Double(text("control")) {
            result = (treated, control, text("effect"))
        } else {
            result = nil
        }
        finding = text("finding")
        caution = text("caution")
        registration = Evaluation.Registry(rawValue: text("registry")).map {
            ($0, text("registration"), Day(text("registered_on")))
        }
        dataFrom = Day(text("data_from"))
        source = text("source").isEmpty ? nil : text("source")
    }

    /// A trial that is made up, of an award that is. One of them finds nothing.
    init(madeUp plot: DemonstrationPlot) {
        let (treated, finding) =
            plot.key == "homework"
            ? (52, "A year later support was still in place for about half of the families in both groups.")
            : (64, "A year later support was still in place for 64 in 100 families with the offer, and for 54 without.")
        self.init([
            "key": plot.key, "title": plot.title, "design": "rct_individual", "comparator": "business_as_usual",
            "unit": "family", "included": "900", "analysed": "840", "outcome": "Support that is still in place",
            "time_point": "12 months", "measure": "pp", "better": "higher", "treated": "\(treated)", "control": "54",
            "effect": "\(treated - 54)", "registry": "other", "registration": "TS-\(plot.key.uppercased())-1",
            "finding": finding, "caution": "One authority took part, and one year is short.",
        ])
    }
}
