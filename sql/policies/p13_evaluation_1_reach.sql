-- How far evaluators, reviewers and review leads reach, for the policies. As in p01_actor_reach.sql: once a statement, and no
-- live session reaches nothing.

-- Bids whose evaluation this person writes: their organisation is the evaluator and their capacity reaches the case.
create or replace function actor.evaluated_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.me();
begin
    if me.role is distinct from 'evaluator' then
        return '{}';
    end if;
    return array(
        select e.bid_id from public.evaluation e
        where e.evaluator_id = me.organisation_id and actor.reaches('evaluation_author', e.bid_id));
end
$$;

-- Bids whose reviews this person leads: review leads of organisations that neither evaluate nor get the money.
create or replace function actor.led_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.me();
begin
    if me.role is distinct from 'what_works' or not actor.holds('review_lead') then
        return '{}';
    end if;
    return array(
        select e.bid_id from public.evaluation e
        where e.evaluator_id is distinct from me.organisation_id and e.organisation_id <> me.organisation_id
            and actor.reaches('review_lead', e.bid_id));
end
$$;

-- Bids about whose evaluation this person was asked to review something, and did not decline or stand back.
create or replace function actor.reviewed_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.me();
begin
    if me.role is distinct from 'what_works' or not actor.holds('reviewer') then
        return '{}';
    end if;
    return array(
        select distinct r.bid_id from public.review r
        where r.reviewer_id = me.person_id and r.state not in ('declined', 'withdrawn'));
end
$$;

-- Whether a capacity that this person holds reaches a bid.
create or replace function actor.reaches(code text, bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from actor.held() h
        join public.bid b on b.id = reaches.bid
        join public.round r on r.id = b.round_id
        where h.code = reaches.code and (h.scope_kind is null
            or h.scope_id = case h.scope_kind when 'bid' then b.id when 'round' then r.id when 'programme' then r.programme_id
                                              when 'organisation' then b.organisation_id end));
end
$$;

-- Whether this reviewer may read what a submission says: they declared their interests, none stands in the way, and the
-- review was not given up.
create or replace function actor.may_read_submission(subject uuid, submission integer) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.me();
begin
    return me.person_id is not null and exists (
        select from public.review r
        where r.reviewer_id = me.person_id and coalesce(r.plan_id, r.report_id) = subject
            and r.submission = may_read_submission.submission
            and r.state in ('coi_checked', 'in_progress', 'submitted', 'clarification', 'final'));
end
$$;

-- Reviewers are blind to each other until both are final: the other final reviews of submissions on which one's own is final.
create or replace function actor.peer_reviews() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.me();
begin
    if me.role is distinct from 'what_works' or not actor.holds('reviewer') then
        return '{}';
    end if;
    return array(
        select a.id from public.review a
        join public.review b on coalesce(b.plan_id, b.report_id) = coalesce(a.plan_id, a.report_id) and b.submission = a.submission
        where b.reviewer_id = me.person_id and b.state = 'final' and a.state = 'final' and a.id <> b.id);
end
$$;

-- Whose scores somebody reads: one's own, a peer's when both are final, as review lead those that were handed in, as auditor
-- all.
create or replace function actor.may_read_scores_of(review uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.me()).person_id is not null and exists (
        select from public.review r
        where r.id = review and (r.reviewer_id = (actor.me()).person_id or actor.role() = 'auditor'
            or r.id = any (actor.peer_reviews())
            or (r.signed_at is not null and r.bid_id = any (actor.led_bids()))));
end
$$;

grant execute on function
    actor.evaluated_bids(), actor.led_bids(), actor.reviewed_bids(), actor.may_read_submission(uuid, integer),
    actor.peer_reviews(), actor.may_read_scores_of(uuid)
    to touchstone_app;
revoke execute on function actor.reaches(text, uuid) from public, touchstone_app, touchstone_worker, touchstone_reader;
