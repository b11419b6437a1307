-- possibly_full_subjects_at returns the API keys, workspaces and organizations that may have a budget that is full at an instant, in one
-- organization (null: in any). No other has one; whether these do, is_full tells.
--
-- Reading all counters of a large organization takes long, and an index of what a charge changes would slow every charge down. A budget that
-- settled usage fills has an EXHAUSTED alert of its period, which the same transaction has recorded; one that only holds fill is that of a key
-- with an open hold, or of its workspace or its organization. So these are looked at. All counters are read where there are too many open holds,
-- and for every organization:
-- stored counters include periods that are over and holds that have expired, so every budget that is full is full in its counter, too.
create or replace function possibly_full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language plpgsql stable
as $$
declare
  most constant integer := 2000; -- open holds
begin
  if p_organization_id is not null and (select count(*) from (
      select from reservations r
      where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > p_now limit most + 1) r) <= most then
    return query
      with held as materialized (
        select distinct r.api_key_id, r.workspace_id from reservations r
        where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > p_now
      )
      select a.subject_id from alerts a
      where a.organization_id = p_organization_id and a.kind = 'EXHAUSTED' and a.period_end > p_now
      union
      select a.subject_id from alerts a
      where a.organization_id = p_organization_id and a.kind = 'EXHAUSTED' and a.period_end is null
      union
      -- what settled usage has filled while it was raised has no alert
      select c.subject_id from budget_raises r
      join counters c on c.organization_id = r.organization_id and c.limit_id = r.budget_limit_id and c.period_start < r.until
      where r.organization_id = p_organization_id and r.until <= p_now
      union
      select h.api_key_id from held h
      union
      select c.subject_id
      from (select distinct h.workspace_id as id from held h union all select p_organization_id) s
      cross join lateral (
        select c.subject_id from counters c
        where c.organization_id = p_organization_id and c.subject_id = s.id and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units
        offset 0 -- keeps the planner from reading every counter and joining
      ) c;
    return;
  end if;
  return query
    select distinct c.subject_id from counters c
    where (p_organization_id is null or c.organization_id = p_organization_id)
      and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units;
end
$$;
