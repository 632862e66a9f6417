/// A moment, to the microsecond: `timestamptz`.
///
/// Years 1 to 9999 only. PostgreSQL's infinity, BC and later years are errors in both directions: they are never meant.
public struct PostgresTimestamp: PostgresValue, Hashable, Comparable {
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    public let microsecondsSince1970: Int64

    /// A moment by its distance from 1970.
    public init(microsecondsSince1970: Int64) {
        self.microsecondsSince1970 = microsecondsSince1970
    }

    /// The earlier comes first.
    public static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }

    /// From 0001-01-01 to the last microsecond of 9999.
    static let sane: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// 2000-01-01, PostgreSQL's own zero, as ours counts.
    private static let epoch: Int64 = 946_684_800_000_000

    /// `timestamptz`.
    public static var oid: OID { .timestamptz }
    /// `timestamptz[]`.
    public static var arrayOID: OID { .timestamptzArray }

    /// Microseconds since 2000.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        guard Self.sane.contains(microsecondsSince1970) else { throw .parameter("timestamp outside years 1 to 9999") }
        bytes.append(bigEndian: microsecondsSince1970 - Self.epoch)
        return true
    }

    /// Microseconds since 2000.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> PostgresTimestamp {
        // Both infinities are the ends of Int64, so adding the epoch must not trap.
        let (sum, overflow) = try bytes.integer(Int64.self).addingReportingOverflow(epoch)
        guard !overflow, sane.contains(sum) else {
            throw .decoding("timestamp that is infinite or outside years 1 to 9999")
        }
        return PostgresTimestamp(microsecondsSince1970: sum)
    }
}

/// A day of the calendar: `date`. Years 1 to 9999 only, as for ``PostgresTimestamp``.
public struct PostgresDate: PostgresValue, Hashable, Comparable {
    /// Days since 1970-01-01.
    public let daysSince1970: Int32

    /// A day by its distance from 1970.
    public init(daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    /// The earlier comes first.
    public static func < (left: PostgresDate, right: PostgresDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }

    /// From 0001-01-01 to 9999-12-31.
    static let sane: ClosedRange<Int32> = -719_162...2_932_896

    /// 2000-01-01, PostgreSQL's own zero, as ours counts.
    private static let epoch: Int32 = 10957

    /// `date`.
    public static var oid: OID { .date }
    /// `date[]`.
    public static var arrayOID: OID { .dateArray }

    /// Days since 2000.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        guard Self.sane.contains(daysSince1970) else { throw .parameter("date outside years 1 to 9999") }
        bytes.append(bigEndian: daysSince1970 - Self.epoch)
        return true
    }

    /// Days since 2000.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> PostgresDate {
        let (sum, overflow) = try bytes.integer(Int32.self).addingReportingOverflow(epoch)
        guard !overflow, sane.contains(sum) else { throw .decoding("date that is infinite or outside years 1 to 9999") }
        return PostgresDate(daysSince1970: sum)
    }
}
