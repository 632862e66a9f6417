import Foundation
import Testing

@testable import Domain

@Suite("Published figures")
struct IndicatorTests {
    private func rate(_ numerator: String, _ denominator: String, scale: Int = 100, decimals: Int = 1) -> String? {
        guard let part = ExactDecimal(numerator), let whole = ExactDecimal(denominator) else { return nil }
        return IndicatorFormula.rate(part, of: whole, scale: scale, decimals: decimals)?.description
    }

    @Test("Halves go up, where binary floating point and bankers' rounding go wrong")
    func halves() {
        #expect(rate("182", "1120") == "16.3")
        #expect(rate("115", "368") == "31.3")
        #expect(rate("7", "112") == "6.3", "scenario 11")
        #expect(rate("1", "8", decimals: 2) == "12.50")
        #expect(rate("125", "20000", scale: 10_000, decimals: 0) == "63")
        #expect(rate("0", "5") == "0.0")
        #expect(rate("5", "0") == nil)
        #expect(rate("4276.3", "36186.3") == "11.8", "counts with decimals")
    }

    @Test("Decimals are read exactly or not at all")
    func reading() {
        #expect(ExactDecimal("22.60") == ExactDecimal("22.6"))
        #expect(ExactDecimal("22.60").hashValue == ExactDecimal("22.6").hashValue)
        for text in [
            "", "-", ".5", "5.", "1e3", "c", "x", "1,000", " 1", "+1", "--1", "1.2.3", "1234567890123", "0.1234567",
        ] {
            #expect(ExactDecimal(text) == nil, "\(text)")
        }
        #expect(ExactDecimal("-0.5")?.rounded(to: 0).description == "-1")
        #expect((ExactDecimal("0.05")! - ExactDecimal("1")!).description == "-0.95")
        #expect(ExactDecimal("9.5")! < ExactDecimal("9.51")!)
    }

    @Test("Counts are pooled, rates are never averaged; what has no count is left out and counted")
    func pooled() {
        func count(_ units: Int) -> ExactDecimal { ExactDecimal(units: units) }
        let pooled = IndicatorFormula.pooled(
            [(count(1), count(10)), (count(50), count(100)), (nil, count(7)), (count(3), nil)], scale: 100, decimals: 1)
        #expect(pooled.rate?.description == "46.4")
        #expect(pooled.included == 2 && pooled.excluded == 2)
        #expect(IndicatorFormula.pooled([], scale: 100, decimals: 1).rate == nil)
    }

    @Test("Letters are not nought and not nothing")
    func letters() {
        #expect(FigureStatus.allCases.compactMap(\.letter).count == FigureStatus.allCases.count - 1)
        #expect(Set(FigureStatus.allCases.compactMap(\.letter)).count == FigureStatus.allCases.count - 1)
        #expect(FigureStatus.allCases.compactMap(\.letter).allSatisfy { ExactDecimal($0) == nil })
    }

    static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/data/golden/indicator_checks.csv")

    @Test(
        "Every published figure of the golden file is reproduced from its counts",
        .enabled(
            if: FileManager.default.fileExists(atPath: golden.path), "the shared data are not beside the repository"))
    func goldenFile() throws {
        let rows = csv(try String(contentsOf: Self.golden, encoding: .utf8))
        let columns = Dictionary(uniqueKeysWithValues: try #require(rows.first).enumerated().map { ($1, $0) })
        func cell(_ row: [String], _ name: String) -> String { columns[name].map { row[$0] } ?? "" }
        var exact = 0
        var letters = 0
        for row in rows.dropFirst() {
            guard cell(row, "recompute") == "exact" else {
                #expect(
                    [cell(row, "numerator"), cell(row, "denominator"), cell(row, "published")].contains {
                        ExactDecimal($0) == nil
                    },
                    "\(row)")
                letters += 1
                continue
            }
            let decimals = try #require(Int(cell(row, "decimals")))
            let computed = rate(
                cell(row, "numerator"), cell(row, "denominator"), scale: try #require(Int(cell(row, "scale"))),
                decimals: decimals)
            // The published column went through binary floating point on its way here: 642.8 stands as
            // 642.79999999999995.
            let published = try #require(Double(cell(row, "published")))
            #expect(computed == String(format: "%.\(decimals)f", published), "\(row)")
            exact += 1
        }
        #expect(exact == 5600 && letters == 127, "\(exact) exact, \(letters) with letters")
    }
}

@Suite("Suppression")
struct SuppressionTests {
    /// Chance that is the same each time.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    @Test("Small counts go, and another with them; noughts and large ones stay where they can")
    func simple() {
        let released = Suppression.release([[3, 40], [20, 30]])
        #expect(released.cells[0][0] == nil)
        #expect(released.withheld >= 4, "one count, one of its row, one of its column, and the corner or totals")
        let plain = Suppression.release([[0, 40], [20, 5]])
        #expect(plain.withheld == 0 && plain.cells == [[0, 40], [20, 5]] && plain.total == 65)
        #expect(Suppression.release([[2]]).total == nil, "a total that is the small count itself")
        #expect(Suppression.release([]).withheld == 0)
    }

    @Test("A list with its total: one small count takes the next with it")
    func list() {
        let released = Suppression.release([[2], [7], [50]], shown: [.columns])
        #expect(released.cells == [[nil], [nil], [50]])
        #expect(released.columnTotals == [59])
        #expect(released.rowTotals.isEmpty && released.total == nil)
        // Without any total nothing can be subtracted.
        #expect(Suppression.release([[2], [7], [50]], shown: []).cells == [[nil], [7], [50]])
    }

    /// Tables of all shapes, with many small counts and noughts.
    static func tables(_ count: Int, rows: ClosedRange<Int>, columns: ClosedRange<Int>, most: Int) -> [[[Int]]] {
        var chance = Seeded(state: 7)
        return (0..<count).map { _ in
            let width = Int.random(in: columns, using: &chance)
            return (0..<Int.random(in: rows, using: &chance)).map { _ in
                (0..<width).map { _ in
                    switch Int.random(in: 0..<4, using: &chance) {
                    case 0: 0
                    case 1: Int.random(in: 1...4, using: &chance)
                    default: Int.random(in: 0...most, using: &chance)
                    }
                }
            }
        }
    }

    static let totals: [ShownTotals] = [[.rows, .columns, .all], [.columns], [.rows], [.rows, .columns], [.all], []]

    @Test(
        "No small count is released; what an outsider can work out is never narrower than the rule", arguments: totals)
    func intervals(shown: ShownTotals) {
        for counts in Self.tables(150, rows: 1...7, columns: 1...6, most: 60) {
            let released = Suppression.release(counts, shown: shown)
            for (row, line) in counts.enumerated() {
                for (column, count) in line.enumerated() where (1...4).contains(count) {
                    #expect(released.cells[row][column] == nil)
                }
            }
            for total in released.rowTotals + released.columnTotals + [released.total] {
                if let total { #expect(!(1...4).contains(total)) }
            }
            for (key, interval) in Suppression.audit(counts, released, shown: shown) {
                #expect(interval.count >= 4, "\(key) of \(counts) is known to lie in \(interval)")
            }
        }
    }

    /// One equation in exact fractions: what is not known, and what it comes to.
    typealias Equation = [Int: (Int, Int)]

    @Test("No sum or difference of what is released gives a withheld count away", arguments: totals)
    func linear(shown: ShownTotals) {
        for counts in Self.tables(120, rows: 1...6, columns: 1...5, most: 40) {
            let released = Suppression.release(counts, shown: shown)
            let (rows, columns) = (counts.count, counts[0].count)
            // Unknowns: cells, row totals, column totals, the total. Known ones are taken as zero: only whether one
            // is determined counts.
            func unknown(_ index: Int) -> Bool {
                if index < rows * columns { return released.cells[index / columns][index % columns] == nil }
                if index < rows * columns + rows {
                    return !shown.contains(.rows) || released.rowTotals[index - rows * columns] == nil
                }
                if index < rows * columns + rows + columns {
                    return !shown.contains(.columns) || released.columnTotals[index - rows * columns - rows] == nil
                }
                return !shown.contains(.all) || released.total == nil
            }
            let size = rows * columns + rows + columns + 1
            var matrix: [[Double]] = []
            for row in 0..<rows {
                var line = [Double](repeating: 0, count: size)
                for column in 0..<columns { line[row * columns + column] = 1 }
                line[rows * columns + row] = -1
                matrix.append(line)
            }
            for column in 0..<columns {
                var line = [Double](repeating: 0, count: size)
                for row in 0..<rows { line[row * columns + column] = 1 }
                line[rows * columns + rows + column] = -1
                matrix.append(line)
            }
            var sum = [Double](repeating: 0, count: size)
            for row in 0..<rows { sum[rows * columns + row] = 1 }
            sum[size - 1] = -1
            matrix.append(sum)
            for index in matrix.indices { for place in 0..<size where !unknown(place) { matrix[index][place] = 0 } }
            for target in 0..<size where unknown(target) {
                guard target < rows * columns || isShown(target, rows, columns, shown) else { continue }
                #expect(!isDetermined(target, matrix), "\(target) of \(counts)")
            }
        }
    }

    private func isShown(_ index: Int, _ rows: Int, _ columns: Int, _ shown: ShownTotals) -> Bool {
        if index < rows * columns + rows { return shown.contains(.rows) }
        return index < rows * columns + rows + columns ? shown.contains(.columns) : shown.contains(.all)
    }

    /// Whether the unit vector lies in the space of the equations: then some combination gives the count away.
    private func isDetermined(_ target: Int, _ matrix: [[Double]]) -> Bool {
        var rows = matrix
        var rank = 0
        for column in 0..<(rows.first?.count ?? 0) where column != target {
            guard let pivot = (rank..<rows.count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-9
            else { continue }
            rows.swapAt(rank, pivot)
            for other in rank + 1..<rows.count where abs(rows[other][column]) > 1e-12 {
                let factor = rows[other][column] / rows[rank][column]
                for place in rows[other].indices { rows[other][place] -= factor * rows[rank][place] }
            }
            rank += 1
            if rank == rows.count { return false }
        }
        return rows[rank...].contains { abs($0[target]) > 1e-9 }
    }

    @Test(
        "Small tables, every other table that fits what is released tried out: each withheld count could be four things at least"
    )
    func bruteForce() {
        for counts in Self.tables(60, rows: 2...2, columns: 2...2, most: 9) {
            let released = Suppression.release(counts)
            guard released.withheld > 0 else { continue }
            var possible: [Set<Int>] = Array(repeating: [], count: 4)
            let most = 15
            for a in 0...most {
                for b in 0...most {
                    for c in 0...most {
                        for d in 0...most {
                            let cells = [a, b, c, d]
                            let shown = released.cells.flatMap(\.self)
                            guard zip(cells, shown).allSatisfy({ $1 == nil ? $0 >= 1 : $0 == $1! }) else { continue }
                            func fits(_ sum: Int, _ told: Int?) -> Bool { told.map { $0 == sum } ?? (sum >= 1) }
                            guard fits(a + b, released.rowTotals[0]), fits(c + d, released.rowTotals[1]),
                                fits(a + c, released.columnTotals[0]), fits(b + d, released.columnTotals[1]),
                                fits(a + b + c + d, released.total)
                            else { continue }
                            for index in 0..<4 { possible[index].insert(cells[index]) }
                        }
                    }
                }
            }
            for index in 0..<4 where released.cells[index / 2][index % 2] == nil {
                #expect(possible[index].count >= 4, "\(counts) \(possible[index].sorted())")
            }
        }
    }
}
