import Domain
import Postgres

/// One saved section of a draft.
struct SectionRecord: Sendable {
    let section: BidSection
    let json: String
    let version: Int
    let editedBy: String?
    let editedAt: Instant
}

/// What the database is asked about what bids say.
enum BidSectionStatements {
    /// All that the actor may read: an authority its own; appraisers from outside the summary and the evaluation.
    static func all(_ bid: BidID) -> Statement<SectionRecord> {
        Statement(
            "bid_section.all",
            """
            select s.section, s.content, s.version, e.name, s.edited_at
            from bid_section s join bid b on b.id = s.bid_id left join person e on e.id = s.edited_by
            where s.bid_id = \(bid)
                and (b.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'local_authority')
            """, decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> SectionRecord {
        try SectionRecord(
            section: row.read(), json: row.read(PostgresJSON.self).text, version: row.read(), editedBy: row.read(),
            editedAt: row.read())
    }

    /// The same, of the bid that an appraisal is of.
    static func all(of appraisal: AppraisalID) -> Statement<SectionRecord> {
        Statement(
            "bid_section.all_of_appraisal",
            """
            select s.section, s.content, s.version, e.name, s.edited_at
            from bid_section s left join person e on e.id = s.edited_by
            where s.bid_id = (select a.bid_id from appraisal a where a.id = \(appraisal))
                and (select actor.role()) = 'what_works'
            """, decode: record)
    }

    /// One section of a sealed bid as the database's door hands it out; no section where none has been saved.
    struct SealedSection: Sendable {
        let title: String
        let section: SectionRecord?
    }

    /// What a sealed bid says. The door records who asked and why, in this very statement.
    static func readSealed(
        _ bid: BidID, reason: String, address: String?, requestID: String
    ) -> Statement<SealedSection> {
        Statement(
            "bid_section.read_sealed",
            """
            select r.title, r.section, r.content, r.version, r.edited_by, r.edited_at
            from audit.read_sealed_bid(\(bid), \(reason), \(address), \(requestID)) as r
            """
        ) { row in
            let title: String = try row.read()
            let section: BidSection? = try row.read()
            let json: PostgresJSON? = try row.read()
            let version: Int? = try row.read()
            let editor: String? = try row.read()
            let at: Instant? = try row.read()
            guard let section, let json, let version, let at else { return SealedSection(title: title, section: nil) }
            return SealedSection(
                title: title,
                section: SectionRecord(
                    section: section, json: json.text, version: version, editedBy: editor, editedAt: at))
        }
    }

    /// The version of one section; 0 before the first saving.
    static func version(_ bid: BidID, _ section: BidSection) -> Statement<Int> {
        Statement(
            "bid_section.version",
            "select coalesce((select version from bid_section where bid_id = \(bid) and section = \(section)), 0)"
        ) { row in try row.read() }
    }

    static func insert(_ bid: BidID, _ section: BidSection, _ content: PostgresJSON, by person: PersonID) -> Statement<
        Void
    > {
        Statement(
            "bid_section.insert",
            """
            insert into bid_section (bid_id, section, content, edited_by)
            values (\(bid), \(section), \(content), \(person))
            """)
    }

    static func update(_ bid: BidID, _ section: BidSection, _ content: PostgresJSON, by person: PersonID) -> Statement<
        Void
    > {
        Statement(
            "bid_section.update",
            """
            update bid_section set content = \(content), version = version + 1, edited_by = \(person), edited_at = now()
            where bid_id = \(bid) and section = \(section)
            """)
    }

    /// The bid remembers who edited last, and takes its title from the summary.
    static func touch(_ bid: BidID, by person: PersonID, title: String?, requested: Money?) -> Statement<Void> {
        Statement(
            "bid.touch",
            """
            update bid set last_editor_id = \(person), updated_at = now(), version = version + 1,
                title = coalesce(\(title), title), requested = coalesce(\(requested), requested)
            where id = \(bid)
            """)
    }

    /// What was submitted last, word for word.
    static func submitted(_ bid: BidID) -> Statement<String> {
        Statement(
            "bid_version.content",
            """
            select v.content from bid_version v join bid b on b.id = v.bid_id
            where v.bid_id = \(bid) and v.number = b.content_version
            """
        ) { row in try row.read(PostgresJSON.self).text }
    }

    static func submitted(of appraisal: AppraisalID) -> Statement<String> {
        Statement(
            "bid_version.content_of_appraisal",
            """
            select v.content from bid_version v join bid b on b.id = v.bid_id
            where v.bid_id = (select a.bid_id from appraisal a where a.id = \(appraisal)) and v.number =
                b.content_version
            """
        ) { row in try row.read(PostgresJSON.self).text }
    }

    static func submitted(of approval: ApprovalID) -> Statement<String> {
        Statement(
            "bid_version.content_of_approval",
            """
            select v.content from bid_version v join bid b on b.id = v.bid_id
            where v.bid_id = (select a.bid_id from approval a where a.id = \(approval)) and v.number = b.content_version
            """
        ) { row in try row.read(PostgresJSON.self).text }
    }

    static func insertVersion(
        _ bid: BidID, number: Int, _ content: PostgresJSON, hash: [UInt8], statement: String, by certifier: PersonID
    ) -> Statement<Void> {
        Statement(
            "bid_version.insert",
            """
            insert into bid_version (bid_id, number, content, content_hash, statement_version, certified_by,
                submitted_at)
            values (\(bid), \(number), \(content), \(Bytes(hash)), \(statement), \(certifier), now())
            """)
    }

    static func insertOutcomes(_ bid: BidID, number: Int, _ outcomes: [BidContent.Outcome]) -> Statement<Void> {
        Statement(
            "bid_outcome.insert",
            """
            insert into bid_outcome (bid_id, number, position, indicator_code, is_primary, baseline, baseline_period,
                target,
                target_period)
            select \(bid), \(number), o.position, o.indicator, o.is_primary, o.baseline::numeric, o.baseline_period,
                o.target::numeric, o.target_period
            from unnest(\(outcomes.map(\.indicatorCode)), \(outcomes.map(\.isPrimary)), \(outcomes.map(\.baseline)),
                \(outcomes.map(\.baselinePeriod)), \(outcomes.map(\.target)), \(outcomes.map(\.targetPeriod)))
                with ordinality as o (indicator, is_primary, baseline, baseline_period, target, target_period, position)
            """)
    }

    /// The lines must be complete, as certification demands: those that are not are left out.
    static func insertCosts(_ bid: BidID, number: Int, _ lines: [BidContent.CostLine]) -> Statement<Void> {
        let complete = lines.compactMap { line in
            if let category = line.category, let year = line.year, let amount = line.amount {
                (category, year, amount, line.recurrent, line.inKind)
            } else {
                nil
            }
        }
        return Statement(
            "bid_cost_line.insert",
            """
            insert into bid_cost_line (bid_id, number, position, category, financial_year, amount, recurrent, in_kind)
            select \(bid), \(number), l.position, l.category, l.year, l.amount, l.recurrent, l.in_kind
            from unnest(\(complete.map(\.0.rawValue)), \(complete.map(\.1)), \(complete.map(\.2)), \(complete.map(\.3)),
                \(complete.map(\.4)))
                with ordinality as l (category, year, amount, recurrent, in_kind, position)
            """)
    }

    static let indicators = Statement<Indicator>(
        "indicator.active",
        "select code, name, unit, decimals, polarity, source from indicator where active order by name, code"
    ) { row in
        try Indicator(
            code: row.read(), name: row.read(), unit: row.read(), decimals: row.read(), polarity: row.read(),
            source: row.read())
    }

    /// The years for which the programme of the bid has a budget.
    static func years(_ bid: BidID) -> Statement<FinancialYear> {
        Statement(
            "bid.years",
            """
            select distinct l.financial_year from budget_line l
            join round r on r.programme_id = l.programme_id join bid b on b.round_id = r.id
            where b.id = \(bid) order by 1
            """
        ) { row in try row.read() }
    }
}
