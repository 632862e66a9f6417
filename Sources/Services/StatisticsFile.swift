import Domain

/// How the columns of one published file become figures: the series of its format, laid over its header.
struct StatisticsFile: Sendable {
    /// One series, as the catalogue has it.
    struct Series: Sendable {
        let code: String
        let format: String
        let layout: Layout
        let numerator: String
        let denominator: [String]
        let value: String
        let filters: [String: String]
        let denominatorFilters: [String: String]

        /// Every column that it needs.
        var columns: Set<String> {
            Set([numerator, value].filter { !$0.isEmpty } + denominator + filters.keys + denominatorFilters.keys)
        }
    }

    /// How areas and periods stand in a file.
    enum Layout: String, Sendable {
        /// The department's open-data layout.
        case ees
        /// The interactive tool's: indicator, period, dfe_code, area, value.
        case lait

        var columns: Set<String> {
            switch self {
            case .ees:
                [
                    "time_period", "geographic_level", "country_code", "country_name", "region_code", "region_name",
                    "old_la_code", "new_la_code", "la_name",
                ]
            case .lait: ["indicator", "period", "dfe_code", "area", "value"]
            }
        }
    }

    /// One figure, or one denominator that stands on a line of its own, ready for staging.
    struct Staged: Sendable, Hashable {
        let series: String
        let part: String
        let period: String
        let geography: String
        let dfeCode: String
        let gssCode: String
        let areaName: String
        let numerator: String
        let denominator: String
        let value: String
    }

    /// Which format the file has.
    let format: String
    private let layout: Layout
    private let series: [Series]
    private let columns: [String: Int]

    /// Recognises a file by its header; refuses what no format or more than one describes.
    init(header: [String], catalogue: [Series]) throws {
        let there = Set(header)
        let formats = Dictionary(grouping: catalogue, by: \.format).filter { _, series in
            series.allSatisfy { $0.columns.union($0.layout.columns).isSubset(of: there) }
        }
        guard formats.count == 1, let (format, series) = formats.first, let first = series.first else {
            let known = Set(catalogue.map(\.format)).sorted().joined(separator: ", ")
            throw Refusal(
                .invalid, code: "unknown_format",
                formats.isEmpty
                    ? "The header fits no format that is known here (\(known)). Check that it is the right file."
                    : "The header fits more than one format: \(formats.keys.sorted().joined(separator: ", ")).")
        }
        self.format = format
        self.series = series
        layout = first.layout
        columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// What one line carries. A line of another kind carries nothing.
    func staged(_ record: DelimitedText.Record) throws -> [Staged] {
        guard record.cells.count == columns.count else {
            throw Refusal(
                .invalid, code: "ragged_line",
                "Line \(record.line) has \(record.cells.count) cells where the header has \(columns.count). Nothing was loaded."
            )
        }
        func cell(_ column: String) -> String {
            guard let index = columns[column] else { return "" }
            return Self.trimmed(record.cells[index])
        }
        let area = area(cell)
        return series.compactMap { series in
            let part: String
            if series.filters.allSatisfy({ cell($0) == $1 }) {
                part = "figure"
            } else if !series.denominatorFilters.isEmpty, series.denominatorFilters.allSatisfy({ cell($0) == $1 }) {
                part = "denominator"
            } else {
                return nil
            }
            return Staged(
                series: series.code, part: part, period: area.period, geography: area.geography, dfeCode: area.dfe,
                gssCode: area.gss, areaName: area.name,
                numerator: series.numerator.isEmpty ? "" : cell(series.numerator),
                denominator: Self.sum(series.denominator.map(cell)),
                value: series.value.isEmpty ? "" : cell(series.value))
        }
    }

    private typealias Area = (period: String, geography: String, dfe: String, gss: String, name: String)

    private func area(_ cell: (String) -> String) -> Area {
        switch layout {
        case .ees:
            switch cell("geographic_level") {
            case "National": (cell("time_period"), "country", "", cell("country_code"), cell("country_name"))
            case "Regional": (cell("time_period"), "region", "", cell("region_code"), cell("region_name"))
            case "Local authority":
                (cell("time_period"), "authority", cell("old_la_code"), cell("new_la_code"), cell("la_name"))
            case let other: (cell("time_period"), other, "", "", cell("la_name"))
            }
        case .lait:
            if let gss = Self.toolAreas[cell("dfe_code")] {
                (Self.year(cell("period")), gss == "E92000001" ? "country" : "region", "", gss, cell("area"))
            } else {
                (Self.year(cell("period")), "authority", cell("dfe_code"), "", cell("area"))
            }
        }
    }

    /// The interactive tool's own codes for England and its regions.
    private static let toolAreas = [
        "970": "E92000001", "980": "E12000001", "981": "E12000002", "982": "E12000003", "983": "E12000004",
        "984": "E12000005", "985": "E12000006", "986": "E12000007", "987": "E13000001", "988": "E13000002",
        "989": "E12000008", "990": "E12000009",
    ]

    /// `2016-17 (OT)` is the year that ends in 2017.
    private static func year(_ period: String) -> String {
        let bytes = Array(period.utf8)
        guard bytes.count >= 7, bytes[4] == UInt8(ascii: "-") else { return period }
        return String(decoding: bytes[0..<2] + bytes[5..<7], as: UTF8.self)
    }

    /// Several counts added up; the first letter among them, where one is none.
    private static func sum(_ texts: [String]) -> String {
        guard texts.count > 1 else { return texts.first ?? "" }
        var sum = ExactDecimal(units: 0)
        for text in texts {
            guard let part = ExactDecimal(text) else { return text }
            sum = sum + part
        }
        return sum.description
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last,
            first == UInt8(ascii: " ") || last == UInt8(ascii: " ")
        else { return text }
        return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
