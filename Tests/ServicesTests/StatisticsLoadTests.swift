import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Published files, from their bytes to figures.
@Suite struct StatisticsLoadTests {
    static let shared = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data")
    static var isThere: Bool { FileManager.default.fileExists(atPath: shared.appending(path: "stats").path) }

    /// Hands over bytes in pieces of an awkward size.
    final class Pieces: @unchecked Sendable {
        private var rest: ArraySlice<UInt8>
        private let size: Int
        init(_ bytes: [UInt8], size: Int = 61) {
            rest = bytes[...]
            self.size = size
        }
        func next() -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    static func load(_ fund: Fund, _ text: String, file: String = "c1.csv", dryRun: Bool = false) async throws
        -> StatisticsReport
    {
        let pieces = Pieces(Array(text.utf8))
        return try await fund.operatorCore.statistics.load(file: file, dryRun: dryRun) { pieces.next() }
    }

    static let header =
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,category,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent,not_in_need_count,not_in_need_percent,referral_child_count,rereferral_child_count,rereferral_child_percent"

    /// A line of an authority.
    static func line(
        _ dfe: String, _ gss: String, _ name: String, _ referrals: String, _ again: String, _ percent: String
    ) -> String {
        "2025,Reporting year,Local authority,E92000001,England,E12000003,Yorkshire,\(dfe),\(gss),\"\(name)\",x,\(referrals),\(again),\(percent),1,1,1,1,1,1,1"
    }

    @Test("Byte-order mark, quotes, letters, joint rows, moved codes and unknown areas; the same again changes nothing")
    func small() async throws {
        try await withFund { fund in
            let text =
                "\u{feff}" + Self.header + "\r\n"
                + [
                    Self.line("370", "E08000016", "Barnsley", "112", "7", "6.3"),
                    Self.line("373", "E08000039", "Sheffield", "c", "c", "c"),
                    Self.line("314 / 318", "E09000021 / E09000027", "Kingston, with Richmond", "200", "20", "10"),
                    Self.line("999", "E06999999", "Nowhere", "1", "1", "100"),
                    Self.line("909", "E10000006", "Cumbria", "x", "x", "x"),
                ].joined(separator: "\r\n")
            let dry = try await Self.load(fund, text, dryRun: true)
            #expect(dry.content.added == 16 && dry.content.accepted)
            #expect(try await fund.value("select count(*) from public.statistic", as: Int.self) == 0)
            let report = try await Self.load(fund, text)
            #expect(report.content.format == "c1" && report.content.rows == 5 && report.content.unmatched == 4)
            #expect(report.content.jointAreas == ["314+318"])
            #expect(report.content.letters?["c"] == 2 && report.content.letters?["x"] == 2, "\(report.json)")
            let change = report.content.gssChanges?.first { $0.dfeCode == "370" }
            #expect(change?.inFile == "E08000016" && change?.onRecord == "E08000038", "scenario 9")
            #expect(
                try await fund.value("select count(*) from public.organisation where name = 'Barnsley'", as: Int.self)
                    == 1,
                "no second authority")
            let again = try await Self.load(fund, text)
            #expect(again.content.unchanged == 16 && !again.content.changedAnything)
            #expect(try await fund.value("select count(*) from public.statistics_load", as: Int.self) == 1)
            #expect(
                try await fund.value("select count(*) from audit.event where action = 'statistics.load'", as: Int.self)
                    == 1)
            // What people see: the letter, never nought.
            let actor = try await fund.actor(.laEditor, in: try await fund.authority("370"))
            let figures = try await fund.core.statistics.indicator(actor, "REREF")
            let byCode = Dictionary(uniqueKeysWithValues: figures.figures.map { ($0.areaCode, $0) })
            #expect(byCode["370"]?.text == "6.3", "scenario 11")
            #expect(byCode["373"]?.text == "c" && byCode["373"]?.figure == nil, "scenario 10")
            #expect(byCode["373"]?.status == .suppressed && byCode["909"]?.status == .notAvailable)
            #expect(byCode["314+318"]?.geography == "joint")
            #expect(figures.pooled?.authorities == 1 && figures.pooled?.excluded == 2)
            #expect(figures.loads.count == 1)
            // A correction is a later row.
            let corrected = try await Self.load(
                fund, text.replacing("112,7,6.3", with: "112,8,7.1"), file: "c1-corrected.csv")
            #expect(corrected.content.changed == 1 && corrected.content.added == 0)
            #expect(corrected.content.changes?.first?.before == "7 / 112 / 6.3")
            #expect(
                try await fund.core.statistics.indicator(actor, "REREF").figures.first { $0.areaCode == "370" }?.text
                    == "7.1")
            let own = try await fund.core.statistics.authority(actor, try await fund.authority("373"))
            #expect(own.rows.first { $0.code == "REREF" }?.own == "c")
        }
    }

    @Test("A file that is none of ours, or is broken, changes nothing and says where")
    func broken() async throws {
        try await withFund { fund in
            let good = Self.header + "\n" + Self.line("370", "E08000038", "Barnsley", "112", "7", "6.3") + "\n"
            let cases: [(String, String)] = [
                ("", "empty_file"), ("a,b,c\n1,2,3\n", "unknown_format"),
                (good + "2025,Reporting year\n", "ragged_line"),
                (good + "\"", "no_table"),
            ]
            for (text, code) in cases {
                #expect(try await refusal { try await Self.load(fund, text) }?.code == code, "\(code)")
            }
            let bytes = Array(good.utf8) + [0xE9, 0x0A]
            let pieces = Pieces(bytes)
            #expect(
                try await refusal { try await fund.operatorCore.statistics.load(file: "x") { pieces.next() } }?.code
                    == "no_text")
            let report = try await Self.load(
                fund, good + Self.line("371", "E08000017", "Doncaster", "1,2", "7", "6.3").replacing("1,2", with: "12a")
            )
            #expect(!report.content.accepted)
            #expect(report.content.problems?.first?.line == 3)
            #expect(report.content.problems?.first?.column == "referral_count", "\(report.json)")
            let twice = try await Self.load(fund, good + Self.line("370", "E08000038", "Barnsley", "112", "9", "8.0"))
            #expect(
                twice.content.problems?.contains { $0.sentence.contains("line 2 gave it first") } == true,
                "\(twice.json)")
            for table in ["statistic", "statistics_load", "statistic_staging"] {
                let left = try await fund.value("select count(*) from public.statistic_staging", as: Int.self)
                #expect(left == 0, "\(table)")
            }
            #expect(try await fund.value("select count(*) from public.statistic", as: Int.self) == 0)
            // Only the operator loads.
            let pieces2 = Pieces(Array(good.utf8))
            await #expect(throws: (any Error).self) {
                try await fund.core.statistics.load(file: "x") { pieces2.next() }
            }
        }
    }

    @Test("Text is read piece by piece, whatever the pieces")
    func pieces() throws {
        let text = "\u{feff}a,\"b \"\"q\"\"\",c\r\n\"two\nlines\",,x\n\n last,\"\",\"é\""
        var all: [[DelimitedText.Record]] = []
        for size in [1, 2, 3, 7, 1000] {
            var reader = DelimitedText()
            var records: [DelimitedText.Record] = []
            let pieces = Pieces(Array(text.utf8), size: size)
            while let piece = pieces.next() { try reader.take(piece) { records.append($0) } }
            try reader.finish { records.append($0) }
            all.append(records)
        }
        #expect(Set(all).count == 1)
        #expect(all[0].map(\.cells) == [["a", "b \"q\"", "c"], ["two\nlines", "", "x"], [""], [" last", "", "é"]])
        #expect(all[0].map(\.line) == [1, 2, 4, 5])
    }

    static let files = [
        "c1_cin_referrals_rereferrals_2013_2025", "b1_children_in_need_2013_2025", "d3_cpp_subsequent_2013_2025",
        "d5_cpp_at31march_by_duration_2013_2025", "cla_number_and_rate_per_10k_2021_2025",
        "cla_placement_stability_2021_2025", "population_0_17_2012_2024", "csww_indicators_2017_2025",
        "lait_csc_indicators_long",
    ]

    static func loadShared(_ name: String, _ fund: Fund) async throws -> StatisticsReport {
        let bytes = [UInt8](try Data(contentsOf: shared.appending(path: "stats/\(name).csv")))
        let pieces = Pieces(bytes, size: 1 << 16)
        return try await fund.operatorCore.statistics.load(file: "\(name).csv") { pieces.next() }
    }

    @Test(
        "The department's own files: every golden figure from loaded counts, England pooled, the known extremes",
        .enabled(if: isThere, "the shared data are not beside the repository"))
    func shared() async throws {
        try await withFund { fund in
            for name in Self.files {
                let report = try await Self.loadShared(name, fund)
                #expect(
                    report.content.accepted && report.content.unmatched == 0,
                    "\(name): \(report.content.problems ?? [])")
                #expect((report.content.added ?? 0) > 1000, "\(name)")
            }
            for name in Self.files {
                #expect(try await Self.loadShared(name, fund).content.changedAnything == false, "\(name) again")
            }
            #expect(
                try await fund.value("select count(*) from public.statistics_load", as: Int.self) == Self.files.count)
            try await Self.golden(fund)
            let actor = try await fund.actor(.laEditor, in: try await fund.authority("370"))
            let referrals = try await fund.core.statistics.indicator(actor, "REREF", period: "2025")
            #expect(referrals.pooled?.figure == "22.6" && referrals.pooled?.numerator == "142897")
            #expect(referrals.pooled?.denominator == "632828" && referrals.pooled?.authorities == 153)
            let care = try await fund.core.statistics.indicator(actor, "CLA_R", period: "2025").figures
                .filter { $0.geography == "authority" }.compactMap { row in
                    row.figure.flatMap { Int($0) }.map { ($0, row.areaName) }
                }
            #expect(care.max { $0.0 < $1.0 }?.0 == 184 && care.max { $0.0 < $1.0 }?.1 == "Blackpool")
            #expect(care.map(\.0).min() == 27)
            let agreeing: Int = try await fund.value(
                """
                select count(*) from public.published_figure f
                join public.statistic_current l on l.format = 'lait' and l.indicator_code = 'CIN_R' and l.period = '2025'
                    and l.area_code = f.area_code
                where f.indicator_code = 'CIN_R' and f.period = '2025' and f.geography = 'authority'
                    and f.figure = round(l.value, 1)
                """)
            #expect(agreeing == 153)
            let england = [
                "REREF": "22.6", "CIN_R": "330.3", "CPP_R": "40.6", "CPP2": "24.5", "CLA_R": "67", "PLAC3": "10",
                "PLACSTAB": "69",
                "CL_EET": "54", "CL_ACC": "89", "SDQ": "14.9", "S47_R": "189.3",
            ]
            for (code, figure) in england {
                let found: String = try await fund.value(
                    """
                    select figure::text from public.published_figure
                    where indicator_code = \(code) and period = '2025' and area_code = 'E92000001' and cohort = ''
                    """)
                #expect(found == figure, "\(code)")
            }
        }
    }

    /// Each row of the golden file, from the numerator and denominator that were loaded.
    private static func golden(_ fund: Fund) async throws {
        let codes = [
            "cin_31march_per10k": "CIN_R", "cla_31march_per10k": "CLA_R", "cla_ceased_per10k": "CLACEASE_R",
            "cla_started_per10k": "CLASTART_R", "cpp_subsequent_pct": "CPP2", "rereferral_12m_pct": "REREF",
        ]
        struct Loaded: Sendable {
            let key: String
            let numerator: ExactDecimal?
            let denominator: ExactDecimal?
        }
        let rows = try await fund.owner.transaction("golden") { tx in
            try tx.run(
                Statement<Loaded>(
                    "golden",
                    """
                    select indicator_code || ' ' || period || ' ' || area_code, numerator, denominator
                    from public.published_figure where geography = 'authority' and cohort = ''
                    """
                ) { row in try Loaded(key: row.read(), numerator: row.read(), denominator: row.read()) }.many)
        }
        let loaded = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0) })
        var reader = DelimitedText()
        var records: [DelimitedText.Record] = []
        try reader.take([UInt8](try Data(contentsOf: shared.appending(path: "golden/indicator_checks.csv")))) {
            records.append($0)
        }
        try reader.finish { records.append($0) }
        let columns = Dictionary(uniqueKeysWithValues: records[0].cells.enumerated().map { ($1, $0) })
        var (exact, suppressed, differ) = (0, 0, 0)
        for record in records.dropFirst() {
            func cell(_ name: String) -> String { columns[name].map { record.cells[$0] } ?? "" }
            let found = try #require(
                loaded["\(codes[cell("indicator")] ?? "") \(cell("period")) \(cell("dfe_code"))"], "\(record)")
            guard cell("recompute") == "exact" else {
                suppressed += 1
                continue
            }
            let decimals = try #require(Int(cell("decimals")))
            let published = String(format: "%.\(decimals)f", try #require(Double(cell("published"))))
            let computed = found.numerator.flatMap { part in
                found.denominator.flatMap {
                    IndicatorFormula.rate(part, of: $0, scale: Int(cell("scale")) ?? 0, decimals: decimals)
                }
            }
            if computed?.description == published { exact += 1 } else { differ += 1 }
        }
        #expect(
            differ == 0 && exact == 5600 && suppressed == 127,
            "\(exact) exact, \(suppressed) with letters, \(differ) differ")
    }
}
