-- When somebody leaves: what they leave open, and handing it on. For whoever keeps the account, who sees no business and
-- learns only what there is to hand over. Drafts need nothing: they belong to the authority.
--
-- Handed on are programmes that the leaver answers for, and appraisals that were not begun. An appraisal in hand stays as it
-- is, since scores are one's own: a programme officer assigns another.

create or replace function public.open_work(person uuid)
    returns table (kind text, object_id uuid, reference text, can_be_handed_over boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not auth.keeps(person) then
        return;
    end if;
    return query
    select 'appraisal', a.id, b.reference, a.state = 'assigned'
    from public.appraisal a join public.bid b on b.id = a.bid_id
    where a.appraiser_id = person and a.state in ('assigned', 'in_progress', 'returned')
    union all
    select 'programme', p.id, p.reference, true
    from public.programme p
    where p.sor_id = person and p.state not in ('rejected', 'closed', 'archived')
    order by 1, 3;
end
$$;

-- Hands on what can be, to somebody active with the capacity for it and no conflicting duty; the rest stays. How many.
create or replace function public.hand_over(person uuid, successor uuid) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    moved integer := 0;
    part integer;
begin
    if not auth.keeps(person) or person = successor then
        raise exception 'this account is kept by somebody else' using errcode = 'TS007';
    end if;
    update public.programme p
    set sor_id = successor, version = p.version + 1
    where p.sor_id = person and p.state not in ('rejected', 'closed', 'archived')
        and public.holds_today(successor, 'senior_officer_responsible')
        and exists (select from public.person x where x.id = successor and x.organisation_id = p.organisation_id);
    get diagnostics part = row_count;
    moved := moved + part;
    update public.appraisal a
    set appraiser_id = successor, version = a.version + 1
    where a.appraiser_id = person and a.state = 'assigned'
        and public.holds_today(successor, case a.kind when 'what_works' then 'reviewer' else 'appraiser' end)
        and not exists (select from public.appraisal o where o.bid_id = a.bid_id and o.appraiser_id = successor)
        and not exists (
            select from workflow.duty_performed d join workflow.duty_conflict c on c.duty = 'AP' and c.other = d.duty
            where d.case_id = a.bid_id and d.person_id = successor);
    get diagnostics part = row_count;
    moved := moved + part;
    if moved > 0 then
        perform auth.note('person.hand_over', 'person', person, actor.person_id(), null,
            jsonb_build_object('successor', successor, 'objects', moved));
    end if;
    return moved;
end
$$;

grant execute on function public.open_work(uuid), public.hand_over(uuid, uuid) to touchstone_app;
