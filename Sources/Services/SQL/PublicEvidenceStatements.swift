import Domain
import Postgres

/// What anybody may read of evidence and decisions: the views of the schema `published`, and nothing else.
enum PublicEvidenceStatements {
    private static let practiceColumns: SQL = """
        select p.practice_id, p.reference, p.name, p.summary, array(select jsonb_array_elements_text(p.core_components)),
            array(select jsonb_array_elements_text(p.adaptable_components)), p.population, p.unit_cost,
            coalesce(p.cost_unit, ''), p.price_year, coalesce(p.staff_needed, ''), coalesce(p.originator, ''),
            p.published_at, p.state, p.level, p.sms, p.padlock, p.direction
        from published.practice p
        """

    private static func practice(_ row: inout RowReader) throws -> PublicPractice {
        try PublicPractice(
            id: row.read(), reference: row.read(), name: row.read(), summary: row.read(), coreComponents: row.read(),
            adaptableComponents: row.read(), population: row.read(), unitCost: row.read(), costUnit: row.read(),
            priceYear: row.read(), staffNeeded: row.read(), originator: row.read(), publishedAt: row.read(),
            state: row.read(), level: row.read(), sms: row.read(), padlock: row.read(), direction: row.read())
    }

    /// Alphabetical: this is for finding, not for ranking.
    static func practices(after: (String, String)?, limit: Int) -> Statement<PublicPractice> {
        Statement(
            "published.practices",
            """
            \(practiceColumns)
            where (\(after?.0)::text is null or (p.name, p.reference) > (\(after?.0), \(after?.1)))
            order by p.name, p.reference limit \(limit)
            """, decode: practice)
    }

    static func practice(_ reference: String) -> Statement<PublicPractice> {
        Statement("published.practice", "\(practiceColumns) where p.reference = \(reference)", decode: practice)
    }

    private static let ratingColumns: SQL = """
        select r.reference, coalesce(p.reference, ''), r.practice, r.number, r.state, r.sms, r.padlock, r.level, r.emmie,
            r.cost_band, r.direction, r.consistency, r.rationale, r.departure_reason, r.replicated, r.agreed_at,
            r.next_review_on, case when r.state = 'review_needed' then r.review_cause end, r.reports
        from published.rating r left join published.practice p on p.practice_id = r.practice_id
        """

    private static func rating(_ row: inout RowReader) throws -> PublicRating {
        let reference: String = try row.read()
        let practiceReference: String = try row.read()
        let practice: String = try row.read()
        let number: Int = try row.read()
        let state: EvidenceRating.State = try row.read()
        var content = EvidenceRating.Content()
        content.sms = try row.read()
        content.padlock = try row.read()
        content.level = try row.read()
        let emmie = try row.read(PostgresJSON.self).text
        content.emmie = emmie == "{}" ? EvidenceRating.Emmie() : try JSON.value(emmie)
        content.costBand = try row.read()
        content.direction = try row.read()
        content.consistency = try row.read()
        content.rationale = try row.read()
        content.departureReason = try row.read()
        return try PublicRating(
            reference: reference, practiceReference: practiceReference, practice: practice, number: number,
            state: state,
            content: content, replicated: row.read(), agreedAt: row.read(), nextReviewOn: row.read(), cause: row.read(),
            reports: JSON.value(row.read(PostgresJSON.self).text))
    }

    /// Those in force, by name of the practice.
    static func ratings(after: (String, String)?, limit: Int) -> Statement<PublicRating> {
        Statement(
            "published.ratings",
            """
            \(ratingColumns)
            where r.state in ('agreed', 'review_needed')
                and (\(after?.0)::text is null or (r.practice, r.reference) > (\(after?.0), \(after?.1)))
            order by r.practice, r.reference limit \(limit)
            """, decode: rating)
    }

    static func rating(_ reference: String) -> Statement<PublicRating> {
        Statement("published.rating", "\(ratingColumns) where r.reference = \(reference)", decode: rating)
    }

    static func ratings(ofPractice reference: String) -> Statement<PublicRating> {
        Statement(
            "published.ratings_of", "\(ratingColumns) where p.reference = \(reference) order by r.number desc",
            decode: rating)
    }

    private static let decisionColumns: SQL = """
        select d.reference, d.title, d.practice, coalesce(p.reference, ''), d.programme, d.question, d.recommendation,
            d.recommendation_reason, d.override, d.override_reason, d.evidence_to_follow, d.evidence_due_on, d.stop_rule,
            coalesce(d.external_decision_ref, ''), d.expected_cost, d.reach_authorities, d.equity, d.level_at_decision,
            d.sms_at_decision, coalesce(d.replicated_at_decision, false), d.padlock_at_decision,
            coalesce(d.sufficient, false), d.decided_at, d.announced_at, d.review_on, d.reviewed_at, d.review_outcome,
            d.evidence_change, d.evidence_changed_at
        from published.decision d left join published.practice p on p.practice_id = d.practice_id
        """

    private static func decision(_ row: inout RowReader) throws -> PublicDecision {
        try PublicDecision(
            reference: row.read(), title: row.read(), practice: row.read(), practiceReference: row.read(),
            programme: row.read(), question: row.read(), advice: advice(&row), expectedCost: row.read(),
            reachAuthorities: row.read(), equity: row.read(),
            standing: AdoptionDecisionRules.Standing(level: row.read(), sms: row.read(), replicated: row.read()),
            padlock: row.read(), sufficient: row.read(), decidedAt: row.read(), announcedAt: row.read(),
            reviewOn: row.read(), reviewedAt: row.read(), reviewOutcome: row.read(), change: row.read(),
            changedAt: row.read())
    }

    private static func advice(_ row: inout RowReader) throws -> AdoptionDecision.Advice {
        var advice = AdoptionDecision.Advice()
        advice.recommendation = try row.read()
        advice.reason = try row.read()
        let overridden: Bool = try row.read()
        var override = AdoptionDecision.Override()
        override.reason = try row.read()
        override.evidenceToFollow = try row.read()
        override.evidenceDue = try row.read()
        override.stopRule = try row.read()
        advice.override = overridden ? override : nil
        advice.externalReference = try row.read()
        return advice
    }

    /// The newest announcement first.
    static func decisions(after: String?, limit: Int) -> Statement<PublicDecision> {
        Statement(
            "published.decisions",
            """
            \(decisionColumns) where (\(after)::text is null or d.reference < \(after))
            order by d.reference desc limit \(limit)
            """, decode: decision)
    }

    static func decision(_ reference: String) -> Statement<PublicDecision> {
        Statement("published.decision", "\(decisionColumns) where d.reference = \(reference)", decode: decision)
    }

    static func decisions(ofPractice reference: String) -> Statement<PublicDecision> {
        Statement(
            "published.decisions_of", "\(decisionColumns) where p.reference = \(reference) order by d.reference desc",
            decode: decision)
    }

    static func pack(_ reference: String) -> Statement<EvidenceItem> {
        Statement(
            "published.pack",
            """
            select e.evidence_id, e.kind, e.report_id, e.report_version, e.rating_id, e.rating_number, e.title, e.direction,
                e.sms, e.due_on, e.bearing, e.note
            from published.decision_evidence e
            join published.decision d on d.decision_id = e.decision_id
            where d.reference = \(reference)
            order by case e.kind when 'rating' then 0 when 'report' then 1 else 2 end, e.title, e.evidence_id
            """
        ) { row in
            try EvidenceItem(
                id: row.read(), kind: row.read(), report: row.read(), reportVersion: row.read(), rating: row.read(),
                ratingNumber: row.read(), title: row.read(), direction: row.read(), sms: row.read(), dueOn: row.read(),
                bearing: row.read(), note: row.read())
        }
    }

    static func adoptions(ofPractice reference: String) -> Statement<PublicAdoption> {
        Statement(
            "published.adoptions",
            """
            select a.practice, a.organisation, a.state, a.since, a.verified_by, (a.coverage_pct * 100)::integer
            from published.adoption a join published.practice p on p.practice_id = a.practice_id
            where p.reference = \(reference) order by a.organisation
            """
        ) { row in
            try PublicAdoption(
                practice: row.read(), organisation: row.read(), state: row.read(), since: row.read(),
                verified: row.read(), coverage: row.read())
        }
    }

    static let counts = Statement<PublicCounts>(
        "published.counts",
        """
        select (select count(*) from published.award), (select count(*) from published.protocol where is_current),
            (select count(*) from published.report), (select count(*) from published.overdue_report),
            (select count(*) from published.practice), (select count(*) from published.decision)
        """
    ) { row in
        try PublicCounts(
            awards: row.read(), protocols: row.read(), reports: row.read(), overdue: row.read(), practices: row.read(),
            decisions: row.read())
    }

    /// The whole public record, the best match first.
    static func search(_ words: String, limit: Int) -> Statement<PublicHit> {
        Statement(
            "published.search",
            """
            with hit as (
                select 'award' as kind, a.reference, a.title, coalesce(a.organisation, '') || '. ' || coalesce(a.programme, '') as body
                from published.award a
                union all
                select 'protocol', p.reference, p.title, coalesce(p.authority, '') || '. ' || coalesce(p.evaluator, '')
                from published.protocol p where p.is_current
                union all
                select 'report', r.reference, r.title, coalesce(r.summary, '') || ' ' || coalesce(r.authority, '')
                from published.report r
                union all
                select 'practice', p.reference, p.name, p.summary || ' ' || p.population || ' ' || coalesce(p.originator, '')
                from published.practice p
                union all
                select 'rating', r.reference, r.practice || ': level ' || coalesce(r.level, ''), r.rationale
                from published.rating r where r.state <> 'superseded'
                union all
                select 'decision', d.reference, d.title, d.question || ' ' || d.recommendation_reason from published.decision d
            ), asked as (select websearch_to_tsquery('english', \(words)) as query)
            select h.kind, h.reference, h.title,
                ts_headline('english', h.body, a.query, 'MaxFragments=1, MaxWords=30, MinWords=12, StartSel="", StopSel=""')
            from hit h cross join asked a
            where to_tsvector('english', h.reference || ' ' || h.title || ' ' || h.body) @@ a.query
                or lower(h.reference) = lower(\(words))
            order by ts_rank(setweight(to_tsvector('english', h.title), 'A') || to_tsvector('english', h.body), a.query) desc,
                h.reference
            limit \(limit)
            """
        ) { row in
            try PublicHit(kind: row.read(), reference: row.read(), title: row.read(), excerpt: row.read())
        }
    }
}
