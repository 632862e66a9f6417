-- Who is told: the people behind an audience of Domain/Workflow.swift, for one object. The actor often may not see them, so the
-- database finds them and answers with ids alone. Without a live session that may write: nobody.
create or replace function public.audience(audience text, object_kind text, object_id uuid) returns setof uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record;
    codes text[] := case audience
        when 'programme_officers' then '{programme_officer}' when 'finance' then '{finance}' when 'approvers' then '{approver}'
        when 'senior_officer' then '{senior_officer_responsible}' when 'bid_editors' then '{la_editor}'
        when 'bid_certifiers' then '{la_certifier}' when 'round_bidders' then '{la_editor}'
        when 'signatories' then '{signatory}' when 'payment_releasers' then '{payment_releaser}'
        when 'what_works' then '{reviewer,review_lead}' when 'rating_panel' then '{rating_panel}'
        when 'review_leads' then '{review_lead}' when 'evaluation_authors' then '{evaluation_author}'
        when 'every_authority' then '{la_editor,la_certifier}' end;
begin
    if not (actor.may_write() or actor.is_system() or actor.is_operator()) then
        return;
    end if;
    select * into about from public.notice_context(object_kind, object_id);
    if audience in ('author', 'subject', 'appraiser', 'reviewer') then
        return query
        select p.id from public.person p
        where p.state in ('active', 'invited')
            and p.id = case audience when 'author' then about.author when 'subject' then about.subject else about.appraiser end;
    elsif audience = 'originators' then
        return query
        select distinct p.id from public.person p join public.capacity c on c.person_id = p.id
        where p.state = 'active' and c.code = 'la_certifier' and public.holds_today(p.id, 'la_certifier')
            and p.organisation_id = (
                select x.originator_id from public.la_adoption a join public.practice x on x.id = a.practice_id where a.id = audience.object_id);
    elsif audience = 'auditors' then
        return query select p.id from public.person p where p.role = 'auditor' and p.state = 'active';
    elsif audience = 'department' then
        return query
        select p.id from public.person p
        where p.role = 'department' and p.state = 'active' and p.organisation_id = coalesce(about.department, p.organisation_id);
    elsif audience = 'senior_officer' and about.senior_officer is not null then
        return query select p.id from public.person p where p.id = about.senior_officer and p.state = 'active';
    else
        return query
        select distinct p.id
        from public.person p
        join public.capacity c on c.person_id = p.id
        where p.state = 'active' and c.code = any (codes)
            and c.valid_from <= public.london_today() and (c.valid_to is null or public.london_today() <= c.valid_to)
            and not (c.ended_by is not null and c.valid_to <= public.london_today())
            and (c.scope_id is null or c.scope_id in (about.programme, about.round, about.bid, about.authority))
            and case audience
                when 'bid_editors' then p.organisation_id = about.authority
                when 'bid_certifiers' then p.organisation_id = about.authority
                when 'round_bidders' then exists (
                    select from public.bid b where b.round_id = about.round and b.organisation_id = p.organisation_id)
                when 'every_authority' then true
                when 'evaluation_authors' then p.organisation_id = about.evaluator
                when 'review_leads' then p.organisation_id is distinct from about.evaluator
                else p.organisation_id = coalesce(about.department, p.organisation_id) end;
    end if;
end
$$;

-- What an object hangs on.
drop function if exists public.notice_context(text, uuid);
create function public.notice_context(
    object_kind text, object_id uuid,
    out programme uuid, out round uuid, out bid uuid, out authority uuid, out department uuid, out senior_officer uuid,
    out author uuid, out subject uuid, out appraiser uuid, out evaluator uuid)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    case object_kind
        when 'appraisal' then
            select a.bid_id, a.assigned_by, a.appraiser_id into bid, author, appraiser
            from public.appraisal a where a.id = object_id;
        when 'approval' then
            select a.bid_id, a.prepared_by into bid, author from public.approval a where a.id = object_id;
        when 'bid' then
            select b.id, b.created_by into bid, author from public.bid b where b.id = object_id;
        when 'round' then
            select r.id, r.created_by into round, author from public.round r where r.id = object_id;
        when 'award' then
            select a.bid_id, a.created_by into bid, author from public.award a where a.id = object_id;
        when 'variation' then
            select v.bid_id, coalesce(v.requested_by, v.created_by) into bid, author from public.variation v where v.id = object_id;
        when 'claim' then
            select c.bid_id, c.created_by into bid, author from public.claim c where c.id = object_id;
        when 'payment_batch' then
            select b.programme_id, b.created_by into programme, author from public.payment_batch b where b.id = object_id;
        when 'monitoring_return' then
            select r.bid_id into bid from public.monitoring_return r where r.id = object_id;
        when 'evaluation' then
            select e.bid_id into bid from public.evaluation e where e.id = object_id;
        when 'evaluation_plan' then
            select p.bid_id into bid from public.evaluation_plan p where p.id = object_id;
        when 'evaluation_report' then
            select r.bid_id, r.created_by into bid, author from public.evaluation_report r where r.id = object_id;
        when 'review' then
            select r.bid_id, r.invited_by, r.reviewer_id into bid, author, appraiser from public.review r where r.id = object_id;
        when 'programme' then
            select p.id, p.created_by into programme, author from public.programme p where p.id = object_id;
        when 'practice' then
            select p.created_by into author from public.practice p where p.id = object_id;
        when 'evidence_rating' then
            select coalesce(r.proposed_by, r.opened_by) into author from public.evidence_rating r where r.id = object_id;
        when 'adoption_decision' then
            select d.programme_id, d.opened_by into programme, author from public.adoption_decision d where d.id = object_id;
        when 'la_adoption' then
            select a.organisation_id, a.declared_by into authority, author from public.la_adoption a where a.id = object_id;
        when 'capacity_assessment' then
            select c.bid_id, c.organisation_id into bid, authority from public.capacity_assessment c where c.id = object_id;
        when 'follow_up' then
            select f.bid_id into bid from public.follow_up f where f.id = object_id;
        when 'person' then
            select p.id, p.created_by into subject, author from public.person p where p.id = object_id;
        when 'capacity' then
            select c.person_id, c.granted_by into subject, author from public.capacity c where c.id = object_id;
        when 'delegation' then
            select d.person_id, d.proposed_by, p.organisation_id into subject, author, department
            from public.delegation d join public.person p on p.id = d.person_id where d.id = object_id;
        else
            null;
    end case;
    if bid is not null then
        select b.round_id, b.organisation_id into round, authority from public.bid b where b.id = bid;
        evaluator := (select e.evaluator_id from public.evaluation e where e.bid_id = notice_context.bid);
    end if;
    if round is not null then
        programme := (select r.programme_id from public.round r where r.id = round);
    end if;
    if programme is not null then
        select p.organisation_id, p.sor_id into department, senior_officer from public.programme p where p.id = programme;
    end if;
end
$$;

grant execute on function public.audience(text, text, uuid) to touchstone_app, touchstone_worker;
