import Postgres
import Testing

enum Colour: String, PostgresConvertible { case red, green }

struct BidID: PostgresConvertible, Equatable {
    let uuid: PostgresUUID
    var wire: PostgresUUID { uuid }
    init(wire: PostgresUUID) { uuid = wire }
}

extension ServerTests {
    @Suite("Values, there and back")
    struct CodecTests {
        /// Sends a value, reads it back, and lets the server say what it saw.
        static func travels<Value: PostgresConvertible & Equatable>(
            _ value: Value, _ database: Database, seen: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let (back, text) = try await database.read(
                "travels",
                Statement("travels", "select \(value), (\(value))::text") {
                    (try $0.read(Value.self), try $0.read(String?.self))
                }.one)
            #expect(back == value, sourceLocation: sourceLocation)
            if let seen { #expect(text == seen, sourceLocation: sourceLocation) }
        }

        /// A literal that must not decode as `Value`.
        static func refuses<Value: PostgresConvertible>(
            _ literal: StaticString, as type: Value.Type, _ database: Database,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let error = try await failure(StatementError.self, sourceLocation: sourceLocation) {
                try await database.read(
                    "refuses", Statement("refuses", "select \(raw: literal)") { try $0.read(Value.self) }.one)
            }
            #expect(error.kind == .decoding, "\(literal)", sourceLocation: sourceLocation)
            #expect(error.statement == "refuses", sourceLocation: sourceLocation)
        }

        @Test("plain values at their extremes")
        func scalars() async throws {
            try await withDatabase { database in
                for value in [true, false] { try await Self.travels(value, database) }
                for value in [Int16.min, -1, 0, 1, .max] { try await Self.travels(value, database, seen: "\(value)") }
                for value in [Int32.min, -1, 0, 1, .max] { try await Self.travels(value, database, seen: "\(value)") }
                for value in [Int64.min, -1, 0, 1, .max] { try await Self.travels(value, database, seen: "\(value)") }
                for value in [Int.min, -1, 0, 1, .max] { try await Self.travels(value, database, seen: "\(value)") }
                try await Self.travels(Bytes([]), database)
                try await Self.travels(Bytes(Array(0...255)), database)
                let uuid = PostgresUUID(high: 0x0190_1234_5678_7abc, low: 0x8def_0123_4567_89ab)
                try await Self.travels(uuid, database, seen: "01901234-5678-7abc-8def-0123456789ab")
                try await Self.travels(BidID(wire: uuid), database)
                try await Self.travels(PostgresUUID(high: .max, low: .max), database)
            }
        }

        @Test(
            "text of every kind",
            arguments: [
                "", " ", "'; drop table bid; --", "\\", "$1", "é", "e\u{301}", "👩‍👩‍👧‍👦", "مرحبا", "\u{FEFF}", "\u{10FFFF}",
                "\u{1}\u{7f}",
                "line\nline\r\n", "\"quoted\"", String(repeating: "ß", count: 100_000),
            ])
        func texts(text: String) async throws {
            try await withDatabase(expectUsable: false) { database in
                let (back, length) = try await database.read(
                    "text",
                    Statement("text", "select \(text), length(\(text))::bigint") {
                        (try $0.read(String.self), try $0.read(Int.self))
                    }.one)
                #expect(Array(back.utf8) == Array(text.utf8), "to the byte: no normalisation on the way")
                #expect(length == text.unicodeScalars.count)
            }
        }

        @Test("dates and moments from year 1 to 9999, and none beyond")
        func time() async throws {
            try await withDatabase { database in
                let dates: [(Int32, String)] = [
                    (-719_162, "0001-01-01"), (-1, "1969-12-31"), (0, "1970-01-01"), (10957, "2000-01-01"),
                    (19782, "2024-02-29"), (2_932_896, "9999-12-31"),
                ]
                for (days, seen) in dates {
                    try await Self.travels(PostgresDate(daysSince1970: days), database, seen: seen)
                }
                for microseconds in [-62_135_596_800_000_000, -1, 0, 1, 946_684_799_999_999, 253_402_300_799_999_999] {
                    let moment = PostgresTimestamp(microsecondsSince1970: Int64(microseconds))
                    try await Self.travels(moment, database)
                    let seen = try await database.read(
                        "epoch", integer("epoch", "select (extract(epoch from \(moment)) * 1000000)::bigint").one)
                    #expect(seen == microseconds)
                }
                for literal: StaticString in [
                    "'infinity'::date", "'-infinity'::date", "'0001-12-31 BC'::date", "'10000-01-01'::date",
                    "'4713-01-01 BC'::date", "'5874897-12-31'::date",
                ] {
                    try await Self.refuses(literal, as: PostgresDate.self, database)
                }
                for literal: StaticString in [
                    "'infinity'::timestamptz", "'-infinity'::timestamptz", "'0001-12-31 23:59:59+00 BC'::timestamptz",
                    "'10000-01-01 00:00:00+00'::timestamptz", "'294276-12-31 00:00:00+00'::timestamptz",
                ] {
                    try await Self.refuses(literal, as: PostgresTimestamp.self, database)
                }
            }
        }

        @Test(
            "exact decimals, digit for digit",
            arguments: [
                "0", "1", "-1", "10", "9999", "10000", "100000000", "0.1", "0.01", "0.001", "0.0001", "0.00001",
                "-0.00001",
                "12.50", "12.5000000", "1234567.8901", "-99999999999999.99", "0.00", "1000000000000000000000000000000",
                "123456789012345678901234567890.123456789012345678901234567890", "0.000000000000000000000000000001",
                "10000.0001", "1.0000", "70000", "99990000.00009999",
            ])
        func numerics(digits: String) async throws {
            try await withDatabase(expectUsable: false) { database in
                let number = PostgresNumeric(digits)
                try await Self.travels(number, database, seen: digits)
                try await Self.travels([number, number], database)
            }
        }

        @Test("decimals in other spellings arrive as what they mean, and the largest travel")
        func numericSpellings() async throws {
            try await withDatabase { database in
                for (spelling, meaning) in [
                    ("+5", "5"), ("007", "7"), (".5", "0.5"), ("5.", "5"), ("-0", "0"), ("-0.0", "0.0"),
                ] {
                    let back = try await database.read(
                        "n",
                        Statement("n", "select \(PostgresNumeric(spelling))") { try $0.read(PostgresNumeric.self) }.one)
                    #expect(back.text == meaning)
                }
                let huge = String(repeating: "9", count: 131_072) + "." + String(repeating: "9", count: 16_383)
                try await Self.travels(PostgresNumeric(huge), database, seen: huge)
                for literal: StaticString in [
                    "'NaN'::numeric", "'infinity'::numeric", "'-infinity'::numeric", "1.5::float8",
                ] {
                    try await Self.refuses(literal, as: PostgresNumeric.self, database)
                }
                let error = try await failure(StatementError.self) {
                    try await database.read("n", text("n", "select (\(PostgresNumeric("9" + huge)))::text").one)
                }
                #expect(error.kind == .parameter)
            }
        }

        @Test("JSON passes through as text, from both kinds")
        func json() async throws {
            try await withDatabase { database in
                let json = #"{"a": [1, "é", null]}"#
                try await Self.travels(PostgresJSON(json), database, seen: json)
                let (plain, binary, text) = try await database.read(
                    "json",
                    Statement("json", "select '{\"b\" :2}'::json, '{\"b\" :2}'::jsonb, '{\"b\" :2}'::jsonb") {
                        (try $0.read(PostgresJSON.self), try $0.read(PostgresJSON.self), try $0.read(String.self))
                    }.one)
                #expect(plain.text == #"{"b" :2}"#)
                #expect(binary.text == #"{"b": 2}"#)
                #expect(text == #"{"b": 2}"#)
            }
        }

        @Test("arrays: empty, with NULLs, of text with everything in it, huge")
        func arrays() async throws {
            try await withDatabase { database in
                try await Self.travels([Int](), database, seen: "{}")
                try await Self.travels([1, -2, 3], database, seen: "{1,-2,3}")
                try await Self.travels([Int?.some(1), nil, 3], database, seen: "{1,NULL,3}")
                try await Self.travels(["", "a,b", "\"", "\\", "{}", "NULL", "é"], database)
                try await Self.travels([Int?.none], database, seen: "{NULL}")
                try await Self.travels([Bytes([0, 255]), Bytes([])], database)
                try await Self.travels([true, false], database)
                try await Self.travels([PostgresDate(daysSince1970: 0)], database, seen: "{1970-01-01}")
                try await Self.travels([Colour.red, .green], database, seen: "{red,green}")
                try await Self.travels([Int]?.none, database)
                let many = Array(0..<200_000)
                try await Self.travels(many, database)
                let sum = try await database.read(
                    "sum", integer("sum", "select sum(n)::bigint from unnest(\(many)) n").one)
                #expect(sum == many.reduce(0, +))
                let some = try await database.read(
                    "any", integer("any", "select n from generate_series(1, 9) n where n = any(\([2, 5]))").many)
                #expect(some == [2, 5])
                try await Self.refuses("'{{1,2},{3,4}}'::bigint[]", as: [Int].self, database)
                try await Self.refuses("'{1,NULL}'::bigint[]", as: [Int].self, database)
                try await Self.refuses("'{a}'::text[]", as: [Int].self, database)
                try await Self.refuses("'5'::text", as: [Int].self, database)
                try await Self.refuses("'a longer text than any header'::text", as: [String].self, database)
            }
        }

        @Test("NULL is nil where it may be, and an error where not")
        func nulls() async throws {
            try await withDatabase { database in
                try await Self.travels(Int?.none, database)
                try await Self.travels(String?.none, database)
                try await Self.travels(Int?.some(5), database)
                try await Self.travels(BidID?.none, database)
                try await Self.travels(Colour?.some(.green), database)
                try await Self.refuses("null::bigint", as: Int.self, database)
                try await Self.refuses("null::text", as: String.self, database)
            }
        }

        @Test("a column of another type is an error, not a guess")
        func types() async throws {
            try await withDatabase { database in
                try await Self.refuses("'5'::text", as: Int.self, database)
                try await Self.refuses("5::bigint", as: Int32.self, database)
                try await Self.refuses("5::integer", as: Int16.self, database)
                try await Self.refuses("5::bigint", as: String.self, database)
                try await Self.refuses("1::integer", as: Bool.self, database)
                try await Self.refuses("now()::timestamp", as: PostgresTimestamp.self, database)
                try await Self.refuses("now()", as: PostgresDate.self, database)
                try await Self.refuses("'x'::text", as: PostgresUUID.self, database)
                try await Self.refuses("'{}'::text", as: PostgresJSON.self, database)
                try await Self.refuses("'blue'::text", as: Colour.self, database)
                let wide = try await database.read(
                    "wide",
                    Statement("wide", "select 1::smallint, 2::integer, 'a'::varchar, 'b'::name, 'c'::char(3)") {
                        [
                            "\(try $0.read(Int.self))", "\(try $0.read(Int64.self))", try $0.read(String.self),
                            try $0.read(String.self), try $0.read(String.self),
                        ]
                    }.one)
                #expect(wide == ["1", "2", "a", "b", "c  "], "what loses nothing is read")
            }
        }

        @Test("an unknown case says so without repeating the value, which may be personal")
        func unknownCase() async throws {
            try await withDatabase { database in
                let error = try await failure(StatementError.self) {
                    try await database.read(
                        "colour", Statement("colour", "select 'mauve' as shade") { try $0.read(Colour.self) }.one)
                }
                #expect(error.message == "row 1, column 1 (shade): unknown value for Colour")
                #expect(error.column == "shade")
            }
        }

        @Test("a decoder that reads more or fewer columns than came is an error")
        func columns() async throws {
            try await withDatabase { database in
                for sql: SQL in ["select 1::bigint", "select 1::bigint, 2::bigint, 3::bigint"] {
                    let error = try await failure(StatementError.self) {
                        try await database.read(
                            "pair", Statement("pair", sql) { (try $0.read(Int.self), try $0.read(Int.self)) }.one)
                    }
                    #expect(error.kind == .decoding)
                    #expect(error.statement == "pair")
                }
            }
        }
    }
}
