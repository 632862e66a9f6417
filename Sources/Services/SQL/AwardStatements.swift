import Domain
import Postgres

/// An award as its row has it, with what permission and pages need of its bid and its programme.
struct AwardRecord: Sendable {
    let award: Award
    let title: String
    let bidReference: String
    let organisationName: String
    let programmeTitle: String
    let programmeState: Programme.State?
    let powers: Programme.Powers?
    let department: OrganisationID?
    let departmentName: String
    let draft: String
    let agreementNumber: Int
    let hash: [UInt8]?
    let starts: Day?
    let ends: Day?
    let acceptBy: Day?
    let ggisReference: String?
    let evaluatorName: String?
    let evaluatorDueOn: Day?
    let protocolDueOn: Day?
    let reason: String?
    let respondBy: Day?
    let creator: PersonID
    let reconciler: PersonID?
    let isDeclaredComplete: Bool
    let signedAt: Instant?
    let updatedAt: Instant

    /// What permissions ask about it.
    var facts: Permission.Facts {
        Permission.Facts(
            organisation: award.organisation, department: department, programme: award.programme, round: award.round,
            bid: award.bid, sealed: false, published: award.state.isOffered)
    }

    /// The parties as its document names them, for one version.
    func parties(_ version: Int, _ indicators: [Indicator]) -> AgreementParties {
        AgreementParties(
            department: departmentName, recipient: organisationName, reference: award.reference, project: title,
            programme: programmeTitle,
            indicators: Dictionary(indicators.map { ($0.code, $0.name) }) { first, _ in first }, version: version)
    }
}

/// What the database is asked about awards.
enum AwardStatements {
    private static let columns: SQL = """
        w.id, w.reference, w.bid_id, w.organisation_id, w.programme_id, w.round_id, w.approval_id, w.state, w.version,
        w.drafted_by, w.amount, w.title, b.reference, o.name, coalesce(p.title, ''), p.state, p.powers, p.organisation_id,
        coalesce(d.name, ''), w.draft, w.agreement_number, w.agreement_hash, w.starts_on, w.ends_on, w.accept_by,
        w.ggis_award_ref, w.evaluator_name, w.evaluator_due_on, w.protocol_due_on, w.reason, w.respond_by, w.created_by,
        w.reconciled_by, w.completion_declared_at is not null, w.signed_at, w.updated_at
        from award w
        join bid b on b.id = w.bid_id
        join organisation o on o.id = w.organisation_id
        left join programme p on p.id = w.programme_id
        left join organisation d on d.id = p.organisation_id
        """

    /// People of an authority reach their own organisation's awards and no other; row security is the fence behind this.
    static let reach: SQL = """
        (w.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'local_authority')
        """

    static func find(_ id: AwardID) -> Statement<AwardRecord> {
        Statement("award.find", "select \(columns) where w.id = \(id) and \(reach)", decode: record)
    }

    static func lock(_ id: AwardID) -> Statement<AwardRecord> {
        Statement(
            "award.lock", "select \(columns) where w.id = \(id) and \(reach) for no key update of w", decode: record)
    }

    /// Locks the award that a claim draws on: always before the claim itself.
    static func lock(of claim: ClaimID) -> Statement<AwardRecord> {
        Statement(
            "award.lock_of_claim",
            """
            select \(columns) where w.id = (select x.award_id from claim x where x.id = \(claim)) and \(reach)
            for no key update of w
            """, decode: record)
    }

    /// Locks the award that a variation changes.
    static func lock(of variation: VariationID) -> Statement<AwardRecord> {
        Statement(
            "award.lock_of_variation",
            """
            select \(columns) where w.id = (select x.award_id from variation x where x.id = \(variation)) and \(reach)
            for no key update of w
            """, decode: record)
    }

    static func find(of claim: ClaimID) -> Statement<AwardRecord> {
        Statement(
            "award.find_of_claim",
            "select \(columns) where w.id = (select x.award_id from claim x where x.id = \(claim)) and \(reach)",
            decode: record)
    }

    static func find(of variation: VariationID) -> Statement<AwardRecord> {
        Statement(
            "award.find_of_variation",
            "select \(columns) where w.id = (select x.award_id from variation x where x.id = \(variation)) and \(reach)",
            decode: record)
    }

    /// The award that grew from a bid, if there is one.
    static func id(ofBid bid: BidID) -> Statement<AwardID> {
        Statement("award.id_of_bid", "select w.id from award w where w.bid_id = \(bid) and \(reach)") { row in
            try row.read()
        }
    }

    private static func record(_ row: inout RowReader) throws -> AwardRecord {
        let award = try Award(
            id: row.read(), reference: row.read(), bid: row.read(), organisation: row.read(), programme: row.read(),
            round: row.read(), approval: row.read(), state: row.read(), version: row.read(), drafter: row.read(),
            amount: row.read())
        return try AwardRecord(
            award: award, title: row.read(), bidReference: row.read(), organisationName: row.read(),
            programmeTitle: row.read(), programmeState: row.read(), powers: row.read(), department: row.read(),
            departmentName: row.read(), draft: row.read(PostgresJSON.self).text, agreementNumber: row.read(),
            hash: row.read(Bytes?.self)?.value, starts: row.read(), ends: row.read(), acceptBy: row.read(),
            ggisReference: row.read(), evaluatorName: row.read(), evaluatorDueOn: row.read(),
            protocolDueOn: row.read(), reason: row.read(), respondBy: row.read(), creator: row.read(),
            reconciler: row.read(), isDeclaredComplete: row.read(), signedAt: row.read(), updatedAt: row.read())
    }

    // MARK: Lists

    static let rowColumns: SQL = """
        w.id, w.reference, w.title, o.name, w.state, w.version, w.amount,
        coalesce((select sum(c.amount) from claim c where c.award_id = w.id
            and c.state not in ('draft', 'rejected', 'reversed')), 0)::numeric(14,2),
        public.award_paid(w.id), w.updated_at
        from award w join organisation o on o.id = w.organisation_id
        """

    static func row(_ row: inout RowReader) throws -> AwardRow {
        try AwardRow(
            id: row.read(), reference: row.read(), title: row.read(), organisationName: row.read(), state: row.read(),
            version: row.read(), amount: row.read(), claimed: row.read(), paid: row.read(), updatedAt: row.read())
    }

    /// Newest first. Two halves, of which only one runs: see `BidStatements.list`.
    static func list(_ filter: AwardFilter, after: (Instant, AwardID)?, limit: Int) -> Statement<AwardRow> {
        var wanted: SQL = "true"
        if let state = filter.state { wanted = "\(wanted) and w.state = \(state)" }
        if let organisation = filter.organisation { wanted = "\(wanted) and w.organisation_id = \(organisation)" }
        if let programme = filter.programme { wanted = "\(wanted) and w.programme_id = \(programme)" }
        if let after { wanted = "\(wanted) and (w.updated_at, w.id) < (\(after.0), \(after.1))" }
        return Statement(
            "award.list",
            """
            (select \(rowColumns)
            where (select actor.role()) = 'local_authority' and w.organisation_id = (select actor.organisation_id())
                and \(wanted)
            order by w.updated_at desc, w.id desc limit \(limit))
            union all
            (select \(rowColumns)
            where (select actor.role()) <> 'local_authority' and \(wanted)
            order by w.updated_at desc, w.id desc limit \(limit))
            """, decode: row)
    }

    static func row(of id: AwardID) -> Statement<AwardRow> {
        Statement("award.row", "select \(rowColumns) where w.id = \(id) and \(reach)", decode: row)
    }

    // MARK: Changes

    static func insert(_ award: NewAward) -> Statement<Void> {
        Statement(
            "award.insert",
            """
            insert into award (id, reference, bid_id, organisation_id, programme_id, round_id, approval_id, title, draft,
                created_by, drafted_by)
            values (\(award.id), next_reference('AWD'), \(award.bid), \(award.organisation), \(award.programme),
                \(award.round), \(award.approval), \(award.title), \(award.draft), \(award.drafter), \(award.drafter))
            """)
    }

    /// What a new award begins with.
    struct NewAward: Sendable {
        let id: AwardID
        let bid: BidID
        let organisation: OrganisationID
        let programme: ProgrammeID
        let round: RoundID
        let approval: ApprovalID
        let title: String
        let draft: PostgresJSON
        let drafter: PersonID
    }

    static func saveDraft(_ id: AwardID, _ draft: PostgresJSON, by person: PersonID) -> Statement<Void> {
        Statement(
            "award.save_draft",
            """
            update award set draft = \(draft), drafted_by = \(person), version = version + 1, updated_at = now()
            where id = \(id)
            """)
    }

    /// Moves the award, with whatever else the event writes.
    private static func move(
        _ name: StaticString, _ id: AwardID, to state: Award.State, by event: AwardEvent, _ also: SQL
    ) -> Statement<Void> {
        Statement(
            name,
            """
            update award set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now()\(sql: also) where id = \(id)
            """)
    }

    static func move(_ id: AwardID, to state: Award.State, by event: AwardEvent) -> Statement<Void> {
        move("award.move", id, to: state, by: event, "")
    }

    static func move(_ id: AwardID, to state: Award.State, by event: AwardEvent, because reason: String)
        -> Statement<Void>
    {
        move("award.move_because", id, to: state, by: event, ", reason = \(reason)")
    }

    static func qualityCheck(_ id: AwardID, by person: PersonID, number: Int, hash: [UInt8]) -> Statement<Void> {
        move(
            "award.quality_check", id, to: .qualityChecked, by: .qualityCheck,
            ", checked_by = \(person), agreement_number = \(number), agreement_hash = \(Bytes(hash))")
    }

    static func offer(_ id: AwardID, by person: PersonID) -> Statement<Void> {
        move("award.offer", id, to: .offered, by: .offer, ", offered_by = \(person)")
    }

    static func accept(_ id: AwardID, by person: PersonID, statement: String, council: String?) -> Statement<Void> {
        move(
            "award.accept", id, to: .accepted, by: .accept,
            ", accepted_by = \(person), statement_version = \(statement), council_decision_ref = \(council)")
    }

    static func sign(_ id: AwardID, by person: PersonID, _ signature: AwardSignature) -> Statement<Void> {
        move(
            "award.sign", id, to: .signedDept, by: .sign,
            """
            , signed_by = \(person), ggis_award_ref = \(signature.ggisReference),
            evaluator_name = \(signature.evaluatorName), evaluator_due_on = \(signature.evaluatorDueOn),
            protocol_due_on = \(signature.protocolDueOn)
            """)
    }

    static func declareComplete(_ id: AwardID, by person: PersonID) -> Statement<Void> {
        move("award.declare_complete", id, to: .active, by: .declareComplete, ", completion_declared_by = \(person)")
    }

    static func reconcile(_ id: AwardID, by person: PersonID, note: String, assets: String) -> Statement<Void> {
        move(
            "award.reconcile", id, to: .completed, by: .reconcile,
            ", reconciled_by = \(person), reconciliation_note = \(note), asset_note = \(assets)")
    }

    static func terminate(_ id: AwardID, because reason: String, recovery: Money) -> Statement<Void> {
        move(
            "award.terminate", id, to: .terminated, by: .terminate,
            ", reason = \(reason), recovery_amount = \(recovery)")
    }

    static func close(_ id: AwardID, by person: PersonID) -> Statement<Void> {
        move("award.close", id, to: .closed, by: .close, ", closed_by = \(person)")
    }

    /// Tells the rest of the cycle that an award is active: its returns, its evaluation and its baseline are planned.
    static func planned(_ id: AwardID) -> [Statement<Void>] {
        [
            Statement("award.plan_monitoring", "select public.plan_monitoring(\(id))"),
            Statement("award.plan_evaluation", "select public.plan_evaluation(\(id))"),
            Statement("award.open_capacity_baseline", "select public.open_capacity_baseline(\(id))"),
        ]
    }

    /// Tells the rest of the cycle that an award is closed.
    static func planFollowUps(_ id: AwardID) -> Statement<Void> {
        Statement("award.plan_follow_ups", "select public.plan_follow_ups(\(id))")
    }

    /// Whether the final report of the evaluation is there.
    static func finalReportSubmitted(_ id: AwardID) -> Statement<Bool> {
        Statement("award.final_report_submitted", "select public.final_report_submitted(\(id))") { row in
            try row.read()
        }
    }
}
