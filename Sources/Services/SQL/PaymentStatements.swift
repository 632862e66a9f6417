import Domain
import Postgres

/// A batch as its row has it, with what permission needs of its programme.
struct PaymentBatchRecord: Sendable {
    let row: PaymentBatchRow
    let programme: ProgrammeID
    let department: OrganisationID?
    let exportHash: [UInt8]?
    let confirmationHash: [UInt8]?
    let releaserName: String?
    let confirmerName: String?
    let reason: String?

    var batch: PaymentBatch { row.batch }

    /// What permissions ask about it.
    var facts: Permission.Facts {
        Permission.Facts(organisation: department, department: department, programme: programme, sealed: false)
    }
}

/// A payment with the account that it goes to.
struct PaymentRecord: Sendable {
    let row: PaymentRow
    let account: BankAccountID
}

/// What the database is asked about payments.
enum PaymentStatements {
    private static let columns: SQL = """
        b.id, b.reference, b.state, b.version,
        coalesce((select sum(x.amount) from payment x where x.batch_id = b.id), 0)::numeric(14,2),
        (select count(*) from payment x where x.batch_id = b.id), coalesce(g.title, ''), coalesce(c.name, ''),
        b.created_by, b.created_at, b.released_at, b.confirmed_at
        """

    private static let tables: SQL = """
        from payment_batch b
        left join programme g on g.id = b.programme_id
        left join person c on c.id = b.created_by
        left join person r on r.id = b.released_by
        left join person f on f.id = b.confirmed_by
        """

    private static func row(_ row: inout RowReader) throws -> PaymentBatchRow {
        try PaymentBatchRow(
            batch: PaymentBatch(
                id: row.read(), reference: row.read(), state: row.read(), version: row.read(), total: row.read(),
                count: row.read()),
            programmeTitle: row.read(), creatorName: row.read(), creator: row.read(), createdAt: row.read(),
            releasedAt: row.read(),
            paidAt: row.read())
    }

    static func list(after: (Instant, PaymentBatchID)?, limit: Int) -> Statement<PaymentBatchRow> {
        Statement(
            "payment.list",
            """
            select \(columns) \(tables)
            where (\(after?.0)::timestamptz is null or (b.created_at, b.id) < (\(after?.0), \(after?.1)))
            order by b.created_at desc, b.id desc limit \(limit)
            """, decode: row)
    }

    private static let recordColumns: SQL = """
        \(sql: columns), b.programme_id, g.organisation_id, b.export_hash, b.confirmation_hash, r.name, f.name, b.reason
        \(sql: tables)
        """

    static func find(_ id: PaymentBatchID) -> Statement<PaymentBatchRecord> {
        Statement("payment.find", "select \(recordColumns) where b.id = \(id)", decode: record)
    }

    static func lock(_ id: PaymentBatchID) -> Statement<PaymentBatchRecord> {
        Statement(
            "payment.lock", "select \(recordColumns) where b.id = \(id) for no key update of b", decode: record)
    }

    /// The batch that a file confirmed, if it was read before.
    static func confirmed(by hash: [UInt8]) -> Statement<PaymentBatchRecord> {
        Statement(
            "payment.confirmed_by", "select \(recordColumns) where b.confirmation_hash = \(Bytes(hash))", decode: record
        )
    }

    private static func record(_ row: inout RowReader) throws -> PaymentBatchRecord {
        try PaymentBatchRecord(
            row: Self.row(&row), programme: row.read(), department: row.read(),
            exportHash: row.read(Bytes?.self)?.value, confirmationHash: row.read(Bytes?.self)?.value,
            releaserName: row.read(), confirmerName: row.read(), reason: row.read())
    }

    static func payments(in batch: PaymentBatchID) -> Statement<PaymentRecord> {
        Statement(
            "payment.payments",
            """
            select p.reference, p.claim_id, c.reference, p.award_id, w.reference, p.payee, p.masked, p.amount,
                p.bank_account_id
            from payment p join claim c on c.id = p.claim_id join award w on w.id = p.award_id
            where p.batch_id = \(batch) order by p.reference
            """
        ) { row in
            try PaymentRecord(
                row: PaymentRow(
                    reference: row.read(), claim: row.read(), claimReference: row.read(), award: row.read(),
                    awardReference: row.read(), payee: row.read(), masked: row.read(), amount: row.read()),
                account: row.read())
        }
    }

    /// Payments of one claim; a claim that was taken out of a batch has more than one.
    static func payments(of claim: ClaimID) -> Statement<PaymentView> {
        Statement(
            "payment.payments_of_claim",
            """
            select p.reference, p.batch_id, coalesce(b.reference, ''), coalesce(b.state, 'paid'), p.amount, p.payee,
                p.masked, b.released_at
            from payment p left join payment_batch b on b.id = p.batch_id
            where p.claim_id = \(claim) order by p.at, p.id
            """
        ) { row in
            try PaymentView(
                reference: row.read(), batch: row.read(), batchReference: row.read(), state: row.read(),
                amount: row.read(), payee: row.read(), masked: row.read(), releasedAt: row.read())
        }
    }

    /// Claims that are approved and in no batch, those due first on top.
    static func payable(limit: Int) -> Statement<PayableClaim> {
        Statement(
            "payment.payable",
            """
            select c.id, c.reference, w.reference, o.name, c.programme_id, coalesce(g.title, ''), c.verified_amount,
                c.pay_by
            from claim c join award w on w.id = c.award_id join organisation o on o.id = c.organisation_id
            left join programme g on g.id = c.programme_id
            where c.state = 'approved_for_payment' and (select actor.role()) <> 'local_authority'
            order by c.pay_by, c.id limit \(limit)
            """
        ) { row in
            try PayableClaim(
                claim: row.read(), reference: row.read(), awardReference: row.read(), organisationName: row.read(),
                programme: row.read(), programmeTitle: row.read(), amount: row.read(), payBy: row.read())
        }
    }

    static func insert(_ id: PaymentBatchID, in programme: ProgrammeID, by person: PersonID) -> Statement<Void> {
        Statement(
            "payment.insert_batch",
            """
            insert into payment_batch (id, reference, programme_id, created_by)
            values (\(id), next_reference('PAY'), \(programme), \(person))
            """)
    }

    /// The payments of a batch: each of exactly what was verified, into the account that counts today.
    static func insertPayments(_ id: PaymentBatchID, _ claims: [ClaimID], by person: PersonID) -> Statement<Void> {
        Statement(
            "payment.insert",
            """
            insert into payment (id, reference, batch_id, claim_id, award_id, bid_id, bank_account_id, amount, payee,
                masked, created_by)
            select public.uuid7(), b.reference || '-' || lpad(x.number::text, 3, '0'), b.id, c.id, c.award_id, c.bid_id,
                s.bank_account_id, c.verified_amount, s.payee, s.masked, \(person)
            from payment_batch b
            cross join unnest(\(claims)) with ordinality as x (claim_id, number)
            join claim c on c.id = x.claim_id
            cross join lateral public.bank_standing(c.organisation_id) as s
            where b.id = \(id) order by c.award_id, c.id
            """)
    }

    private static func move(
        _ name: StaticString, _ id: PaymentBatchID, to state: PaymentBatch.State, by event: PaymentBatchEvent,
        _ also: SQL
    ) -> Statement<Void> {
        Statement(
            name,
            """
            update payment_batch set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now()\(sql: also) where id = \(id)
            """)
    }

    /// The digest of the file goes to the batch while it is open; from then on nothing can be added.
    static func seal(_ id: PaymentBatchID, hash: [UInt8]) -> Statement<Void> {
        Statement(
            "payment.seal",
            """
            update payment_batch set export_hash = \(Bytes(hash)), version = version + 1, updated_at = now()
            where id = \(id)
            """)
    }

    static func release(_ id: PaymentBatchID, by person: PersonID, count: Int, total: Money) -> Statement<Void> {
        move(
            "payment.release", id, to: .released, by: .release,
            ", released_by = \(person), payment_count = \(count), control_total = \(total)")
    }

    static func confirm(_ id: PaymentBatchID, by person: PersonID, hash: [UInt8]) -> Statement<Void> {
        move(
            "payment.confirm", id, to: .paid, by: .confirm,
            ", confirmed_by = \(person), confirmation_hash = \(Bytes(hash))")
    }

    static func cancel(_ id: PaymentBatchID, because reason: String) -> Statement<Void> {
        move("payment.cancel", id, to: .cancelled, by: .cancel, ", reason = \(reason)")
    }
}
