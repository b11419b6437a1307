-- full_subjects_at returns the API keys, workspaces and organizations that have a budget that is full at an instant, in one
-- organization (null: in any). Stored counters include periods that are over and holds that have expired. So every budget that
-- is full is full in its counter, too, and limit_statuses_at is called for those alone.
create or replace function full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language sql stable
as $$
  select s.subject_id
  from counters c
  cross join lateral (
    select * from limit_statuses_at(p_now) s where s.organization_id = c.organization_id and s.counter_id = c.id
    offset 0 -- keeps the planner from computing it for every limit and joining
  ) s
  where (p_organization_id is null or c.organization_id = p_organization_id)
    and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units
    and s.used_units + s.reserved_units >= s.max_units
$$;
