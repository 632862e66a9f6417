import Domain
import Postgres

/// What the database is asked about bank details. The sealed digits are read by one function alone.
enum BankStatements {
    private static let columns: SQL = """
        s.bank_account_id, s.masked, s.payee, s.entered_by, s.entered_at, s.is_change, s.verifications, s.by_authority,
        s.payable_from, s.ready
        """

    /// The details that count for an authority.
    static func standing(_ organisation: OrganisationID) -> Statement<BankStanding> {
        Statement(
            "bank.standing",
            "select \(columns) from public.bank_standing(\(organisation)) as s where s.bank_account_id is not null",
            decode: standing)
    }

    /// The same for the authority of an award.
    static func standing(of award: AwardID) -> Statement<BankStanding> {
        Statement(
            "bank.standing_of_award",
            """
            select \(columns) from award w cross join lateral public.bank_standing(w.organisation_id) as s
            where w.id = \(award) and \(AwardStatements.reach) and s.bank_account_id is not null
            """, decode: standing)
    }

    /// The same for the authority of a claim.
    static func standing(of claim: ClaimID) -> Statement<BankStanding> {
        Statement(
            "bank.standing_of_claim",
            """
            select \(columns) from claim c cross join lateral public.bank_standing(c.organisation_id) as s
            where c.id = \(claim) and s.bank_account_id is not null
            """, decode: standing)
    }

    private static func standing(_ row: inout RowReader) throws -> BankStanding {
        try BankStanding(
            id: row.read(), masked: row.read(), payee: row.read(), enteredBy: row.read(), enteredAt: row.read(),
            isChange: row.read(), verifications: row.read(), byAuthority: row.read(), payableFrom: row.read(),
            isReady: row.read())
    }

    static func insert(
        _ id: BankAccountID, of organisation: OrganisationID, payee: String, sealed: [UInt8], fingerprint: [UInt8],
        masked: String, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "bank.insert",
            """
            insert into bank_account (id, organisation_id, payee, sealed, fingerprint, masked, entered_by)
            values (\(id), \(organisation), \(payee), \(Bytes(sealed)), \(Bytes(fingerprint)), \(masked), \(person))
            """)
    }

    static func verify(_ id: BankAccountID, fingerprint: [UInt8], by person: PersonID) -> Statement<Void> {
        Statement(
            "bank.verify",
            """
            insert into bank_verification (id, bank_account_id, fingerprint, verified_by)
            values (\(Identifier<BankStanding>.fresh()), \(id), \(Bytes(fingerprint)), \(person))
            """)
    }

    /// The sealed details, for somebody of finance; the look is recorded by the database.
    static func unmask(_ id: BankAccountID, because reason: String, about: AwardID?) -> Statement<[UInt8]> {
        Statement("bank.unmask", "select public.unmask_bank_account(\(id), \(reason), \(about))") { row in
            try row.read(Bytes.self).value
        }
    }
}
