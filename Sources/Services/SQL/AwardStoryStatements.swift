import Domain
import Postgres

/// What else belongs to an award: each thing with a page of its own. Row security shows of it what the reader may see.
enum AwardStoryStatements {
    static func papers(of id: AwardID) -> Statement<AwardPaper> {
        Statement(
            "award.papers",
            """
            with it as (select a.id, a.bid_id from award a where a.id = \(id))
            select x.kind, x.id, x.reference, x.title, x.state from (
                select 1 as place, 'evaluation_plan' as kind, p.id, p.reference, e.title, p.state, p.created_at as at
                from it join evaluation e on e.award_id = it.id join evaluation_plan p on p.evaluation_id = e.id
                union all
                select 2, 'evaluation_report', r.id, r.reference, r.title, r.state, r.created_at
                from it join evaluation_report r on r.award_id = it.id
                union all
                select 3, 'monitoring_return', m.id, m.reference,
                    to_char(m.period_from, 'FMDD FMMonth YYYY') || ' to ' || to_char(m.period_to, 'FMDD FMMonth YYYY'), m.state,
                    m.period_from::timestamptz
                from it join monitoring_return m on m.award_id = it.id
                union all
                select 4, 'practice', p.id, p.reference, p.name, p.state, l.linked_at
                from it join practice_award l on l.bid_id = it.bid_id and l.ended_at is null
                join practice p on p.id = l.practice_id
                union all
                select 5, 'adoption_decision', d.id, d.reference, d.title, d.state, d.created_at
                from it join practice_award l on l.bid_id = it.bid_id and l.ended_at is null
                join adoption_decision d on d.practice_id = l.practice_id
                union all
                select 6, 'follow_up', f.id, f.reference, f.months || ' months after the end', f.state, f.opens_on::timestamptz
                from it join follow_up f on f.award_id = it.id) as x
            order by x.place, x.at, x.id limit 200
            """
        ) { row in
            try AwardPaper(
                object: ObjectReference(kind: row.read(), id: row.read()), reference: row.read(), title: row.read(),
                state: row.read())
        }
    }

    /// Who was appointed to evaluate.
    static func evaluator(of id: AwardID) -> Statement<String> {
        Statement(
            "award.evaluator",
            "select o.name from evaluation e join organisation o on o.id = e.evaluator_id where e.award_id = \(id)"
        ) { row in try row.read() }
    }
}
