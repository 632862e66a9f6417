-- How far an actor reaches: which organisation, programmes, rounds and bids. Used by the policies, once a statement. The same
-- rules as in p01_actor.sql: no live session reaches nothing.

-- The organisation for which this person acts on the authority's side: null for every other role, and for a person of
-- an authority who holds no capacity today.
create or replace function actor.authority() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    facts text[] := string_to_array(actor.facts(), '|');
begin
    return case when facts[4] = 'local_authority' and facts[6] <> '' then facts[3] end;
end
$$;

-- Whether the authority for which this person acts wrote the bid. In policies on writing, where it is asked about one row: it is
-- cheaper than a sub-select, which brings the policy of bids with it.
create or replace function actor.is_own_bid(bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select from public.bid b where b.id = bid and b.organisation_id = actor.authority());
end
$$;

create or replace function actor.department() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return case when actor.role() = 'department' then actor.organisation_id() end;
end
$$;

-- The department for whose every case this person works: they hold a capacity without scope.
create or replace function actor.whole_department() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return case when exists (select from actor.held() h where h.scope_kind is null) then actor.department() end;
end
$$;

-- Programmes on whose team a person of the department works: all of the department's where a capacity has no scope, else
-- those that a capacity names or whose rounds or bids it names. For an auditor: all there are.
create or replace function actor.case_programmes() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    us uuid := actor.department();
begin
    if us is null then
        if actor.role() = 'auditor' then
            return array(select p.id from public.programme p);
        end if;
        return '{}';
    end if;
    if exists (select from actor.held() h where h.scope_kind is null) then
        return array(select p.id from public.programme p where p.organisation_id = us);
    end if;
    return array(
        select distinct p.id
        from actor.held() h
        left join public.bid b on h.scope_kind = 'bid' and b.id = h.scope_id
        left join public.round r on r.id = case h.scope_kind when 'round' then h.scope_id when 'bid' then b.round_id end
        join public.programme p on p.id = case h.scope_kind when 'programme' then h.scope_id else r.programme_id end
        where p.organisation_id = us);
end
$$;

-- Rounds whose bids are no longer sealed, in the department's own programmes; for an auditor, in all.
-- A round that was cancelled while open stays sealed.
create or replace function actor.unsealed_rounds() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    us uuid := actor.department();
    everywhere boolean := us is null and actor.role() = 'auditor';
begin
    if us is null and not coalesce(everywhere, false) then
        return '{}';
    end if;
    return array(
        select r.id
        from public.round r
        join public.programme p on p.id = r.programme_id
        where (everywhere or p.organisation_id = us)
            and (r.state in ('closed', 'appraising', 'decided', 'announced')
                or (r.state = 'cancelled'
                    and exists (select from workflow.log l where l.object_id = r.id and l.event = 'close'))));
end
$$;

-- Unsealed rounds on whose case team this person is; for an auditor, all that are unsealed.
create or replace function actor.case_rounds() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    unsealed uuid[] := actor.unsealed_rounds();
begin
    if cardinality(unsealed) = 0 or actor.role() = 'auditor'
        or exists (select from actor.held() h where h.scope_kind is null) then
        return case when actor.role() = 'auditor' or exists (select from actor.held()) then unsealed else '{}' end;
    end if;
    return array(
        select r.id from public.round r
        where r.id = any (unsealed)
            and exists (
                select from actor.held() h
                where h.scope_id = case h.scope_kind when 'programme' then r.programme_id when 'round' then r.id end));
end
$$;

-- Single bids to which a capacity of the department is limited.
create or replace function actor.case_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    unsealed uuid[];
begin
    if actor.department() is null or not exists (select from actor.held() h where h.scope_kind = 'bid') then
        return '{}';
    end if;
    unsealed := actor.unsealed_rounds();
    return array(
        select b.id from actor.held() h join public.bid b on b.id = h.scope_id
        where h.scope_kind = 'bid' and b.round_id = any (unsealed));
end
$$;

-- Bids that this person appraises, in rounds that are no longer sealed.
create or replace function actor.assigned_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
begin
    if me is null or not exists (select from actor.held() h where h.code in ('appraiser', 'reviewer')) then
        return '{}';
    end if;
    return array(
        select a.bid_id from public.appraisal a
        join public.bid b on b.id = a.bid_id
        join public.round r on r.id = b.round_id
        where a.appraiser_id = me and r.state in ('closed', 'appraising', 'decided', 'announced'));
end
$$;

-- A bid that was withdrawn before its round closed stays the authority's own affair.
create or replace function actor.withdrawn_after_close(bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return actor.person_id() is not null and exists (
        select from workflow.log l
        join public.bid b on b.id = l.object_id
        join public.round r on r.id = b.round_id
        where l.object_id = bid and l.event = 'withdraw' and l.from_state not in ('draft', 'in_certification')
            and (l.from_state <> 'submitted' or l.at >= r.closes_at));
end
$$;

-- The one helper for objects that hang on a bid: whether this actor may read the bid's case in full.
--   team     the department's case team and auditors, once the round is closed
--   author   the authority that wrote it
create or replace function actor.sees_case(bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record;
begin
    select b.round_id, b.state, b.content_version into about from public.bid b where b.id = bid;
    if about.round_id is null or about.content_version = 0
        or about.state in ('draft', 'in_certification', 'not_submitted') then
        return false;
    end if;
    return (about.round_id = any (actor.case_rounds()) or bid = any (actor.case_bids()))
        and (about.state <> 'withdrawn' or actor.withdrawn_after_close(bid));
end
$$;

-- Scores other than one's own (visibility.md §6): an appraiser of the department once their own appraisal is final, and then
-- only final ones; the officer who checks its quality, once it is submitted; officers who decide, once all are final;
-- auditors, once the round is closed. What Works reviewers and authorities: never.
create or replace function actor.may_read_scores(appraisal uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    about public.appraisal;
    mine text;
begin
    select a.* into about from public.appraisal a where a.id = appraisal;
    if me is null or about.id is null then
        return false;
    end if;
    if about.appraiser_id = me then
        return true;
    end if;
    if not actor.sees_case(about.bid_id) then
        return false;
    end if;
    if actor.role() = 'auditor' then
        return true;
    end if;
    select a.state into mine from public.appraisal a where a.bid_id = about.bid_id and a.appraiser_id = me;
    if mine is not null and mine <> 'final' then
        return false;
    end if;
    if mine = 'final' and about.state = 'final' then
        return true;
    end if;
    if actor.holds('programme_officer') and about.state in ('submitted', 'returned', 'final') then
        return true;
    end if;
    return actor.may_read_as_decider()
        and not exists (select from public.appraisal a where a.bid_id = about.bid_id and a.state <> 'final');
end
$$;

create or replace function actor.may_read_as_decider() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from actor.held() h
        where h.code in ('programme_officer', 'approver', 'finance', 'senior_officer_responsible', 'panel_chair'));
end
$$;

-- Whether this person has just moved the object by that event (such as bid.submit), into that state where one is given: what
-- the log says, which only workflow.guard writes. A minute, so that a clock that is set back refuses nobody.
create or replace function actor.did(event text, object_kind text, object uuid, into_state text default null) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
begin
    return exists (
        select from workflow.log l
        where l.object_id = object and l.machine = object_kind and l.machine || '.' || l.event = did.event
            and l.person_id = me and l.at >= now() - interval '1 minute'
            and (into_state is null or l.to_state = into_state));
end
$$;

-- Whether this person may send that notice: of what they have just done, to somebody whom it concerns. An invitation is sent by
-- whoever has just made it, to the invited.
create or replace function actor.may_tell(event text, object_kind text, object uuid, recipient uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    about record;
begin
    if object_kind = 'invitation' then
        return exists (
            select from auth.invitation i
            where i.id = object and i.person_id = recipient and i.created_by = me and i.created_at >= now() - interval '1 minute');
    end if;
    if not actor.did(event, object_kind, object) then
        return false;
    end if;
    select * into about from public.notice_context(object_kind, object);
    return exists (
        select from public.person p
        where p.id = recipient
            and (p.id in (about.author, about.subject, about.appraiser, about.senior_officer)
                or p.role = 'auditor'
                or (p.role in ('what_works', 'evaluator') and object_kind in ('evaluation_plan', 'review', 'evaluation_report', 'practice',
                        'evidence_rating', 'adoption_decision', 'la_adoption'))
                or (p.role = 'department' and p.organisation_id = coalesce(about.department, p.organisation_id))
                or (p.role = 'local_authority' and (p.organisation_id = about.authority or object_kind in ('round', 'programme', 'practice', 'adoption_decision', 'la_adoption')))));
end
$$;

grant execute on function
    actor.did(text, text, uuid, text), actor.may_tell(text, text, uuid, uuid), actor.authority(), actor.is_own_bid(uuid),
    actor.department(), actor.whole_department(), actor.case_programmes(), actor.unsealed_rounds(), actor.case_rounds(),
    actor.case_bids(), actor.assigned_bids(), actor.withdrawn_after_close(uuid), actor.sees_case(uuid),
    actor.may_read_scores(uuid)
    to touchstone_app, touchstone_worker, touchstone_reader;
