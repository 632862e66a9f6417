/// A table of counts with its totals, as it may be released: small counts are withheld, and so are others through
/// which they could be worked out. Pages, API and files all release tables through here.
///
/// Primary: a count from 1 to one below the threshold. Secondary: a count that is withheld to protect another. Both
/// show the same letter, so nobody can tell which is which. Zero stays zero: that nobody is counted is no secret
/// about anybody.
public struct SuppressedTable: Hashable, Sendable {
    /// Cells by row and column; nil is withheld.
    public let cells: [[Int?]]
    /// Totals of rows, where they are shown; nil is withheld.
    public let rowTotals: [Int?]
    /// Totals of columns, where they are shown.
    public let columnTotals: [Int?]
    /// The total of all, where it is shown.
    public let total: Int?
    /// How many are withheld.
    public let withheld: Int

    /// The letter in the place of what is withheld.
    public static let letter = "c"

    /// As a cell of a page or a file shows it.
    public static func text(_ count: Int?) -> String { count.map(String.init) ?? letter }
}

/// Which totals of a table are shown beside its cells.
public struct ShownTotals: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int
    /// A set of its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// The total of each row.
    public static let rows = ShownTotals(rawValue: 1)
    /// The total of each column.
    public static let columns = ShownTotals(rawValue: 2)
    /// The total of all.
    public static let all = ShownTotals(rawValue: 4)
}

/// Decides what of a table is released.
///
/// A table with totals is a flow: each cell runs from its row to its column, row totals feed the rows, column totals
/// drain the columns. What an outsider can work out about a withheld count is then how much more, or less, could have
/// flowed there: each withheld count is at least 1, since noughts are never withheld. A count is safe when that
/// leaves at least as many possible values as the rule hides, which also means that no sum or difference of what is
/// shown gives it away.
public enum Suppression {
    /// Withholds what must be. `counts` has rows of equal length; none is negative. `threshold` is the smallest count
    /// that is not small: 5 hides 1 to 4.
    public static func release(_ counts: [[Int]], shown: ShownTotals = [.rows, .columns, .all], threshold: Int = 5)
        -> SuppressedTable
    {
        let table = Table(counts, shown: shown, threshold: threshold)
        table.protect()
        return table.released
    }

    /// What an outsider can learn about each withheld count of a table: the least and the most that it can be. For
    /// tests and for the record of a release. Keys are `cell 0 1`, `row 0`, `column 1`, `total`.
    public static func audit(
        _ counts: [[Int]], _ released: SuppressedTable, shown: ShownTotals = [.rows, .columns, .all], threshold: Int = 5
    ) -> [String: ClosedRange<Int>] {
        let table = Table(counts, shown: shown, threshold: threshold)
        table.withhold(as: released)
        return table.intervals
    }

    /// How many values a withheld count must at least be able to have: as many as the rule hides.
    static func needed(_ threshold: Int) -> Int { max(threshold - 1, 2) }
}

/// The flow behind a table. Nodes: one for each row and column, and one for each side of the totals.
private final class Table {
    /// One count: an arc from a node to another.
    struct Arc {
        let key: String
        let from: Int
        let to: Int
        let count: Int
        /// Whether anybody is told. What is not shown may be anything from nought.
        let isShown: Bool
        var isWithheld = false

        /// Whether an outsider does not know it.
        var isUnknown: Bool { isWithheld || !isShown }
        /// The least that an outsider must reckon with.
        var floor: Int { isWithheld ? 1 : 0 }
    }

    private(set) var arcs: [Arc] = []
    private let rows: Int
    private let columns: Int
    private let threshold: Int
    /// Larger than any sum that occurs: as good as no bound.
    private let unbounded: Int
    private var touching: [[Int]]

    init(_ counts: [[Int]], shown: ShownTotals, threshold: Int) {
        rows = counts.count
        columns = counts.first?.count ?? 0
        self.threshold = threshold
        let rowSums = counts.map { $0.reduce(0, +) }
        let sum = rowSums.reduce(0, +)
        unbounded = 4 * (sum + threshold + 1)
        touching = Array(repeating: [], count: rows + columns + 2)
        let (source, sink) = (rows + columns, rows + columns + 1)
        for (row, line) in counts.enumerated() {
            for (column, count) in line.enumerated() {
                add(Arc(key: "cell \(row) \(column)", from: row, to: rows + column, count: count, isShown: true))
            }
        }
        for (row, total) in rowSums.enumerated() {
            add(Arc(key: "row \(row)", from: source, to: row, count: total, isShown: shown.contains(.rows)))
        }
        for column in 0..<columns {
            add(
                Arc(
                    key: "column \(column)", from: rows + column, to: sink, count: counts.reduce(0) { $0 + $1[column] },
                    isShown: shown.contains(.columns)))
        }
        add(Arc(key: "total", from: sink, to: source, count: sum, isShown: shown.contains(.all)))
    }

    private func add(_ arc: Arc) {
        touching[arc.from].append(arcs.count)
        touching[arc.to].append(arcs.count)
        arcs.append(arc)
    }

    /// Small counts first, then whatever protects them, until nothing that is withheld can be worked out.
    func protect() {
        for index in arcs.indices where arcs[index].isShown && (1..<max(threshold, 1)).contains(arcs[index].count) {
            arcs[index].isWithheld = true
        }
        while let exposed = arcs.indices.first(where: { arcs[$0].isWithheld && !isSafe($0) }) {
            let cover = cheapestCycle(through: exposed)
            // Withheld already, all of it: nothing is left to withhold.
            guard cover.contains(where: { !arcs[$0].isUnknown }) else { return }
            for index in cover { if arcs[index].isShown { arcs[index].isWithheld = true } }
        }
    }

    func withhold(as released: SuppressedTable) {
        for index in arcs.indices where arcs[index].isShown {
            let shown: Int? =
                index < rows * columns
                ? released.cells[index / columns][index % columns]
                : index < rows * columns + rows
                    ? released.rowTotals[index - rows * columns]
                    : index < arcs.count - 1 ? released.columnTotals[index - rows * columns - rows] : released.total
            arcs[index].isWithheld = shown == nil
        }
    }

    var intervals: [String: ClosedRange<Int>] {
        arcs.indices.filter { arcs[$0].isWithheld }.reduce(into: [:]) { known, index in
            let (less, more) = room(index, atMost: unbounded)
            known[arcs[index].key] = arcs[index].count - less...arcs[index].count + more
        }
    }

    var released: SuppressedTable {
        func count(_ index: Int) -> Int? { arcs[index].isWithheld ? nil : arcs[index].count }
        let cells = rows * columns
        let hasRows = arcs.count > cells && rows > 0 && arcs[cells].isShown
        let hasColumns = columns > 0 && arcs[cells + rows].isShown
        return SuppressedTable(
            cells: (0..<rows).map { row in (0..<columns).map { count(row * columns + $0) } },
            rowTotals: hasRows ? (0..<rows).map { count(cells + $0) } : [],
            columnTotals: hasColumns ? (0..<columns).map { count(cells + rows + $0) } : [],
            total: arcs[arcs.count - 1].isShown ? count(arcs.count - 1) : nil,
            withheld: arcs.count(where: \.isWithheld))
    }

    private func isSafe(_ index: Int) -> Bool {
        let needed = Suppression.needed(threshold) - 1
        let (less, more) = room(index, atMost: needed)
        return less + more >= needed
    }

    /// How much less and how much more an unknown count could be, as far as anybody can tell; each no further than
    /// asked.
    private func room(_ index: Int, atMost: Int) -> (less: Int, more: Int) {
        let arc = arcs[index]
        let more = flow(from: arc.to, to: arc.from, without: index, atMost: atMost)
        let less = flow(from: arc.from, to: arc.to, without: index, atMost: min(atMost, arc.count - arc.floor))
        return (less, more)
    }

    /// The most that can be sent from node to node through other unknown counts: along them without bound, against
    /// them down to their floor.
    private func flow(from start: Int, to end: Int, without excluded: Int, atMost: Int) -> Int {
        var moved = [Int](repeating: 0, count: arcs.count)
        var sent = 0
        while sent < atMost {
            var reached = [Int?](repeating: nil, count: touching.count)
            var queue = [start]
            var head = 0
            var arrived = start == end
            while head < queue.count, !arrived {
                let node = queue[head]
                head += 1
                for index in touching[node] where index != excluded && arcs[index].isUnknown {
                    let arc = arcs[index]
                    let next = arc.from == node ? arc.to : arc.from
                    let room = arc.from == node ? unbounded : arc.count + moved[index] - arc.floor
                    guard room > 0, reached[next] == nil, next != start else { continue }
                    reached[next] = index
                    queue.append(next)
                    if next == end { arrived = true }
                }
            }
            guard arrived, start != end else { return sent }
            var path: [(Int, Bool)] = []
            var node = end
            var most = atMost - sent
            while node != start, let index = reached[node] {
                let forward = arcs[index].to == node
                if !forward { most = min(most, arcs[index].count + moved[index] - arcs[index].floor) }
                path.append((index, forward))
                node = forward ? arcs[index].from : arcs[index].to
            }
            for (index, forward) in path { moved[index] += forward ? most : -most }
            sent += most
        }
        return sent
    }

    /// The cheapest way to give an exposed count company: a cycle through it, by as few and as small counts as can
    /// be. Noughts cannot help.
    private func cheapestCycle(through exposed: Int) -> [Int] {
        let start = arcs[exposed].to
        let end = arcs[exposed].from
        var cost = [Int](repeating: Int.max, count: touching.count)
        var by = [Int?](repeating: nil, count: touching.count)
        var done = [Bool](repeating: false, count: touching.count)
        cost[start] = 0
        while let node = cost.indices.filter({ !done[$0] && cost[$0] < Int.max }).min(by: { cost[$0] < cost[$1] }) {
            if node == end { break }
            done[node] = true
            for index in touching[node] where index != exposed {
                let arc = arcs[index]
                let forward = arc.from == node
                guard arc.isUnknown || arc.count > 0 else { continue }
                // Going against a count can lend no more than the count has above its floor; going along it lends
                // without end.
                let lends = forward ? Int.max : arc.count - (arc.isShown ? 1 : 0)
                guard lends >= Suppression.needed(threshold) - 1 else { continue }
                let price = arc.isUnknown ? 1 : 1000 + arc.count
                let next = forward ? arc.to : arc.from
                if cost[node] + price < cost[next] {
                    cost[next] = cost[node] + price
                    by[next] = index
                }
            }
        }
        var cycle: [Int] = []
        var node = end
        while node != start, let index = by[node] {
            cycle.append(index)
            node = arcs[index].to == node ? arcs[index].from : arcs[index].to
        }
        return cycle
    }
}
