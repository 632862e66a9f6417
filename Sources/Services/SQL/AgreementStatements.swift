import Domain
import Postgres

/// What the database is asked about agreements: versions, schedules, conditions, departures.
enum AgreementStatements {
    /// One version, or with `number` nil the current one.
    static func version(_ award: AwardID, _ number: Int?) -> Statement<AgreementRecord> {
        Statement(
            "agreement.version",
            """
            select v.number, v.content, v.rendered, v.canonical, v.content_hash
            from agreement_version v join award w on w.id = v.award_id
            where v.award_id = \(award) and v.number = coalesce(\(number), w.agreement_number)
                and \(AwardStatements.reach)
            """, decode: record)
    }

    /// The current version of the award that a claim draws on.
    static func version(of claim: ClaimID) -> Statement<AgreementRecord> {
        current("agreement.version_of_claim", "(select x.award_id from claim x where x.id = \(claim))")
    }

    /// The current version of the award that a variation changes.
    static func version(of variation: VariationID) -> Statement<AgreementRecord> {
        current("agreement.version_of_variation", "(select x.award_id from variation x where x.id = \(variation))")
    }

    private static func current(_ name: StaticString, _ award: SQL) -> Statement<AgreementRecord> {
        Statement(
            name,
            """
            select v.number, v.content, v.rendered, v.canonical, v.content_hash
            from agreement_version v join award w on w.id = v.award_id
            where w.id = \(award) and v.number = w.agreement_number and \(AwardStatements.reach)
            """, decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> AgreementRecord {
        try AgreementRecord(
            number: row.read(), content: row.read(PostgresJSON.self).text, rendered: row.read(),
            canonical: row.read(), hash: row.read(Bytes.self).value)
    }

    static func versions(_ award: AwardID) -> Statement<AgreementVersionRow> {
        Statement(
            "agreement.versions",
            """
            select v.number, v.maximum, v.starts_on, v.ends_on, encode(v.content_hash, 'hex'), coalesce(m.name, ''), v.at,
                v.variation_id
            from agreement_version v join award w on w.id = v.award_id left join person m on m.id = v.made_by
            where v.award_id = \(award) and \(AwardStatements.reach) order by v.number
            """
        ) { row in
            try AgreementVersionRow(
                number: row.read(), maximum: row.read(), starts: row.read(), ends: row.read(), hash: row.read(),
                madeBy: row.read(), at: row.read(), variation: row.read())
        }
    }

    /// The current schedule with the gate of each instalment that still waits for money.
    static func standing(_ award: AwardID) -> Statement<InstalmentView> {
        standing("agreement.standing", "\(award)")
    }

    static func standing(of claim: ClaimID) -> Statement<InstalmentView> {
        standing("agreement.standing_of_claim", "(select x.award_id from claim x where x.id = \(claim))")
    }

    static func standing(of variation: VariationID) -> Statement<InstalmentView> {
        standing("agreement.standing_of_variation", "(select x.award_id from variation x where x.id = \(variation))")
    }

    private static func standing(_ name: StaticString, _ award: SQL) -> Statement<InstalmentView> {
        Statement(
            name,
            """
            select s.instalment_id, s.position, s.amount, s.kind, s.financial_year, s.due_on, s.milestone, s.state,
                s.claim_id, coalesce(s.claimed, 0)::numeric(14,2), coalesce(s.paid, 0)::numeric(14,2),
                coalesce(g.milestone, s.milestone), coalesce(g.open, false), coalesce(g.waiting_on, ''), g.since
            from award w cross join lateral public.instalment_standing(w.id) as s
            left join lateral public.instalment_gate(w.id, s.position) as g on true
            where w.id = \(award) and \(AwardStatements.reach) order by s.position
            """
        ) { row in
            try InstalmentView(
                id: row.read(), position: row.read(), amount: row.read(), kind: row.read(), year: row.read(),
                dueOn: row.read(), milestone: row.read(), status: row.read(), claim: row.read(), claimed: row.read(),
                paid: row.read(),
                gate: EvaluationGate(
                    milestone: row.read(), isOpen: row.read(), waitingOn: row.read(), since: row.read()))
        }
    }

    /// The current conditions, each with what was found of it last.
    static func conditions(_ award: AwardID) -> Statement<ConditionView> {
        conditions("agreement.conditions", "\(award)")
    }

    static func conditions(of claim: ClaimID) -> Statement<ConditionView> {
        conditions("agreement.conditions_of_claim", "(select x.award_id from claim x where x.id = \(claim))")
    }

    private static func conditions(_ name: StaticString, _ award: SQL) -> Statement<ConditionView> {
        Statement(
            name,
            """
            select c.code, c.text, c.kind, c.due_on, f.met, f.evidence, f.name, f.at
            from award w join award_condition c on c.award_id = w.id and c.agreement_number = w.agreement_number
            left join lateral (
                select x.met, x.evidence, p.name, x.at from condition_finding x left join person p on p.id = x.found_by
                where x.award_id = c.award_id and x.code = c.code order by x.at desc, x.id desc limit 1) f on true
            where w.id = \(award) and \(AwardStatements.reach) order by c.code
            """
        ) { row in
            try ConditionView(
                code: row.read(), text: row.read(), kind: row.read(), dueOn: row.read(), isMet: row.read(),
                evidence: row.read(), foundBy: row.read(), foundAt: row.read())
        }
    }

    static func departures(_ award: AwardID) -> Statement<DepartureView> {
        Statement(
            "agreement.departures",
            """
            select d.subject, d.reason, coalesce(p.name, ''), d.at
            from agreement_departure d join award w on w.id = d.award_id left join person p on p.id = d.approved_by
            where d.award_id = \(award) and \(AwardStatements.reach) order by d.at, d.id
            """
        ) { row in
            try DepartureView(subject: row.read(), reason: row.read(), approvedBy: row.read(), at: row.read())
        }
    }

    /// What was approved for each year and kind of an award: by its approval, and by the uplifts of variations in effect.
    static func years(_ award: AwardID) -> Statement<BudgetLine> { years("agreement.years", "\(award)") }

    static func years(of variation: VariationID) -> Statement<BudgetLine> {
        years("agreement.years_of_variation", "(select x.award_id from variation x where x.id = \(variation))")
    }

    private static func years(_ name: StaticString, _ award: SQL) -> Statement<BudgetLine> {
        Statement(
            name,
            """
            select y.financial_year, y.kind, y.amount::numeric(14,2) from public.award_years(\(award)) as y
            order by y.financial_year, y.kind desc
            """, decode: year)
    }

    /// The same for a bid that has no award yet.
    static func years(ofBid bid: BidID) -> Statement<BudgetLine> {
        Statement(
            "agreement.years_of_bid",
            """
            select y.financial_year, y.kind, sum(y.amount)::numeric(14,2)
            from approval a join approval_year y on y.approval_id = a.id and y.content_hash = a.content_hash
            where a.bid_id = \(bid) and a.kind = 'award' and a.state = 'approved'
            group by y.financial_year, y.kind order by y.financial_year, y.kind desc
            """, decode: year)
    }

    private static func year(_ row: inout RowReader) throws -> BudgetLine {
        try BudgetLine(year: row.read(), kind: row.read(), amount: row.read())
    }

    static func insertDeparture(
        _ award: AwardID, from subject: Agreement.Departure.Subject, because reason: String, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "agreement.insert_departure",
            """
            insert into agreement_departure (id, award_id, subject, reason, approved_by)
            values (\(Identifier<DepartureView>.fresh()), \(award), \(subject), \(reason), \(person))
            """)
    }

    static func insertFinding(
        _ award: AwardID, code: String, met: Bool, evidence: String, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "agreement.insert_finding",
            """
            insert into condition_finding (id, award_id, code, met, evidence, found_by)
            values (\(Identifier<ConditionView>.fresh()), \(award), \(code), \(met), \(evidence), \(person))
            """)
    }

    /// A new version with its schedule and its conditions, all in the transaction of the act that makes it.
    static func insert(_ version: NewAgreementVersion) -> [Statement<Void>] {
        let content = version.content
        return [
            Statement(
                "agreement.insert",
                """
                insert into agreement_version (id, award_id, number, variation_id, instrument, conditionality,
                    determination_no, maximum, starts_on, ends_on, retrospective_approval, frequency, mode,
                    advance_reason, evaluation_budget, clauses, categories, indicators, content, canonical, rendered,
                    content_hash, made_by)
                values (\(AgreementVersionID.fresh()), \(version.award), \(version.number), \(version.variation),
                    \(content.instrument), \(content.conditionality), \(content.determinationNumber.orNil),
                    \(content.maximum), \(content.starts), \(content.ends), \(content.retrospectiveApproval.orNil),
                    \(content.frequency), \(content.mode), \(content.advanceReason.orNil),
                    coalesce(\(content.evaluationBudget), 0), \(content.clauses.map(\.rawValue)),
                    \(content.categories.map(\.rawValue)), \(content.indicators), \(version.json),
                    \(version.canonical), \(version.rendered), \(Bytes(version.hash)), \(version.maker))
                """),
            insertInstalments(version),
            insertConditions(version),
        ]
    }

    private static func insertInstalments(_ version: NewAgreementVersion) -> Statement<Void> {
        let plan = version.content.instalments
        return Statement(
            "agreement.insert_instalments",
            """
            insert into instalment (id, award_id, agreement_number, position, amount, kind, due_on, milestone)
            select i.id, \(version.award), \(version.number), i.position, i.amount, i.kind, i.due_on, i.milestone
            from unnest(\(plan.map { _ in InstalmentID.fresh() }), \(plan.map(\.amount)), \(plan.map(\.kind.rawValue)),
                \(plan.map(\.dueOn)), \(plan.map(\.milestone.rawValue)))
                with ordinality as i (id, amount, kind, due_on, milestone, position)
            """)
    }

    private static func insertConditions(_ version: NewAgreementVersion) -> Statement<Void> {
        let conditions = version.content.conditions
        return Statement(
            "agreement.insert_conditions",
            """
            insert into award_condition (award_id, agreement_number, code, text, kind, due_on)
            select \(version.award), \(version.number), c.code, c.text, c.kind, c.due_on
            from unnest(\(conditions.map(\.code)), \(conditions.map(\.text)), \(conditions.map { $0.kind?.rawValue }),
                \(conditions.map(\.due))) as c (code, text, kind, due_on)
            """)
    }
}

/// A version of an agreement as its row has it.
struct AgreementRecord: Sendable {
    let number: Int
    let content: String
    let rendered: String
    let canonical: String
    let hash: [UInt8]

    /// What it says.
    var agreement: Agreement { get throws { try JSON.value(content) } }
    /// The text that the digest is of.
    var signedText: String { canonical + "\n" + rendered }
}

/// What a new version is made of.
struct NewAgreementVersion: Sendable {
    let award: AwardID
    let number: Int
    let variation: VariationID?
    let content: Agreement
    let json: PostgresJSON
    let canonical: String
    let rendered: String
    let hash: [UInt8]
    let maker: PersonID

    /// Renders what is agreed and takes its digest.
    init(
        _ content: Agreement, of record: AwardRecord, number: Int, indicators: [Indicator], by maker: PersonID,
        variation: VariationID? = nil
    ) throws {
        award = record.award.id
        self.number = number
        self.variation = variation
        self.content = content
        json = PostgresJSON(try JSON.encode(content))
        canonical = AgreementRules.canonicalText(content, bid: record.award.bid, recipient: record.award.organisation)
        rendered = content.document(record.parties(number, indicators)).text
        hash = digest(canonical + "\n" + rendered)
        self.maker = maker
    }
}

extension String {
    /// Nil when there is nothing to read.
    var orNil: String? { allSatisfy(\.isWhitespace) ? nil : self }
}
