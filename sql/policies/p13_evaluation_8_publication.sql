-- The machine of a report: reviewed, signed off, and from then on only ever published, at most put off in public.

create or replace trigger evaluation_report_workflow_signatures before insert or update on public.evaluation_report
    for each row execute function workflow.hold_signatures('start:created_by', 'sign_off:signed_off_by');

create or replace function public.hold_new_report() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    plan public.evaluation_plan;
begin
    select p.* into plan from public.evaluation_plan p where p.id = new.plan_id for share;
    if (new.evaluation_id, new.award_id, new.bid_id, new.organisation_id)
        is distinct from (plan.evaluation_id, plan.award_id, plan.bid_id, plan.organisation_id) then
        raise exception 'a report belongs to its plan' using errcode = 'TS009';
    end if;
    if plan.approved_version = 0 or plan.state = 'abandoned' then
        perform workflow.fail('plan_approved', 'A report answers to a plan that was approved.');
    end if;
    return new;
end
$$;

create or replace trigger evaluation_report_workflow_new before insert on public.evaluation_report
    for each row execute function public.hold_new_report();

create or replace function public.hold_report() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'url', 'doi'];
begin
    loose := loose || case when moved then case new.last_event
        when 'submit' then array['submission', 'content_hash', 'direction', 'title']
        when 'propose_correction' then array['submission', 'content_hash', 'direction']
        when 'ask_to_revise' then array['decision_reason']
        when 'sign_off' then array['decision_reason', 'signed_off_by']
        when 'schedule' then array['planned_on']
        when 'delay' then array['delay_reason', 'delay_text', 'delay_until']
        when 'renew_delay' then array['delay_reason', 'delay_text', 'delay_until']
        when 'correct' then array['correction_note']
        when 'withdraw' then array['withdrawal_reason']
        else '{}' end
        -- The draft's title is the author's.
        when old.state in ('drafting', 'la_fact_check', 'revise') then array['title'] else '{}' end;
    if to_jsonb(new) - loose <> to_jsonb(old) - loose then
        raise exception 'this part of a report does not change here' using errcode = 'TS009';
    end if;
    if not moved then
        if (new.title, new.url, new.doi) is distinct from (old.title, old.url, old.doi) and me is not null
            and not (new.bid_id = any (actor.evaluated_bids()) or new.bid_id = any (actor.led_bids())) then
            raise exception 'the title of a report is its author''s' using errcode = 'TS007';
        end if;
        return new;
    end if;
    if new.last_event in ('begin_review', 'ask_to_revise', 'sign_off', 'correct', 'withdraw') then
        perform workflow.refuse_dependent(new.evaluation_id, me);
        perform workflow.refuse_duty(new.bid_id, me, 'RL');
    end if;
    if new.last_event in ('submit', 'propose_correction') then
        perform public.take_submission(old, new);
        new.plan_version := (select s.plan_version from public.evaluation_report_submission s
            where s.report_id = new.id and s.number = new.submission);
        new.direction := public.report_direction(new.id, new.submission);
        new.decision_reason := null;
    end if;
    case new.last_event
        when 'send_for_fact_check' then
            new.fact_check_due_on := public.after_working_days(public.london_today(), workflow.number_of('plan_comment_working_days', 10));
        when 'submit' then
            perform public.check_comments(new.id, 'send_for_fact_check', 'finish_fact_check',
                case old.state when 'la_fact_check' then new.fact_check_due_on end);
        when 'begin_review' then
            if (select count(*) from public.review r
                where r.report_id = new.id and r.submission = new.submission and r.state = 'coi_checked')
                < workflow.number_of('review_minimum', 2) then
                perform workflow.fail('two_reviewers_clear', 'Two reviewers must have accepted and be free of conflicts of interest.');
            end if;
            new.review_due_on := public.after_working_days(public.london_today(), workflow.number_of('review_working_days', 20));
        when 'ask_to_revise' then
            perform public.check_reason(new.decision_reason);
            perform public.check_reviews_final('report', new.id, new.submission);
        when 'sign_off' then
            perform public.check_lacks(new.id);
            perform public.check_reviews('report', new.id, new.submission);
            new.signed_off_at := now();
            new.publish_due_on := public.london_today() + workflow.number_of('publication_days', 84);
        when 'correct' then
            if not exists (
                select from public.evaluation_report_submission s join public.evaluation_report_version v on v.report_id = s.report_id
                where s.report_id = new.id and s.number = new.submission and v.number = new.published_version
                    and s.number > v.submission) then
                perform workflow.fail('correction_proposed', 'The author proposes the correction first.');
            end if;
            perform public.check_lacks(new.id);
            new.correction_note := (select s.note from public.evaluation_report_submission s
                where s.report_id = new.id and s.number = new.submission);
            new.published_version := old.published_version + 1;
        when 'withdraw' then
            perform public.check_reason(new.withdrawal_reason);
        else
            new := public.hold_publication(old, new);
    end case;
    return new;
end
$$;

create or replace function public.take_submission(was public.evaluation_report, report public.evaluation_report) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    computed text := public.report_direction(report.id, report.submission);
begin
    if report.submission <> was.submission + 1 or not exists (
        select from public.evaluation_report_submission s
        where s.report_id = report.id and s.number = report.submission and s.content_hash = report.content_hash) then
        raise exception 'a submission comes with its content and digest' using errcode = 'TS011';
    end if;
    if report.direction is distinct from was.direction and report.direction is distinct from computed and report.direction is not null then
        raise exception 'the direction of a result is computed, and it is %', coalesce(computed, 'none') using errcode = 'TS009';
    end if;
end
$$;

create or replace function public.check_lacks(report uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    lacks text[] := public.report_lacks(report);
    figures text[] := array(select l from unnest(lacks) l where l like 'p:%');
begin
    if cardinality(lacks) > cardinality(figures) then
        perform workflow.fail('outcomes_reported', 'Still missing: ' || array_to_string(
            array(select l from unnest(lacks) l where l not like 'p:%'), ', ') || '.');
    elsif cardinality(figures) > 0 then
        perform workflow.fail('figures_agree', 'A p value and its interval disagree without an explanation, in result '
            || replace(array_to_string(figures, ', '), 'p:', '') || '.');
    end if;
end
$$;

-- After sign-off. The clock publishes on the day; the review lead and the author may earlier, but not in a delay that is in
-- force; when a delay is over nobody needs to ask.
create or replace function public.hold_publication(was public.evaluation_report, report public.evaluation_report)
    returns public.evaluation_report
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    today date := public.london_today();
    latest date := today + workflow.number_of('publication_delay_days', 84);
begin
    case report.last_event
        when 'schedule' then
            if (report.planned_on between today and greatest(was.publish_due_on, was.delay_until, today)) is not true then
                perform workflow.fail('within_deadline', 'The day is from today to the day by which it must be public.');
            end if;
        when 'publish' then
            if was.state = 'delayed' and was.delay_until > today and not actor.is_system() then
                perform workflow.fail('publication_due', 'A delay is in force until ' || was.delay_until || '.');
            elsif actor.is_system() and (was.planned_on <= today) is not true then
                raise exception 'the time has not come' using errcode = 'TS008';
            end if;
            report.published_at := now();
            report.published_version := was.published_version + 1;
        when 'delay', 'renew_delay' then
            if report.delay_reason is null or (report.delay_until between today + 1 and latest) is not true
                or (report.delay_reason in ('quality_issues', 'other') and length(btrim(coalesce(report.delay_text, ''))) < 20) then
                perform workflow.fail('delay_is_coded', 'A delay has one of six reasons, said in words where it is quality or another, and lasts at most twelve weeks.');
            end if;
            report.delays := was.delays + 1;
            report.planned_on := null;
        else null;
    end case;
    return report;
end
$$;

create or replace trigger evaluation_report_workflow_hold before update on public.evaluation_report
    for each row execute function public.hold_report();

-- What a step leaves behind: duties, the version in public, the delay on record.
create or replace function public.record_report() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
begin
    if new.last_event in ('start', 'send_for_fact_check', 'submit', 'propose_correction') then
        perform workflow.perform(new.bid_id, me, 'EA');
    elsif new.last_event in ('begin_review', 'ask_to_revise', 'sign_off', 'correct', 'withdraw') then
        perform workflow.perform(new.bid_id, me, 'RL');
    end if;
    if tg_op = 'INSERT' then
        return null;
    end if;
    if new.published_version > old.published_version then
        insert into public.evaluation_report_version (report_id, number, submission, content, canonical_text, content_hash,
            direction, note, published_by, published_at)
        select new.id, new.published_version, s.number, s.content, s.canonical_text, s.content_hash, new.direction, s.note, me, now()
        from public.evaluation_report_submission s where s.report_id = new.id and s.number = new.submission;
    elsif new.delays > old.delays then
        insert into public.publication_delay (report_id, number, reason, text, until, decided_by)
        values (new.id, new.delays, new.delay_reason, new.delay_text, new.delay_until, me);
    end if;
    return null;
end
$$;

drop trigger if exists evaluation_report_record on public.evaluation_report;
drop trigger if exists evaluation_report_record_new on public.evaluation_report;
create trigger evaluation_report_record after update on public.evaluation_report
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_report();
create trigger evaluation_report_record_new after insert on public.evaluation_report
    for each row execute function public.record_report();
