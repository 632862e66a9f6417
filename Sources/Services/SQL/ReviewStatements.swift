import Domain
import FoundationEssentials
import Postgres

/// A review as its row has it.
struct ReviewRecord: Sendable {
    let review: Review
    let plan: EvaluationPlanID?
    let report: EvaluationReportID?
    let rubricVersion: Int
    let reason: String?
    let signedAt: Instant?
    let reviewerName: String?
    let reviewerOrganisation: String?
    /// Title and reference of what is reviewed, and which submission is current.
    let title: String
    let paperReference: String
    let currentSubmission: Int
    let paperState: String
    let estimatesImpact: Bool
    let of: EvaluationRecord

    var paper: EvaluationPaper? {
        plan.map { .plan($0) } ?? report.map { .report($0) }
    }

    /// What is true of it for the person who asks: it is assigned to its reviewer.
    func facts(for subject: Subject) -> Permission.Facts {
        var facts = of.facts(for: subject)
        facts.assignees = [review.reviewer]
        facts.person = review.reviewer
        return facts
    }
}

/// What the database is asked about reviews.
enum ReviewStatements {
    private static let columns: SQL = """
        w.id, w.reference, w.kind, w.evaluation_id, w.bid_id, w.submission, w.reviewer_id, w.is_third, w.due_on, w.state,
        w.version, w.plan_id, w.report_id, w.rubric_version, w.reason, w.signed_at, n.name, n.organisation_name,
        coalesce(er.title, e.title), coalesce(ep.reference, er.reference), coalesce(ep.submission, er.submission),
        coalesce(ep.state, er.state), public.claims_impact(w.kind, coalesce(w.plan_id, w.report_id), w.submission),
        \(EvaluationStatements.columns)
        from review w join evaluation e on e.id = w.evaluation_id \(EvaluationStatements.tables)
        left join evaluation_plan ep on ep.id = w.plan_id left join evaluation_report er on er.id = w.report_id
        cross join lateral public.reviewer_name(w.id) as n
        """

    private static func record(_ row: inout RowReader) throws -> ReviewRecord {
        let review = try Review(
            id: row.read(), reference: row.read(), kind: row.read(), evaluation: row.read(), bid: row.read(),
            submission: row.read(), reviewer: row.read(), isThird: row.read(), dueOn: row.read(), state: row.read(),
            version: row.read())
        return try ReviewRecord(
            review: review, plan: row.read(), report: row.read(), rubricVersion: row.read(), reason: row.read(),
            signedAt: row.read(), reviewerName: row.read(), reviewerOrganisation: row.read(), title: row.read(),
            paperReference: row.read(), currentSubmission: row.read(), paperState: row.read(),
            estimatesImpact: row.read(), of: EvaluationStatements.record(&row))
    }

    static func find(_ id: ReviewID) -> Statement<ReviewRecord> {
        Statement("review.find", "select \(columns) where w.id = \(id)", decode: record)
    }

    static func lock(_ id: ReviewID) -> Statement<ReviewRecord> {
        Statement("review.lock", "select \(columns) where w.id = \(id) for no key update of w", decode: record)
    }

    /// All reviews of a plan or report that the actor may see, newest submission first.
    static func of(_ paper: EvaluationPaper) -> Statement<ReviewRecord> {
        Statement(
            "review.of_paper",
            """
            select \(columns) where coalesce(w.plan_id, w.report_id) = \(paper.id)
            order by w.submission desc, w.created_at, w.id
            """, decode: record)
    }

    /// The actor's own, what waits first, the first due first.
    static func mine(after: (Int, Day, ReviewID)?, limit: Int) -> Statement<ReviewRow> {
        Statement(
            "review.mine",
            """
            select w.id, w.reference, w.kind, coalesce(er.title, e.title), o.name, w.due_on, w.state, w.is_third
            from review w join evaluation e on e.id = w.evaluation_id join organisation o on o.id = e.organisation_id
            left join evaluation_report er on er.id = w.report_id
            cross join lateral (select case when w.state in ('final', 'declined', 'withdrawn') then 1 else 0 end as place) k
            where w.reviewer_id = (select actor.person_id()) and (\(after?.0)::bigint is null
                or (k.place, w.due_on, w.id) > (\(after?.0), \(after?.1), \(after?.2)))
            order by k.place, w.due_on, w.id limit \(limit)
            """
        ) { row in
            try ReviewRow(
                id: row.read(), reference: row.read(), kind: row.read(), title: row.read(), authorityName: row.read(),
                dueOn: row.read(), state: row.read(), isThird: row.read())
        }
    }

    // MARK: Rubric

    static func criteria(_ version: SQL) -> Statement<Rubric.Criterion> {
        Statement(
            "review.criteria",
            """
            select code, title, protocol_weight, report_weight, protocol_gate, report_gate, best, worst
            from rubric_criterion where rubric_version = \(version) order by position
            """
        ) { row in
            try Rubric.Criterion(
                code: row.read(), title: row.read(), protocolWeight: row.read(), reportWeight: row.read(),
                protocolGate: row.read(), reportGate: row.read(), best: row.read(), worst: row.read())
        }
    }

    static func anchors(_ version: SQL) -> Statement<String> {
        Statement(
            "review.anchors", "select meaning from rubric_anchor where rubric_version = \(version) order by value"
        ) { row in try row.read() }
    }

    /// The rubric of a review, and the newest one.
    static func version(of id: ReviewID) -> SQL { "(select x.rubric_version from review x where x.id = \(id))" }
    static let newest: SQL = "(select max(x.version) from rubric x)"

    // MARK: What hangs on a review

    /// The newest score on each criterion.
    static func scores(_ id: ReviewID) -> Statement<ReviewScore> {
        Statement(
            "review.scores",
            """
            select distinct on (criterion) criterion, value, rationale from review_score where review_id = \(id)
            order by criterion, recorded_at desc, id desc
            """
        ) { row in try ReviewScore(criterion: row.read(), value: row.read(), rationale: row.read()) }
    }

    /// The newest scores of every review of a plan or report that the actor may read.
    static func scores(of paper: EvaluationPaper) -> Statement<PaperScore> {
        Statement(
            "review.scores_of_paper",
            """
            select distinct on (s.review_id, s.criterion) s.review_id, s.criterion, s.value, s.rationale
            from review_score s join review w on w.id = s.review_id
            where coalesce(w.plan_id, w.report_id) = \(paper.id)
            order by s.review_id, s.criterion, s.recorded_at desc, s.id desc
            """
        ) { row in
            try PaperScore(
                review: row.read(),
                score: ReviewScore(criterion: row.read(), value: row.read(), rationale: row.read()))
        }
    }

    static func insertScores(_ scores: [ReviewScore], in id: ReviewID, by person: PersonID) -> Statement<Void> {
        Statement(
            "review.insert_scores",
            """
            insert into review_score (id, review_id, criterion, value, rationale, recorded_by)
            select s.id, \(id), s.criterion, s.value, s.rationale, \(person)
            from unnest(\(scores.map { _ in Identifier<ReviewScore>.fresh() }), \(scores.map(\.criterion)),
                \(scores.map(\.value)), \(scores.map(\.rationale))) as s (id, criterion, value, rationale)
            """)
    }

    static func touch(_ id: ReviewID) -> Statement<Void> {
        Statement("review.touch", "update review set version = version + 1 where id = \(id)")
    }

    static func items(of paper: EvaluationPaper) -> Statement<ReviewItemView> {
        items("coalesce(w.plan_id, w.report_id) = \(paper.id)")
    }

    static func items(_ id: ReviewID) -> Statement<ReviewItemView> { items("i.review_id = \(id)") }

    private static func items(_ predicate: SQL) -> Statement<ReviewItemView> {
        Statement(
            "review.items",
            """
            select i.id, i.review_id, w.submission, i.kind, i.criterion, i.body, c.note
            from review_item i join review w on w.id = i.review_id left join review_item_closure c on c.item_id = i.id
            where \(predicate) order by w.submission desc, i.at, i.id
            """
        ) { row in
            try ReviewItemView(
                id: row.read(), review: row.read(), submission: row.read(),
                isMustFix: row.read(String.self) == "must_fix",
                criterion: row.read(), body: row.read(), closedWith: row.read())
        }
    }

    static func insertItem(
        _ id: ReviewItemID, in review: ReviewID, mustFix: Bool, criterion: String?, body: String, by person: PersonID
    )
        -> Statement<Void>
    {
        Statement(
            "review.insert_item",
            """
            insert into review_item (id, review_id, kind, criterion, body, made_by)
            values (\(id), \(review), \(mustFix ? "must_fix" : "should_fix"), \(criterion), \(body), \(person))
            """)
    }

    static func closeItem(_ id: ReviewItemID, note: String, by person: PersonID) -> Statement<Void> {
        Statement(
            "review.close_item",
            "insert into review_item_closure (item_id, note, closed_by) values (\(id), \(note), \(person))")
    }

    static func notes(_ id: ReviewID) -> Statement<String> {
        Statement("review.notes", "select n.body from review_note n where n.review_id = \(id) order by n.at, n.id") {
            row in try row.read()
        }
    }

    static func insertNote(in review: ReviewID, _ body: String, by person: PersonID) -> Statement<Void> {
        Statement(
            "review.insert_note",
            """
            insert into review_note (id, review_id, body, made_by) values (public.uuid7(), \(review), \(body), \(person))
            """)
    }

    /// Declarations of the reviewer in this case, newest first: one that was made for the protocol counts for the report.
    static func declarations(of id: ReviewID) -> Statement<DeclarationView> {
        Statement(
            "review.declarations",
            """
            select d.id, d.answer = 'declared', d.kinds, d.detail, d.at, g.outcome, g.reason
            from review w join conflict_declaration d on d.bid_id = w.bid_id and d.person_id = w.reviewer_id
            left join conflict_ruling g on g.declaration_id = d.id
            where w.id = \(id) order by d.at desc, d.id desc
            """
        ) { row in
            try DeclarationView(
                id: row.read(), isDeclared: row.read(), kinds: row.read([String].self), detail: row.read(),
                at: row.read(),
                ruling: row.read(), rulingReason: row.read())
        }
    }

    static func insertDeclaration(
        in review: Review, kinds: [Review.Interest], detail: String, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "review.insert_declaration",
            """
            insert into conflict_declaration (id, review_id, bid_id, person_id, answer, kinds, detail)
            values (public.uuid7(), \(review.id), \(review.bid), \(person), \(kinds.isEmpty ? "none" : "declared"),
                \(kinds.map(\.rawValue)), \(detail))
            """)
    }

    static func insertRuling(on declaration: DeclarationID, managed: Bool, reason: String, by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            "review.insert_ruling",
            """
            insert into conflict_ruling (id, declaration_id, outcome, reason, ruled_by)
            values (public.uuid7(), \(declaration), \(managed ? "managed" : "recused"), \(reason), \(person))
            """)
    }

    // MARK: Leading

    static func insert(
        _ id: ReviewID, _ paper: EvaluationPaper, of record: EvaluationRecord, reviewer: PersonID, isThird: Bool,
        dueOn: Day,
        by lead: PersonID
    ) -> Statement<Void> {
        Statement(
            "review.insert",
            """
            insert into review (id, reference, kind, evaluation_id, plan_id, report_id, bid_id, organisation_id, reviewer_id,
                is_third, rubric_version, due_on, invited_by)
            values (\(id), public.next_reference('REV'), \(paper.kind), \(record.evaluation.id), \(paper.plan), \(paper.report),
                \(record.evaluation.bid), \(record.evaluation.recipient), \(reviewer), \(isThird), \(newest), \(dueOn),
                \(lead))
            """)
    }

    static func move(_ id: ReviewID, _ event: ReviewEvent, to state: Review.State, reason: String? = nil)
        -> Statement<Void>
    {
        Statement(
            "review.move",
            "update review set \(SQL.moved(event, to: state)), reason = coalesce(\(reason), reason) where id = \(id)")
    }

    static func candidates(_ paper: EvaluationPaper) -> Statement<ReviewerChoice> {
        Statement(
            "review.candidates",
            """
            select person_id, name, organisation_name, in_hand from public.review_candidates(\(paper.kind), \(paper.id))
            """
        ) { row in
            try ReviewerChoice(id: row.read(), name: row.read(), organisationName: row.read(), inHand: row.read())
        }
    }

    /// What permission and the rules ask about somebody who is to review; nil when the review lead may not ask them.
    static func ledger(_ paper: EvaluationPaper) -> Statement<Duty.Performed> {
        Statement(
            "review.ledger",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.case_id = coalesce((select p.bid_id from evaluation_plan p where p.id = \(paper.id)),
                (select r.bid_id from evaluation_report r where r.id = \(paper.id)))
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    static func ledger(ofReview id: ReviewID) -> Statement<Duty.Performed> {
        Statement(
            "review.ledger_of_review",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.case_id = (select w.bid_id from review w where w.id = \(id))
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    static func rulings(of paper: EvaluationPaper) -> Statement<AdjudicationView> {
        Statement(
            "review.rulings",
            """
            select a.submission, a.criterion, a.value, a.reason from adjudication a
            where coalesce(a.plan_id, a.report_id) = \(paper.id) order by a.submission desc, a.at
            """
        ) { row in
            try AdjudicationView(submission: row.read(), criterion: row.read(), value: row.read(), reason: row.read())
        }
    }

    static func adjudicate(
        _ paper: EvaluationPaper, criterion: String, value: Int, reason: String, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "review.adjudicate",
            """
            insert into adjudication (id, plan_id, report_id, criterion, value, reason, decided_by)
            values (public.uuid7(), \(paper.plan), \(paper.report), \(criterion), \(value), \(reason), \(person))
            """)
    }

    /// Pairs of final scores on the same criterion of the same submission, the earlier review first.
    static func pairs(kind: Review.Kind?) -> Statement<ScorePair> {
        Statement(
            "review.pairs",
            """
            with newest as (
                select distinct on (s.review_id, s.criterion) s.review_id, s.criterion, s.value
                from review_score s order by s.review_id, s.criterion, s.recorded_at desc, s.id desc),
            given as (
                select coalesce(w.plan_id, w.report_id) as paper, w.submission, n.criterion, n.value,
                    row_number() over (partition by coalesce(w.plan_id, w.report_id), w.submission, n.criterion
                        order by w.created_at, w.id) as place
                from review w join newest n on n.review_id = w.id
                where w.state = 'final' and not w.is_third and n.value is not null
                    and (\(kind?.rawValue)::text is null or w.kind = \(kind?.rawValue)))
            select a.criterion, a.value, b.value
            from given a join given b using (paper, submission, criterion)
            where a.place = 1 and b.place = 2
            """
        ) { row in try ScorePair(criterion: row.read(), first: row.read(), second: row.read()) }
    }

    /// What waits for a review lead: submissions to be given out, and those under review.
    static let desk = Statement<DeskRow>(
        "review.desk",
        """
        select x.kind, x.id, x.reference, x.title, x.authority, x.evaluator, x.state, x.submission,
            (select count(*) from review w where coalesce(w.plan_id, w.report_id) = x.id and w.submission = x.submission
                and w.state not in ('declined', 'withdrawn')),
            (select count(*) from review w where coalesce(w.plan_id, w.report_id) = x.id and w.submission = x.submission
                and w.state = 'final'),
            (select count(*) from review w where coalesce(w.plan_id, w.report_id) = x.id and w.state = 'locked')
        from (
            select 'protocol' as kind, p.id, p.reference, e.title, o.name as authority, v.name as evaluator, p.state,
                p.submission, p.created_at
            from evaluation_plan p join evaluation e on e.id = p.evaluation_id
            join organisation o on o.id = e.organisation_id left join organisation v on v.id = e.evaluator_id
            where p.state in ('submitted', 'in_review') and p.bid_id = any ((select actor.led_bids())::uuid[])
            union all
            select 'report', r.id, r.reference, r.title, o.name, v.name, r.state, r.submission, r.created_at
            from evaluation_report r join evaluation e on e.id = r.evaluation_id
            join organisation o on o.id = e.organisation_id left join organisation v on v.id = e.evaluator_id
            where r.state in ('submitted', 'peer_review') and r.bid_id = any ((select actor.led_bids())::uuid[])) as x
        order by x.created_at, x.id limit 100
        """
    ) { row in
        try DeskRow(
            kind: row.read(), id: row.read(UUID.self), reference: row.read(), title: row.read(),
            authorityName: row.read(),
            evaluatorName: row.read(), state: row.read(), submission: row.read(), reviews: row.read(),
            finals: row.read(),
            locked: row.read())
    }
}

/// One score of one review of a plan or report.
struct PaperScore: Sendable {
    let review: ReviewID
    let score: ReviewScore
}

/// Two reviewers' scores on the same criterion of the same submission.
struct ScorePair: Sendable {
    let criterion: String
    let first: Int
    let second: Int
}
