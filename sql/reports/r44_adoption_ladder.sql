-- View 44 of spec/reports.md: how far did each practice spread?
--
-- One line for each practice and rung. Denominator: the authorities that exist at `as_at`, less the one where the practice began.
-- Numerator: authorities on the rungs that count as use (pilot, full, sustained). What somebody else has verified stands apart
-- from what the authority declares about itself.
drop function if exists report.r44_adoption_ladder(timestamptz, uuid);
create function report.r44_adoption_ladder(as_at timestamptz default now(), of_practice uuid default null)
    returns table (practice text, level text, rung text, authorities bigint, verified bigint, out_of bigint,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with live as (
        select o.id from public.organisation o
        where o.kind = 'local_authority' and (o.active_from is null or o.active_from <= (as_at at time zone 'Europe/London')::date)
            and (o.active_to is null or o.active_to >= (as_at at time zone 'Europe/London')::date)
    ), card as (
        select p.id, p.name, p.originator_id,
            (select count(*) from live l where l.id is distinct from p.originator_id) as out_of,
            coalesce((select r.level from public.evidence_rating r
                join report.states('evidence_rating', as_at) s on s.object_id = r.id and s.state in ('agreed', 'review_needed')
                where r.practice_id = p.id order by r.number desc limit 1), 'not rated') as level
        from public.practice p
        where (select report.sees_whole()) and (of_practice is null or p.id = of_practice)
            and exists (select from workflow.log l where l.machine = 'practice' and l.object_id = p.id and l.event = 'publish' and l.at <= as_at)
    ), stands as (
        select a.practice_id, s.state,
            exists (select from public.adoption_verification v
                where v.adoption_id = a.id and v.state = s.state and v.at <= as_at) as verified
        from public.la_adoption a
        join report.states('la_adoption', as_at) s on s.object_id = a.id
    )
    select c.name, c.level, replace(r.rung, '_', ' '), count(s.practice_id), count(*) filter (where s.verified), c.out_of,
        case when r.counts then count(s.practice_id) else 0 end, case when r.position = 1 then c.out_of else 0 end, 0::bigint, ''::text
    from card c
    cross join (values ('aware', 1, false), ('considering', 2, false), ('adopted_pilot', 3, true), ('adopted_full', 4, true),
                       ('sustained', 5, true), ('stopped', 6, false), ('rejected', 7, false)) as r (rung, position, counts)
    left join stands s on s.practice_id = c.id and s.state = r.rung
    group by c.id, c.name, c.level, c.out_of, r.rung, r.position, r.counts
    order by c.name, c.id, r.position
$$;

grant execute on function report.r44_adoption_ladder(timestamptz, uuid) to touchstone_app, touchstone_worker;
