-- Appraisal: two independent scorers and one What Works scorer for the evaluation criterion, blind until final.

create table public.appraisal (
    id              uuid primary key,
    bid_id          uuid not null references public.bid,
    appraiser_id    uuid not null references public.person,
    kind            text not null check (kind in ('appraiser', 'what_works')),
    due_on          date not null,
    assigned_by     uuid not null references public.person,
    return_reason   text check (length(return_reason) <= 4000),
    state           text not null default 'assigned',
    last_event      text not null default 'assign',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_at      timestamptz not null default now(),
    unique (bid_id, appraiser_id)
);

create index appraisal_appraiser on public.appraisal (appraiser_id, state, due_on);

create trigger appraisal_workflow before insert or update on public.appraisal
    for each row execute function workflow.guard('appraisal');

-- Each saving is a row; the newest counts. What was once thought can be read again.
create table public.score (
    id           uuid primary key,
    appraisal_id uuid not null references public.appraisal,
    criterion_id uuid not null references public.criterion,
    value        integer check (value between 0 and 5),
    rationale    text not null default '' check (length(rationale) <= 8000),
    recorded_at  timestamptz not null default clock_timestamp(),
    recorded_by  uuid not null references public.person
);

create index score_latest on public.score (appraisal_id, criterion_id, recorded_at desc, id desc);

create trigger score_append_only before update or delete on public.score
    for each row execute function workflow.refuse_change();

-- Scores are the appraiser's own, and only while the appraisal is in hand.
create function public.keep_scores_own() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.appraisal a
    where a.id = new.appraisal_id and a.appraiser_id = new.recorded_by and a.state = 'in_progress'
    for share;
    if not found then
        raise exception 'scores are recorded by their appraiser while the appraisal is in progress' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create trigger score_own before insert on public.score
    for each row execute function public.keep_scores_own();
