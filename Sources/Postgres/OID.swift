/// The number by which PostgreSQL knows a type.
public struct OID: RawRepresentable, Hashable, Sendable {
    /// The number, as in `pg_type.oid`.
    public let rawValue: UInt32

    /// Makes an OID from its number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    private init(_ number: UInt32) {
        rawValue = number
    }

    /// The first number that PostgreSQL gives to a type of the user's own.
    static let firstUserDefined: UInt32 = 16384
}

extension OID {
    /// No type stated: PostgreSQL infers it.
    public static let unspecified = OID(0)
    /// `boolean`.
    public static let bool = OID(16)
    /// `bytea`.
    public static let bytea = OID(17)
    /// `"char"`.
    public static let char = OID(18)
    /// `name`.
    public static let name = OID(19)
    /// `bigint`.
    public static let int8 = OID(20)
    /// `smallint`.
    public static let int2 = OID(21)
    /// `integer`.
    public static let int4 = OID(23)
    /// `text`.
    public static let text = OID(25)
    /// `json`.
    public static let json = OID(114)
    /// `double precision`.
    public static let float8 = OID(701)
    /// A literal whose type PostgreSQL did not resolve.
    public static let unknown = OID(705)
    /// `character(n)`.
    public static let bpchar = OID(1042)
    /// `character varying`.
    public static let varchar = OID(1043)
    /// `date`.
    public static let date = OID(1082)
    /// `timestamp with time zone`.
    public static let timestamptz = OID(1184)
    /// `numeric`.
    public static let numeric = OID(1700)
    /// `void`.
    public static let void = OID(2278)
    /// `uuid`.
    public static let uuid = OID(2950)
    /// `jsonb`.
    public static let jsonb = OID(3802)
}

extension OID {
    /// `boolean[]`.
    public static let boolArray = OID(1000)
    /// `bytea[]`.
    public static let byteaArray = OID(1001)
    /// `smallint[]`.
    public static let int2Array = OID(1005)
    /// `integer[]`.
    public static let int4Array = OID(1007)
    /// `text[]`.
    public static let textArray = OID(1009)
    /// `bigint[]`.
    public static let int8Array = OID(1016)
    /// `date[]`.
    public static let dateArray = OID(1182)
    /// `timestamptz[]`.
    public static let timestamptzArray = OID(1185)
    /// `numeric[]`.
    public static let numericArray = OID(1231)
    /// `uuid[]`.
    public static let uuidArray = OID(2951)
    /// `jsonb[]`.
    public static let jsonbArray = OID(3807)
}
