/// What one connection has prepared: by text and types, least recently used first to go.
struct PreparedCache {
    /// One prepared statement. A class, so that answers still under way can find it after the cache let it go.
    final class Entry {
        /// Its name on the server.
        let name: String
        /// Counts how often the whole cache was dropped; an answer for an older generation says nothing about this one.
        let generation: Int
        fileprivate var lastUse: UInt64 = 0
        /// Why preparing failed: what those who already used the name are told.
        var failure: StatementError?

        fileprivate init(name: String, generation: Int) {
            self.name = name
            self.generation = generation
        }
    }

    private struct Key: Hashable {
        let text: String
        let types: [UInt32]
    }

    let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var serial = 0
    private var generation = 0

    /// The server still holds statements that the cache dropped: say `deallocate all` before the next flight.
    private(set) var mustDeallocateAll = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// The entry for this statement if there is one.
    mutating func find(_ sql: SQL) -> Entry? {
        guard let entry = entries[Self.key(sql)] else { return nil }
        uses += 1
        entry.lastUse = uses
        return entry
    }

    /// Makes an entry; if the cache was full, also gives the one that has to be deallocated.
    mutating func insert(_ sql: SQL) -> (entry: Entry, evicted: Entry?) {
        var evicted: Entry?
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            evicted = oldest.value
        }
        serial += 1
        uses += 1
        // The hash lets a human match the name in a server's log with the text; the serial makes it unique.
        let entry = Entry(name: "ts_" + String(Self.hash(sql.text), radix: 16) + "_\(serial)", generation: generation)
        entry.lastUse = uses
        entries[Self.key(sql)] = entry
        return (entry, evicted)
    }

    /// Forgets a statement that the server refused to prepare.
    mutating func remove(_ entry: Entry) {
        guard let found = entries.first(where: { $0.value === entry }) else { return }
        entries[found.key] = nil
    }

    /// Forgets everything, unless that was already done since `entry` was made.
    mutating func dropAll(because entry: Entry) -> Bool {
        guard entry.generation == generation else { return false }
        entries.removeAll()
        generation += 1
        mustDeallocateAll = true
        return true
    }

    mutating func deallocatedAll() {
        mustDeallocateAll = false
    }

    private static func key(_ sql: SQL) -> Key {
        Key(text: sql.text, types: sql.parameters.map(\.oid))
    }

    /// FNV-1a, the same in every process, unlike Swift's own hash.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
