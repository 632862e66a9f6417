import Domain
import Postgres

/// What anybody may read without signing in: the views of the schema `published`.
enum PublishedStatements {
    private static let columns: SQL = """
        a.reference, a.title, a.organisation, a.programme, a.amount, a.paid, a.state, a.starts_on, a.ends_on
        from published.award a
        """

    private static func award(_ row: inout RowReader) throws -> PublishedAward {
        try PublishedAward(
            reference: row.read(), title: row.read(), organisationName: row.read(), programmeTitle: row.read(),
            amount: row.read(), paid: row.read(), state: row.read(), starts: row.read(), ends: row.read())
    }

    static func awards(after: String?, limit: Int) -> Statement<PublishedAward> {
        Statement(
            "published.awards",
            """
            select \(columns) where (\(after)::text is null or a.reference < \(after))
            order by a.reference desc limit \(limit)
            """, decode: award)
    }

    static func award(_ reference: String) -> Statement<PublishedAward> {
        Statement("published.award", "select \(columns) where a.reference = \(reference)", decode: award)
    }
}
