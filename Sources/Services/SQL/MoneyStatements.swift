import Domain
import Postgres

/// What the database is asked about where money stands.
enum MoneyStatements {
    /// Duties performed in the case of an award.
    static func ledger(of award: AwardID) -> Statement<Duty.Performed> {
        ledger("money.ledger_of_award", "(select w.bid_id from award w where w.id = \(award))")
    }

    static func ledger(of claim: ClaimID) -> Statement<Duty.Performed> {
        ledger("money.ledger_of_claim", "(select c.bid_id from claim c where c.id = \(claim))")
    }

    static func ledger(of variation: VariationID) -> Statement<Duty.Performed> {
        ledger("money.ledger_of_variation", "(select v.bid_id from variation v where v.id = \(variation))")
    }

    /// Duties in every case that a batch pays.
    static func ledger(of batch: PaymentBatchID) -> Statement<Duty.Performed> {
        Statement(
            "money.ledger_of_batch",
            """
            select u.person_id, u.duty, u.object_version from workflow.duty_performed u
            where u.case_id in (select p.bid_id from payment p where p.batch_id = \(batch))
                and u.person_id = (select actor.person_id())
            """, decode: duty)
    }

    private static func ledger(_ name: StaticString, _ bid: SQL) -> Statement<Duty.Performed> {
        Statement(
            name, "select person_id, duty, object_version from workflow.duty_performed where case_id = \(bid)",
            decode: duty)
    }

    private static func duty(_ row: inout RowReader) throws -> Duty.Performed {
        try Duty.Performed(person: row.read(), duty: row.read(), version: row.read())
    }

    /// Promised, claimed, approved, paid.
    static func position(_ award: AwardID) -> Statement<Ledger.Position> { position("money.position", "\(award)") }

    static func position(of claim: ClaimID) -> Statement<Ledger.Position> {
        position("money.position_of_claim", "(select x.award_id from claim x where x.id = \(claim))")
    }

    private static func position(_ name: StaticString, _ award: SQL) -> Statement<Ledger.Position> {
        Statement(
            name,
            """
            select w.amount,
                coalesce((select sum(c.amount) from claim c where c.award_id = w.id
                    and c.state not in ('draft', 'rejected', 'reversed')), 0)::numeric(14,2),
                coalesce((select sum(e.debit - e.credit) from ledger_entry e where e.award_id = w.id
                    and e.account in ('payable', 'paid')), 0)::numeric(14,2),
                public.award_paid(w.id)
            from award w where w.id = \(award) and \(AwardStatements.reach)
            """
        ) { row in
            try Ledger.Position(promised: row.read(), claimed: row.read(), approved: row.read(), paid: row.read())
        }
    }

    /// Claims of an award that are neither settled nor given up.
    static func inHand(_ award: AwardID) -> Statement<Int> {
        Statement(
            "money.in_hand",
            """
            select count(*) from claim c
            where c.award_id = \(award) and c.state not in ('draft', 'in_certification', 'paid', 'rejected', 'reversed')
            """
        ) { row in try row.read() }
    }

    static func balance(_ award: AwardID) -> Statement<BalanceRow> {
        Statement(
            "money.balance",
            """
            select b.financial_year, b.kind, b.committed, b.commitment, b.payable, b.paid, b.recovery
            from public.award_balance(\(award)) as b order by b.financial_year, b.kind desc
            """
        ) { row in
            try BalanceRow(
                year: row.read(), kind: row.read(), committed: row.read(), commitment: row.read(), payable: row.read(),
                paid: row.read(), recovery: row.read())
        }
    }

    static func recoveries(_ award: AwardID) -> Statement<RecoveryView> {
        Statement(
            "money.recoveries",
            """
            select r.id, r.reason, r.amount, r.due_on, r.received_on, r.version
            from recovery r join award w on w.id = r.award_id
            where r.award_id = \(award) and \(AwardStatements.reach) order by r.raised_at, r.id
            """
        ) { row in
            try RecoveryView(
                id: row.read(), reason: row.read(), amount: row.read(), dueOn: row.read(), receivedOn: row.read(),
                version: row.read())
        }
    }

    static func receive(_ recovery: Identifier<RecoveryView>, on day: Day, by person: PersonID) -> Statement<Void> {
        Statement(
            "money.receive",
            """
            update recovery set received_on = \(day), received_by = \(person), version = version + 1
            where id = \(recovery)
            """)
    }

    static func setting(_ code: StaticString) -> Statement<String> { ApprovalStatements.setting(code) }
}
