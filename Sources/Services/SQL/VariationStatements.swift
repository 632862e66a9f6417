import Domain
import Postgres

/// A variation as its row has it.
struct VariationRecord: Sendable {
    let row: VariationRow
    let reason: String
    let starts: Day?
    let ends: Day?
    let effectiveOn: Day?
    let schedule: String
    let creator: PersonID
    let requester: PersonID?
    let requesterName: String?
    let assessor: PersonID?
    let assessorName: String?
    let assessment: String?
    let decisionReason: String?

    /// The variation with what it changes.
    func variation() throws -> Variation {
        var content = Variation.Content()
        content.kind = row.kind
        content.reason = reason
        content.increase = row.kind == .moneyUp ? row.increase : nil
        content.starts = starts
        content.ends = ends
        content.effectiveOn = effectiveOn
        content.instalments = try JSON.value(schedule)
        return Variation(
            id: row.id, reference: row.reference, award: row.award, state: row.state, version: row.version,
            requester: requester ?? creator, assessor: assessor, content: content)
    }
}

/// What the database is asked about variations.
enum VariationStatements {
    private static let rowColumns: SQL = """
        v.id, v.reference, v.award_id, v.kind, v.state, v.version, v.money_delta, v.decide_by, v.retrospective,
        v.created_at
        """

    private static let tables: SQL = """
        from variation v
        join award w on w.id = v.award_id
        left join person q on q.id = v.requested_by
        left join person a on a.id = v.assessed_by
        """

    private static func row(_ row: inout RowReader) throws -> VariationRow {
        try VariationRow(
            id: row.read(), reference: row.read(), award: row.read(), kind: row.read(), state: row.read(),
            version: row.read(), increase: row.read(), decideBy: row.read(), isRetrospective: row.read(),
            createdAt: row.read())
    }

    static func rows(ofAward award: AwardID) -> Statement<VariationRow> {
        Statement(
            "variation.rows_of_award",
            "select \(rowColumns) \(tables) where v.award_id = \(award) and \(AwardStatements.reach) order by v.created_at, v.id",
            decode: row)
    }

    private static let recordColumns: SQL = """
        \(sql: rowColumns), v.reason, v.new_starts_on, v.new_ends_on, v.effective_on, v.schedule, v.created_by,
        v.requested_by, q.name, v.assessed_by, a.name, v.assessment, v.decision_reason
        \(sql: tables)
        """

    static func find(_ id: VariationID) -> Statement<VariationRecord> {
        Statement(
            "variation.find", "select \(recordColumns) where v.id = \(id) and \(AwardStatements.reach)", decode: record)
    }

    static func lock(_ id: VariationID) -> Statement<VariationRecord> {
        Statement(
            "variation.lock",
            "select \(recordColumns) where v.id = \(id) and \(AwardStatements.reach) for no key update of v",
            decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> VariationRecord {
        try VariationRecord(
            row: Self.row(&row), reason: row.read(), starts: row.read(), ends: row.read(), effectiveOn: row.read(),
            schedule: row.read(PostgresJSON.self).text, creator: row.read(), requester: row.read(),
            requesterName: row.read(), assessor: row.read(), assessorName: row.read(), assessment: row.read(),
            decisionReason: row.read())
    }

    /// Approved uplifts of the award's bid that no variation rests on.
    static func uplifts(of id: VariationID) -> Statement<UpliftChoice> {
        Statement(
            "variation.uplifts",
            """
            select p.id, p.reference, p.amount from variation v join approval p on p.bid_id = v.bid_id
            where v.id = \(id) and p.kind = 'uplift' and p.state = 'approved'
                and not exists (select from variation x where x.approval_id = p.id)
            order by p.decided_at, p.id
            """
        ) { row in try UpliftChoice(approval: row.read(), reference: row.read(), amount: row.read()) }
    }

    static func insert(_ id: VariationID, of award: Award, by person: PersonID, _ content: Variation.Content) throws
        -> Statement<Void>
    {
        Statement(
            "variation.insert",
            """
            insert into variation (id, reference, award_id, bid_id, programme_id, organisation_id, kind, reason,
                money_delta, new_starts_on, new_ends_on, effective_on, schedule, created_by)
            values (\(id), next_reference('VAR'), \(award.id), \(award.bid), \(award.programme), \(award.organisation),
                \(content.kind), \(content.reason), coalesce(\(content.increase), 0), \(content.starts), \(content.ends),
                \(content.effectiveOn), \(PostgresJSON(try JSON.encode(content.instalments))), \(person))
            """)
    }

    static func save(_ id: VariationID, _ content: Variation.Content) throws -> Statement<Void> {
        Statement(
            "variation.save",
            """
            update variation set reason = \(content.reason), money_delta = coalesce(\(content.increase), 0),
                new_starts_on = \(content.starts), new_ends_on = \(content.ends), effective_on = \(content.effectiveOn),
                schedule = \(PostgresJSON(try JSON.encode(content.instalments))), version = version + 1,
                updated_at = now()
            where id = \(id)
            """)
    }

    private static func move(
        _ name: StaticString, _ id: VariationID, to state: Variation.State, by event: VariationEvent, _ also: SQL
    ) -> Statement<Void> {
        Statement(
            name,
            """
            update variation set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now()\(sql: also) where id = \(id)
            """)
    }

    static func submit(_ id: VariationID, by person: PersonID, before: PostgresJSON, after: PostgresJSON)
        -> Statement<Void>
    {
        move(
            "variation.submit", id, to: .submitted, by: .submit,
            ", requested_by = \(person), before = \(before), after = \(after)")
    }

    static func assess(_ id: VariationID, by person: PersonID, _ assessment: String) -> Statement<Void> {
        move(
            "variation.assess", id, to: .assessed, by: .assess,
            ", assessed_by = \(person), assessment = \(assessment)")
    }

    static func approve(_ id: VariationID, by person: PersonID, on uplift: ApprovalID?, because reason: String?)
        -> Statement<Void>
    {
        move(
            "variation.approve", id, to: .approved, by: .approve,
            ", approved_by = \(person), approval_id = \(uplift), decision_reason = \(reason)")
    }

    static func move(_ id: VariationID, to state: Variation.State, by event: VariationEvent, because reason: String)
        -> Statement<Void>
    {
        move("variation.move_because", id, to: state, by: event, ", decision_reason = \(reason)")
    }

    static func takeEffect(_ id: VariationID) -> Statement<Void> {
        move("variation.take_effect", id, to: .inEffect, by: .takeEffect, "")
    }
}
