import Domain
import Postgres

/// A bid as its row has it, with what permission and pages need of its round.
struct BidRecord: Sendable {
    let bid: Bid
    let hash: [UInt8]?
    let submittedAt: Instant?
    let reason: String?
    let updatedAt: Instant
    let programme: ProgrammeID?
    /// The department that runs the round; nil where row security hides the programme.
    let department: OrganisationID?
    let roundTitle: String
    let roundReference: String
    let roundState: Round.State
    let opensAt: Instant?
    let closesAt: Instant?
    let organisationName: String
    let lastEditorName: String?
    let minimumAward: Money?
    let maximumAward: Money?
    let assignees: [PersonID]

    /// Whether the other side may not yet open it.
    var isSealed: Bool { BidRules.isSealed(bid, round: roundState) }

    /// What permissions ask about it.
    var facts: Permission.Facts {
        Permission.Facts(
            organisation: bid.organisation, department: department, assignees: Set(assignees), programme: programme,
            round: bid.round, bid: bid.id, sealed: isSealed, published: roundState.isPublished)
    }

    /// What its content is held against before certification.
    func needs(_ indicators: [Indicator], _ years: [FinancialYear]) -> BidNeeds {
        BidNeeds(indicators: indicators, minimum: minimumAward, maximum: maximumAward, years: years)
    }

    /// As a row of a list.
    var row: BidRow {
        BidRow(
            id: bid.id, reference: bid.reference, title: bid.title, organisation: bid.organisation,
            organisationName: organisationName, round: bid.round, roundTitle: roundTitle, state: bid.state,
            version: bid.version, requested: bid.requested, updatedAt: updatedAt, closesAt: closesAt)
    }

    /// Whether the round takes submissions at a moment.
    func isOpen(at now: Instant) -> Bool {
        guard roundState == .open, let opensAt, let closesAt else { return false }
        return opensAt <= now && now < closesAt
    }
}

/// What the database is asked about bids.
enum BidStatements {
    private static let columns: SQL = """
        b.id, b.reference, b.round_id, b.organisation_id, b.title, b.state, b.version, b.last_editor_id, b.requested,
        b.content_version, b.content_hash, b.submitted_at, b.decline_reason, b.updated_at, r.programme_id,
        p.organisation_id, r.title, r.reference, r.state, r.opens_at, r.closes_at, o.name, editor.name,
        r.min_award, r.max_award,
        array(select a.appraiser_id from appraisal a where a.bid_id = b.id)
        from bid b
        join round r on r.id = b.round_id
        join organisation o on o.id = b.organisation_id
        left join programme p on p.id = r.programme_id
        left join person editor on editor.id = b.last_editor_id
        """

    /// People of an authority reach their own organisation's bids and no other; row security is the fence behind this.
    private static let reach: SQL = """
        (b.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'local_authority')
        """

    static func find(_ id: BidID) -> Statement<BidRecord> {
        Statement("bid.find", "select \(columns) where b.id = \(id) and \(reach)", decode: record)
    }

    static func lock(_ id: BidID) -> Statement<BidRecord> {
        Statement(
            "bid.lock", "select \(columns) where b.id = \(id) and \(reach) for no key update of b", decode: record)
    }

    /// Locks the bid that an appraisal is of.
    static func lock(of appraisal: AppraisalID) -> Statement<BidRecord> {
        Statement(
            "bid.lock_of_appraisal",
            """
            select \(columns) where b.id = (select x.bid_id from appraisal x where x.id = \(appraisal)) and \(reach)
            for no key update of b
            """, decode: record)
    }

    /// Locks the bid that an approval is of: always before the approval itself.
    static func lock(of approval: ApprovalID) -> Statement<BidRecord> {
        Statement(
            "bid.lock_of_approval",
            """
            select \(columns) where b.id = (select x.bid_id from approval x where x.id = \(approval)) and \(reach)
            for no key update of b
            """, decode: record)
    }

    static func find(of appraisal: AppraisalID) -> Statement<BidRecord> {
        Statement(
            "bid.find_of_appraisal",
            "select \(columns) where b.id = (select x.bid_id from appraisal x where x.id = \(appraisal)) and \(reach)",
            decode: record)
    }

    static func find(of approval: ApprovalID) -> Statement<BidRecord> {
        Statement(
            "bid.find_of_approval",
            "select \(columns) where b.id = (select x.bid_id from approval x where x.id = \(approval)) and \(reach)",
            decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> BidRecord {
        let bid = try Bid(
            id: row.read(), reference: row.read(), round: row.read(), organisation: row.read(), title: row.read(),
            state: row.read(), version: row.read(), lastEditor: row.read(), requested: row.read(),
            contentVersion: row.read())
        return try BidRecord(
            bid: bid, hash: row.read(Bytes?.self)?.value, submittedAt: row.read(), reason: row.read(),
            updatedAt: row.read(),
            programme: row.read(), department: row.read(), roundTitle: row.read(), roundReference: row.read(),
            roundState: row.read(), opensAt: row.read(), closesAt: row.read(), organisationName: row.read(),
            lastEditorName: row.read(), minimumAward: row.read(), maximumAward: row.read(), assignees: row.read())
    }

    /// What a bid says of itself, once it may be read: an auditor sees that a sealed bid exists, not what it is called
    /// or asks for. The same rule as `BidRules.isSealed`.
    static let sealedFromAuditor: SQL = """
        ((select actor.role()) = 'auditor' and (r.state not in ('closed', 'appraising', 'decided', 'announced')
            or b.state in ('draft', 'in_certification', 'not_submitted') or b.content_version = 0))
        """

    private static let rowColumns: SQL = """
        b.id, b.reference, case when \(sql: sealedFromAuditor) then '' else b.title end, b.organisation_id, o.name,
        b.round_id, r.title, b.state, b.version, case when \(sql: sealedFromAuditor) then null else b.requested end,
        b.updated_at, r.closes_at
        from bid b
        join round r on r.id = b.round_id
        join organisation o on o.id = b.organisation_id
        """

    private static func row(_ row: inout RowReader) throws -> BidRow {
        try BidRow(
            id: row.read(), reference: row.read(), title: row.read(), organisation: row.read(),
            organisationName: row.read(), round: row.read(), roundTitle: row.read(), state: row.read(),
            version: row.read(), requested: row.read(), updatedAt: row.read(), closesAt: row.read())
    }

    /// Which rows of a list: the filter and where the last page ended.
    static func wanted(_ filter: BidFilter, after: (Instant, BidID)?) -> SQL {
        var sql: SQL = "true"
        if let round = filter.round { sql = "\(sql) and b.round_id = \(round)" }
        if let state = filter.state { sql = "\(sql) and b.state = \(state)" }
        if let organisation = filter.organisation { sql = "\(sql) and b.organisation_id = \(organisation)" }
        if let after { sql = "\(sql) and (b.updated_at, b.id) < (\(after.0), \(after.1))" }
        return sql
    }

    /// Newest first. Two halves, of which only one runs: an authority's own by its index, everybody else's by row
    /// security. An `or` of the two would use neither.
    static func list(_ filter: BidFilter, after: (Instant, BidID)?, limit: Int) -> Statement<BidRow> {
        let wanted = wanted(filter, after: after)
        return Statement(
            "bid.list",
            """
            (select \(rowColumns)
            where (select actor.role()) = 'local_authority' and b.organisation_id = (select actor.organisation_id())
                and \(wanted)
            order by b.updated_at desc, b.id desc limit \(limit))
            union all
            (select \(rowColumns)
            where (select actor.role()) <> 'local_authority' and \(wanted)
            order by b.updated_at desc, b.id desc limit \(limit))
            """, decode: row)
    }

    /// A round's bids as the actor may see them, newest first.
    static func ofRound(_ id: RoundID, limit: Int) -> Statement<BidRow> {
        Statement(
            "bid.of_round",
            """
            select \(rowColumns) where b.round_id = \(id) and \(reach)
            order by b.updated_at desc, b.id desc limit \(limit)
            """, decode: row)
    }

    static func insert(
        _ id: BidID, in round: RoundID, of organisation: OrganisationID, by person: PersonID, title: String
    )
        -> Statement<Void>
    {
        Statement(
            "bid.insert",
            """
            insert into bid (id, reference, round_id, organisation_id, title, created_by)
            values (\(id), next_reference('BID'), \(round), \(organisation), \(title), \(person))
            """)
    }

    /// Whether the authority has another bid of that title in the same round already.
    static func titleTaken(_ title: String, in round: RoundID) -> Statement<Bool> {
        titleTaken("b.round_id = \(round) and b.title = \(title)")
    }

    static func titleTaken(_ title: String, besides bid: BidID) -> Statement<Bool> {
        titleTaken(
            "b.round_id = (select x.round_id from bid x where x.id = \(bid)) and b.title = \(title) and b.id <> \(bid)")
    }

    private static func titleTaken(_ predicate: SQL) -> Statement<Bool> {
        Statement(
            "bid.title_taken",
            """
            select exists (select from bid b where b.organisation_id = (select actor.organisation_id()) and
                \(predicate))
            """
        ) { row in try row.read() }
    }

    static func move(_ id: BidID, to state: Bid.State, by event: BidEvent) -> Statement<Void> {
        Statement(
            "bid.move",
            """
            update bid set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now() where id = \(id)
            """)
    }

    /// The same, and keeps why.
    static func move(_ id: BidID, to state: Bid.State, by event: BidEvent, because reason: String) -> Statement<Void> {
        Statement(
            "bid.move_because",
            """
            update bid set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now(), decline_reason = \(reason) where id = \(id)
            """)
    }

    static func sendForCertification(_ id: BidID, requested: Money?) -> Statement<Void> {
        Statement(
            "bid.send_for_certification",
            """
            update bid set state = 'in_certification', last_event = 'send_for_certification',
                transition_seq = transition_seq + 1, version = version + 1, updated_at = now(), requested =
                    \(requested),
                decline_reason = null
            where id = \(id)
            """)
    }

    /// The moment is the database's clock as the row is written, the same that the trigger compares with the deadline.
    static func submit(_ id: BidID, by certifier: PersonID, hash: [UInt8], requested: Money?) -> Statement<Void> {
        Statement(
            "bid.submit",
            """
            update bid set state = 'submitted', last_event = 'submit', transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now(), content_version = content_version + 1,
                content_hash = \(Bytes(hash)), submitted_at = now(), certified_by = \(certifier), requested =
                    \(requested)
            where id = \(id)
            """)
    }

    /// The newest submission, as the receipt shows it.
    static func receipt(_ id: BidID) -> Statement<Receipt> {
        Statement(
            "bid.receipt",
            """
            select b.reference, v.number, encode(v.content_hash, 'hex'), v.submitted_at, coalesce(c.name, '')
            from bid_version v join bid b on b.id = v.bid_id left join person c on c.id = v.certified_by
            where v.bid_id = \(id) and v.number = b.content_version and \(reach)
            """
        ) { row in
            try Receipt(
                reference: row.read(), number: row.read(), hash: row.read(), submittedAt: row.read(),
                certifiedBy: row.read())
        }
    }

    /// Who of the authority could certify the bid: whoever holds the capacity and did not edit it last.
    static func certifiers(_ id: BidID) -> Statement<PersonChoice> {
        Statement(
            "bid.certifiers",
            """
            select p.id, p.name from bid b join person p on p.organisation_id = b.organisation_id
            where b.id = \(id) and b.organisation_id = (select actor.organisation_id()) and p.state = 'active'
                and p.id is distinct from b.last_editor_id
                and exists (select from capacity c where c.person_id = p.id and c.code = 'la_certifier'
                    and c.valid_from <= current_date and (c.valid_to is null or current_date <= c.valid_to))
            order by p.name, p.id
            """
        ) { row in try PersonChoice(id: row.read(), name: row.read()) }
    }

    /// Duties performed in a case.
    static func ledger(_ id: BidID) -> Statement<Duty.Performed> {
        Statement(
            "bid.ledger", "select person_id, duty, object_version from workflow.duty_performed where case_id = \(id)",
            decode: duty)
    }

    static func ledger(of approval: ApprovalID) -> Statement<Duty.Performed> {
        Statement(
            "bid.ledger_of_approval",
            """
            select person_id, duty, object_version from workflow.duty_performed
            where case_id = (select a.bid_id from approval a where a.id = \(approval))
            """, decode: duty)
    }

    static func ledger(of appraisal: AppraisalID) -> Statement<Duty.Performed> {
        Statement(
            "bid.ledger_of_appraisal",
            """
            select person_id, duty, object_version from workflow.duty_performed
            where case_id = (select a.bid_id from appraisal a where a.id = \(appraisal))
            """, decode: duty)
    }

    private static func duty(_ row: inout RowReader) throws -> Duty.Performed {
        try Duty.Performed(person: row.read(), duty: row.read(), version: row.read())
    }

    /// Records a duty; the trigger refuses what the ledger excludes, also between two sessions of one person.
    static func perform(_ duty: Duty, in bid: BidID, by person: PersonID, version: Int = 0) -> Statement<Void> {
        Statement(
            "bid.perform",
            """
            insert into workflow.duty_performed (id, case_id, person_id, duty, object_version)
            values (\(Identifier<Duty>.fresh()), \(bid), \(person), \(duty), \(version))
            on conflict (case_id, person_id, duty, object_version) do nothing
            """)
    }
}
