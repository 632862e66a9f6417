import Domain
import Postgres

// The money of an approval: its years, the budget they draw on, and what is set aside.

extension ApprovalStatements {
    /// The years of the content as it stands.
    static func years(_ id: ApprovalID) -> Statement<BudgetLine> {
        Statement(
            "approval.years",
            """
            select y.financial_year, y.kind, y.amount
            from approval_year y join approval a on a.id = y.approval_id and a.content_hash = y.content_hash
            where y.approval_id = \(id) order by y.financial_year, y.kind desc
            """
        ) { row in
            try BudgetLine(year: row.read(), kind: row.read(), amount: row.read())
        }
    }

    /// The programme's budget with what is spoken for, for the years that the approval draws on.
    static func budget(_ id: ApprovalID) -> Statement<BudgetPosition> {
        Statement(
            "approval.budget",
            """
            select l.financial_year, l.kind, l.amount,
                coalesce((select sum(e.amount) from budget_entry e where e.programme_id = l.programme_id
                    and e.financial_year = l.financial_year and e.kind = l.kind), 0)::numeric(14,2)
            from approval a
            join approval_year y on y.approval_id = a.id and y.content_hash = a.content_hash
            join budget_line l on l.programme_id = a.programme_id and l.financial_year = y.financial_year and l.kind =
                y.kind
            where a.id = \(id) order by l.financial_year, l.kind desc
            """, decode: ProgrammeStatements.position)
    }

    /// The whole budget of the programme that an approval draws on.
    static func programmeBudget(_ id: ApprovalID) -> Statement<BudgetPosition> {
        programmeBudget("(select a.programme_id from approval a where a.id = \(id))")
    }

    /// The whole budget of the programme that a bid is under.
    static func budget(ofBid bid: BidID) -> Statement<BudgetPosition> {
        programmeBudget("(select r.programme_id from bid b join round r on r.id = b.round_id where b.id = \(bid))")
    }

    private static func programmeBudget(_ programme: SQL) -> Statement<BudgetPosition> {
        Statement(
            "approval.programme_budget",
            """
            select l.financial_year, l.kind, l.amount,
                coalesce((select sum(e.amount) from budget_entry e where e.programme_id = l.programme_id
                    and e.financial_year = l.financial_year and e.kind = l.kind), 0)::numeric(14,2)
            from budget_line l where l.programme_id = \(programme) order by l.financial_year, l.kind desc
            """, decode: ProgrammeStatements.position)
    }

    static func insertYears(_ id: ApprovalID, hash: [UInt8], _ years: [BudgetLine]) -> Statement<Void> {
        Statement(
            "approval.insert_years",
            """
            insert into approval_year (approval_id, financial_year, kind, amount, content_hash)
            select \(id), y.year, y.kind, y.amount, \(Bytes(hash))
            from unnest(\(years.map(\.year)), \(years.map(\.kind.rawValue)), \(years.map(\.amount))) as y (year, kind,
                amount)
            on conflict do nothing
            """)
    }

    /// Sets the money aside in each year; the trigger locks the line first, so two cannot both take the last pound.
    static func reserve(_ id: ApprovalID) -> Statement<Void> {
        Statement(
            "budget.reserve",
            """
            insert into budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount)
            select public.uuid7(), a.programme_id, y.financial_year, y.kind, a.id, 'reserve', y.amount
            from approval a
            join approval_year y on y.approval_id = a.id and y.content_hash = a.content_hash
            where a.id = \(id) order by y.financial_year, y.kind
            """)
    }

    /// Gives back whatever this approval still holds.
    static func release(_ id: ApprovalID) -> Statement<Void> {
        Statement(
            "budget.release",
            """
            insert into budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount)
            select public.uuid7(), e.programme_id, e.financial_year, e.kind, e.approval_id, 'release', -sum(e.amount)
            from budget_entry e where e.approval_id = \(id)
            group by e.programme_id, e.financial_year, e.kind, e.approval_id having sum(e.amount) > 0
            order by e.financial_year, e.kind
            """)
    }
}
