-- full_subjects_at returns the API keys, workspaces and organizations on which a budget stands that is full at an instant, in
-- one organization (null: in any). A budget that is full is full also with what has expired or is over, so the dear part
-- of limit_statuses_at is spent on those alone.
create or replace function full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language sql stable
as $$
  select s.subject_id
  from limits l
  join limit_statuses_at(p_now) s on s.organization_id = l.organization_id and s.id = l.id
  where (p_organization_id is null or l.organization_id = p_organization_id)
    and l.kind = 'BUDGET' and l.used_units + l.reserved_units >= l.max_units
    and s.used_units + s.reserved_units >= s.max_units
$$;
