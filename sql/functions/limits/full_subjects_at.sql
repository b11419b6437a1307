-- full_subjects_at returns the API keys, workspaces and organizations on which a budget stands that is full at an instant, in
-- one organization (null: in any). What is full then is full by what is stored, too, periods that are over and holds that
-- have expired included: those alone are looked at closely.
create or replace function full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language sql stable
as $$
  select s.subject_id
  from limits l
  cross join lateral (
    select * from limit_statuses_at(p_now) s where s.organization_id = l.organization_id and s.id = l.id
    offset 0 -- not to be computed for every limit and joined
  ) s
  where (p_organization_id is null or l.organization_id = p_organization_id)
    and l.kind = 'BUDGET' and l.used_units + l.reserved_units >= l.max_units
    and s.used_units + s.reserved_units >= s.max_units
$$;
