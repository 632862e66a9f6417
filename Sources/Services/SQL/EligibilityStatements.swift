import Domain
import Postgres

/// One dated fact of an organisation, as it was on a day.
struct FactRecord: Sendable {
    let fact: OrganisationFact
    let value: String
    let validFrom: Day
    let source: String
}

/// What the database is asked for the check of eligibility.
enum EligibilityStatements {
    /// The lead organisation of a bid.
    static func organisation(ofBid bid: BidID) -> Statement<Organisation> {
        Statement(
            "eligibility.organisation",
            """
            select o.id, o.kind, o.dfe_code, o.name, o.active_from, o.active_to
            from organisation o where o.id = (select b.organisation_id from bid b where b.id = \(bid))
            """
        ) { row in
            try Organisation(
                id: row.read(), kind: row.read(), dfeCode: row.read(), name: row.read(), activeFrom: row.read(),
                activeTo: row.read())
        }
    }

    /// Facts of the lead organisation on the closing day in London, as they are known now.
    static func facts(ofBid bid: BidID) -> Statement<FactRecord> {
        Statement(
            "eligibility.facts",
            """
            select distinct on (f.fact) f.fact, f.value, f.valid_from, f.source
            from bid b
            join round r on r.id = b.round_id
            join organisation_fact f on f.organisation_id = b.organisation_id
            where b.id = \(bid) and f.valid_from <= (r.closes_at at time zone 'Europe/London')::date
                and (f.valid_to is null or (r.closes_at at time zone 'Europe/London')::date < f.valid_to)
            order by f.fact, f.valid_from desc, f.recorded_at desc
            """
        ) { row in
            try FactRecord(fact: row.read(), value: row.read(), validFrom: row.read(), source: row.read())
        }
    }

    /// The newest finding on each rule of the bid's round.
    static func findings(_ bid: BidID) -> Statement<FindingView> {
        findings(where: "f.bid_id = \(bid)")
    }

    /// The same for the bid that an approval is of.
    static func findings(of approval: ApprovalID) -> Statement<FindingView> {
        findings(where: "f.bid_id = (select a.bid_id from approval a where a.id = \(approval))")
    }

    private static func findings(where predicate: SQL) -> Statement<FindingView> {
        Statement(
            "eligibility.findings",
            """
            select x.rule_code, x.sentence, x.passed, x.evidence, x.as_at, x.recorded_at, x.name
            from (
                select distinct on (f.rule_code) f.rule_code, coalesce(e.sentence, f.rule_code) as sentence, f.passed,
                    f.evidence, f.as_at, f.recorded_at, coalesce(p.name, '') as name, coalesce(e.position, 0) as
                        position
                from eligibility_finding f
                join bid b on b.id = f.bid_id
                left join eligibility_rule e on e.round_id = b.round_id and e.code = f.rule_code
                left join person p on p.id = f.recorded_by
                where \(predicate)
                order by f.rule_code, f.recorded_at desc, f.id desc
            ) as x order by x.position, x.rule_code
            """
        ) { row in
            try FindingView(
                code: row.read(), sentence: row.read(), passed: row.read(), evidence: row.read(), asAt: row.read(),
                recordedAt: row.read(), recordedBy: row.read())
        }
    }

    static func insert(_ findings: [EligibilityFinding], of bid: BidID, by person: PersonID) -> Statement<Void> {
        Statement(
            "eligibility.insert",
            """
            insert into eligibility_finding (id, bid_id, rule_code, passed, evidence, as_at, recorded_by)
            select f.id, \(bid), f.code, f.passed, f.evidence, f.as_at, \(person)
            from unnest(\(findings.map { _ in Identifier<EligibilityFinding>.fresh() }), \(findings.map(\.code)),
                \(findings.map(\.passed)), \(findings.map(\.evidence)), \(findings.map(\.asAt)))
                as f (id, code, passed, evidence, as_at)
            """)
    }

    /// Who ran the check that is waiting for a finding.
    static func checker(_ bid: BidID) -> Statement<PersonID> {
        Statement(
            "eligibility.checker",
            """
            select recorded_by from eligibility_finding where bid_id = \(bid)
            order by recorded_at desc, id desc limit 1
            """
        ) { row in try row.read() }
    }
}
