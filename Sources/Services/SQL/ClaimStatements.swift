import Domain
import Postgres

/// A claim as its row has it; lines are read beside it.
struct ClaimRecord: Sendable {
    let id: ClaimID
    let reference: String
    let award: AwardID
    let instalment: InstalmentID
    let position: Int
    let state: Claim.State
    let version: Int
    let lastEditor: PersonID?
    let lastEditorName: String?
    let from: Day?
    let to: Day?
    let amount: Money?
    let verified: Money?
    let sampleSeed: Int64?
    let samplePercent: Int?
    let certifierName: String?
    let submittedAt: Instant?
    let checkerName: String?
    let query: String?
    let queryBy: Day?
    let reason: String?
    let payBy: Day?
    let isReversalRequested: Bool
    let reversalRequester: PersonID?

    /// The claim with its lines.
    func claim(_ lines: [ClaimLineView]) -> Claim {
        var content = Claim.Content()
        content.from = from
        content.to = to
        content.lines = lines.map(\.line)
        return Claim(
            id: id, reference: reference, award: award, instalment: instalment, state: state, version: version,
            lastEditor: lastEditor, content: content)
    }

    /// What permissions ask about it.
    func facts(_ award: AwardRecord) -> Permission.Facts {
        var facts = award.facts
        facts.sealed = state == .draft || state == .inCertification
        facts.published = true
        return facts
    }
}

/// A line of another claim of the same award: what this one may not repeat or exceed.
struct OtherClaim: Sendable {
    let from: Day?
    let to: Day?
    let amount: Money
    let year: FinancialYear
    let references: [String]
}

/// What the database is asked about claims.
enum ClaimStatements {
    private static let columns: SQL = """
        c.id, c.reference, c.award_id, c.instalment_id, c.position, c.state, c.version, c.last_editor_id, e.name,
        c.period_from, c.period_to, c.amount, c.verified_amount, c.sample_seed, c.sample_percent, cert.name,
        c.submitted_at, coalesce(v.name, k.name), c.query, c.query_by, c.reason, c.pay_by,
        c.reversal_requested_by is not null, c.reversal_requested_by
        from claim c
        left join person e on e.id = c.last_editor_id
        left join person cert on cert.id = c.certified_by
        left join person k on k.id = c.checked_by
        left join person v on v.id = c.verified_by
        """

    private static let reach: SQL = """
        (c.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'local_authority')
        """

    static func find(_ id: ClaimID) -> Statement<ClaimRecord> {
        Statement("claim.find", "select \(columns) where c.id = \(id) and \(reach)", decode: record)
    }

    static func lock(_ id: ClaimID) -> Statement<ClaimRecord> {
        Statement(
            "claim.lock", "select \(columns) where c.id = \(id) and \(reach) for no key update of c", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> ClaimRecord {
        try ClaimRecord(
            id: row.read(), reference: row.read(), award: row.read(), instalment: row.read(), position: row.read(),
            state: row.read(), version: row.read(), lastEditor: row.read(), lastEditorName: row.read(),
            from: row.read(), to: row.read(), amount: row.read(), verified: row.read(), sampleSeed: row.read(),
            samplePercent: row.read(), certifierName: row.read(), submittedAt: row.read(), checkerName: row.read(),
            query: row.read(), queryBy: row.read(), reason: row.read(), payBy: row.read(),
            isReversalRequested: row.read(), reversalRequester: row.read())
    }

    static func lines(_ id: ClaimID) -> Statement<ClaimLineView> {
        Statement(
            "claim.lines",
            """
            select l.position, l.spent_on, l.category, l.amount, l.vat, l.supplier, l.ledger_ref, l.evidence, l.sampled,
                l.verdict, l.disallowed, coalesce(l.verdict_reason, '')
            from claim_line l join claim c on c.id = l.claim_id
            where l.claim_id = \(id) and \(reach) order by l.position
            """
        ) { row in
            let number: Int = try row.read()
            var line = Claim.Line()
            line.date = try row.read()
            line.category = try row.read()
            line.amount = try row.read()
            line.vat = try row.read()
            line.supplier = try row.read()
            line.ledgerReference = try row.read()
            line.evidence = try row.read()
            let sampled: Bool = try row.read()
            let verdict: Claim.Verdict? = try row.read()
            let disallowed: Money? = try row.read()
            let reason: String = try row.read()
            return ClaimLineView(
                number: number, line: line, isSampled: sampled,
                finding: verdict.map {
                    Claim.Finding(line: number, verdict: $0, disallowed: disallowed, reason: reason)
                })
        }
    }

    /// Other claims of the award that count, with the entries of the authority's ledger that they use.
    static func others(of id: ClaimID) -> Statement<OtherClaim> {
        Statement(
            "claim.others",
            """
            select o.period_from, o.period_to, coalesce(o.verified_amount, o.amount, 0)::numeric(14,2), i.financial_year,
                array(select l.ledger_ref from claim_line l where l.claim_id = o.id and l.counts order by l.position)
            from claim c join claim o on o.award_id = c.award_id and o.id <> c.id
            join instalment i on i.id = o.instalment_id
            where c.id = \(id) and \(reach) and o.state not in ('rejected', 'reversed')
            """
        ) { row in
            try OtherClaim(
                from: row.read(), to: row.read(), amount: row.read(), year: row.read(), references: row.read())
        }
    }

    /// Whether the monitoring return for the period of a claim is accepted.
    static func returnAccepted(_ id: ClaimID) -> Statement<Bool> {
        Statement(
            "claim.return_accepted",
            """
            select public.return_accepted(c.award_id, c.period_from, c.period_to)
                or (c.position = 1 and not (select s.value::boolean from setting s where s.code = 'first_claim_needs_return'))
            from claim c where c.id = \(id) and \(reach) and c.period_from is not null
            """
        ) { row in try row.read() ?? false }
    }

    // MARK: Lists

    private static let rowColumns: SQL = """
        c.id, c.reference, c.award_id, w.reference, w.title, o.name, c.position, c.state, c.version, c.amount,
        c.verified_amount, c.period_from, c.period_to, c.pay_by, c.updated_at
        from claim c join award w on w.id = c.award_id join organisation o on o.id = c.organisation_id
        """

    private static func row(_ row: inout RowReader) throws -> ClaimRow {
        try ClaimRow(
            id: row.read(), reference: row.read(), award: row.read(), awardReference: row.read(), title: row.read(),
            organisationName: row.read(), position: row.read(), state: row.read(), version: row.read(),
            amount: row.read(), verified: row.read(), from: row.read(), to: row.read(), payBy: row.read(),
            updatedAt: row.read())
    }

    static func rows(ofAward award: AwardID) -> Statement<ClaimRow> {
        Statement(
            "claim.rows_of_award",
            "select \(rowColumns) where c.award_id = \(award) and \(reach) order by c.seq", decode: row)
    }

    static func list(_ filter: ClaimFilter, after: (Instant, ClaimID)?, limit: Int) -> Statement<ClaimRow> {
        var wanted: SQL = "true"
        if let state = filter.state { wanted = "\(wanted) and c.state = \(state)" }
        if let award = filter.award { wanted = "\(wanted) and c.award_id = \(award)" }
        if let after { wanted = "\(wanted) and (c.updated_at, c.id) < (\(after.0), \(after.1))" }
        return Statement(
            "claim.list",
            """
            (select \(rowColumns)
            where (select actor.role()) = 'local_authority' and c.organisation_id = (select actor.organisation_id())
                and \(wanted)
            order by c.updated_at desc, c.id desc limit \(limit))
            union all
            (select \(rowColumns)
            where (select actor.role()) <> 'local_authority' and \(wanted)
            order by c.updated_at desc, c.id desc limit \(limit))
            """, decode: row)
    }

    // MARK: Changes

    static func insert(_ id: ClaimID, for instalment: InstalmentID, of award: Award, by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            "claim.insert",
            """
            insert into claim (id, reference, award_id, bid_id, programme_id, organisation_id, instalment_id,
                last_editor_id, created_by)
            values (\(id), next_reference('CLM'), \(award.id), \(award.bid), \(award.programme), \(award.organisation),
                \(instalment), \(person), \(person))
            """)
    }

    static func saveHead(_ id: ClaimID, _ content: Claim.Content, by person: PersonID) -> Statement<Void> {
        Statement(
            "claim.save",
            """
            update claim set period_from = \(content.from), period_to = \(content.to), last_editor_id = \(person),
                version = version + 1, updated_at = now() where id = \(id)
            """)
    }

    /// The lines of a draft are replaced whole: they are drafts, and their numbers are their order.
    static func removeLines(_ id: ClaimID) -> Statement<Void> {
        Statement("claim.remove_lines", "delete from claim_line where claim_id = \(id)")
    }

    static func insertLines(_ id: ClaimID, of award: AwardID, _ lines: [Claim.Line], by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            "claim.insert_lines",
            """
            insert into claim_line (id, claim_id, award_id, position, spent_on, category, amount, vat, supplier,
                ledger_ref, evidence, edited_by)
            select l.id, \(id), \(award), l.position, l.spent_on, l.category, l.amount, l.vat, l.supplier, l.ledger_ref,
                l.evidence, \(person)
            from unnest(\(lines.map { _ in ClaimLineID.fresh() }), \(lines.map(\.date)),
                \(lines.map { $0.category?.rawValue }), \(lines.map(\.amount)), \(lines.map(\.vat)),
                \(lines.map(\.supplier)), \(lines.map(\.ledgerReference)), \(lines.map(\.evidence)))
                with ordinality as l (id, spent_on, category, amount, vat, supplier, ledger_ref, evidence, position)
            """)
    }

    static func saveEvidence(_ id: ClaimID, _ evidence: [(Int, String)], by person: PersonID) -> Statement<Void> {
        Statement(
            "claim.save_evidence",
            """
            update claim_line l set evidence = x.evidence, edited_by = \(person)
            from unnest(\(evidence.map(\.0)), \(evidence.map(\.1))) as x (position, evidence)
            where l.claim_id = \(id) and l.position = x.position and l.evidence <> x.evidence
            """)
    }

    static func saveFindings(_ id: ClaimID, _ findings: [Claim.Finding], lines: [Claim.Line]) -> Statement<Void> {
        let whole = findings.map { finding -> Money? in
            guard finding.verdict == .disallowed else { return nil }
            return finding.disallowed
                ?? (lines.indices.contains(finding.line - 1) ? lines[finding.line - 1].amount : nil)
        }
        return Statement(
            "claim.save_findings",
            """
            update claim_line l set verdict = x.verdict, disallowed = x.disallowed, verdict_reason = x.reason
            from unnest(\(findings.map(\.line)), \(findings.map(\.verdict.rawValue)), \(whole),
                \(findings.map { $0.verdict == .disallowed ? $0.reason.orNil : nil }))
                as x (position, verdict, disallowed, reason)
            where l.claim_id = \(id) and l.position = x.position
            """)
    }

    private static func move(
        _ name: StaticString, _ id: ClaimID, to state: Claim.State, by event: ClaimEvent, _ also: SQL
    ) -> Statement<Void> {
        Statement(
            name,
            """
            update claim set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now()\(sql: also) where id = \(id)
            """)
    }

    static func move(_ id: ClaimID, to state: Claim.State, by event: ClaimEvent) -> Statement<Void> {
        move("claim.move", id, to: state, by: event, "")
    }

    static func move(_ id: ClaimID, to state: Claim.State, by event: ClaimEvent, because reason: String)
        -> Statement<Void>
    {
        move("claim.move_because", id, to: state, by: event, ", reason = \(reason)")
    }

    static func submit(_ id: ClaimID, by person: PersonID, declaration: String) -> Statement<Void> {
        move(
            "claim.submit", id, to: .submitted, by: .submit,
            ", certified_by = \(person), declaration_version = \(declaration)")
    }

    static func beginCheck(_ id: ClaimID, by person: PersonID) -> Statement<Void> {
        move("claim.begin_check", id, to: .checking, by: .beginCheck, ", checked_by = \(person)")
    }

    static func query(_ id: ClaimID, _ question: String) -> Statement<Void> {
        move("claim.query", id, to: .queried, by: .query, ", query = \(question)")
    }

    static func verify(_ id: ClaimID, to state: Claim.State, by event: ClaimEvent, _ person: PersonID) -> Statement<
        Void
    > {
        move("claim.verify", id, to: state, by: event, ", verified_by = \(person)")
    }

    static func approve(_ id: ClaimID, by person: PersonID) -> Statement<Void> {
        move("claim.approve", id, to: .approvedForPayment, by: .approve, ", approved_by = \(person)")
    }

    static func requestReversal(_ id: ClaimID, by person: PersonID, because reason: String) -> Statement<Void> {
        move(
            "claim.request_reversal", id, to: .paid, by: .requestReversal,
            ", reversal_requested_by = \(person), reason = \(reason)")
    }

    static func reverse(_ id: ClaimID, by person: PersonID) -> Statement<Void> {
        move("claim.reverse", id, to: .reversed, by: .reverse, ", reversed_by = \(person)")
    }
}
