-- full_subjects_at returns the API keys, workspaces and organizations that have a budget that is full at an instant, in one
-- organization (null: in any).
--
-- Reading all counters of a large organization takes long, and an index of what a charge changes would slow every charge down. A budget that
-- settled usage fills has an EXHAUSTED alert of its period, which the same transaction has recorded; one that only holds fill is a counter of
-- a hold that is open. So these are looked at. All counters are read where there are too many open holds, and for every organization:
-- stored counters include periods that are over and holds that have expired, so every budget that is full is full in its counter, too.
create or replace function full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language plpgsql stable
as $$
declare
  most constant integer := 2000; -- open holds
begin
  if p_organization_id is not null then
    if (select count(*) from (
        select from reservations r
        where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > p_now limit most + 1) r) <= most then
      return query
        select s.subject_id
        from (
          select a.budget_limit_id from alerts a
          where a.organization_id = p_organization_id and a.kind = 'EXHAUSTED' and a.period_end > p_now
          union
          select a.budget_limit_id from alerts a
          where a.organization_id = p_organization_id and a.kind = 'EXHAUSTED' and a.period_end is null) a
        cross join lateral (
          select * from limit_statuses_at(p_now) s where s.organization_id = p_organization_id and s.id = a.budget_limit_id
          offset 0 -- keeps the planner from computing it for every limit and joining
        ) s
        where s.kind = 'BUDGET' and s.used_units + s.reserved_units >= s.max_units
        union
        select s.subject_id
        from (
          select distinct c.id from reservations r
          cross join lateral unnest(r.counter_ids) c (id)
          where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > p_now) c
        cross join lateral (
          select * from limit_statuses_at(p_now) s where s.organization_id = p_organization_id and s.counter_id = c.id offset 0
        ) s
        where s.kind = 'BUDGET' and s.used_units + s.reserved_units >= s.max_units;
      return;
    end if;
  end if;
  return query
    select s.subject_id
    from counters c
    cross join lateral (
      select * from limit_statuses_at(p_now) s where s.organization_id = c.organization_id and s.counter_id = c.id offset 0
    ) s
    where (p_organization_id is null or c.organization_id = p_organization_id)
      and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units
      and s.used_units + s.reserved_units >= s.max_units;
end
$$;
