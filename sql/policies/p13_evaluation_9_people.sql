-- Names that the review lead needs, and nobody else may have: who could review, and who does.

create or replace function public.review_candidates(kind text, subject uuid)
    returns table (person_id uuid, name text, organisation_name text, in_hand integer)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    about record := public.review_subject(review_candidates.kind, review_candidates.subject);
    wanted text := case review_candidates.kind when 'protocol' then 'RV' else 'PE' end;
begin
    if about.bid_id is null or not (about.bid_id = any (actor.led_bids())) then
        return;
    end if;
    return query
    select p.id, p.name, o.name,
        (select count(*)::integer from public.review r
            where r.reviewer_id = p.id and r.state in ('invited', 'accepted', 'coi_checked', 'in_progress', 'clarification'))
    from public.person p
    join public.organisation o on o.id = p.organisation_id
    join public.evaluation e on e.id = about.evaluation_id
    where p.state = 'active' and p.id <> actor.person_id() and public.holds_today(p.id, 'reviewer')
        and p.organisation_id is distinct from e.evaluator_id and p.organisation_id <> e.organisation_id
        and not exists (
            select from public.review r
            where coalesce(r.plan_id, r.report_id) = review_candidates.subject and r.submission = about.submission
                and r.reviewer_id = p.id and r.state not in ('declined', 'withdrawn'))
        and not exists (
            select from workflow.duty_performed d join workflow.duty_conflict x on x.duty = d.duty and x.other = wanted
            where d.case_id = about.bid_id and d.person_id = p.id)
    order by o.name, p.name, p.id;
end
$$;

-- Whoever may see a review may see whose it is: the policy of the review decides.
create or replace function public.reviewer_name(review uuid, out name text, out organisation_name text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    select p.name, o.name into name, organisation_name
    from public.review r join public.person p on p.id = r.reviewer_id join public.organisation o on o.id = p.organisation_id
    where r.id = reviewer_name.review and (r.reviewer_id = actor.person_id() or actor.role() = 'auditor'
        or r.bid_id = any (actor.led_bids()) or r.id = any (actor.peer_reviews()));
end
$$;

grant execute on function public.review_candidates(text, uuid), public.reviewer_name(uuid),
    public.claims_impact(text, uuid, integer) to touchstone_app;
