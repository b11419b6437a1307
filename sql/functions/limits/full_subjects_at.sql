-- full_subjects_at returns the API keys, workspaces and organizations on which a budget stands that is full at an instant, in
-- one organization (null: in any). What is full then is full by what is stored, too, periods that are over and holds that
-- have expired included: those alone are looked at closely.
create or replace function full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language sql stable
as $$
  select s.subject_id
  from counters c
  cross join lateral (
    select * from limit_statuses_at(p_now) s where s.organization_id = c.organization_id and s.counter_id = c.id
    offset 0 -- not to be computed for every limit and joined
  ) s
  where (p_organization_id is null or c.organization_id = p_organization_id)
    and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units
    and s.used_units + s.reserved_units >= s.max_units
$$;
