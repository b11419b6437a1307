-- full_subjects_at returns the API keys, workspaces and organizations that have a budget that is full at an instant, in one
-- organization (null: in any).
create or replace function full_subjects_at(p_organization_id uuid, p_now timestamptz) returns setof uuid
language plpgsql stable
as $$
begin
  if p_organization_id is null then
    return query select distinct c.subject_id from counters c where c.kind = 'BUDGET' and is_full(c, p_now);
    return;
  end if;
  return query
    select distinct f.subject_id
    from possibly_full_subjects_at(p_organization_id, p_now) s (id)
    cross join lateral (
      select c.subject_id from counters c
      where c.organization_id = p_organization_id and c.subject_id = s.id and c.kind = 'BUDGET' and is_full(c, p_now)
      offset 0 -- keeps the planner from reading every counter and joining
    ) f;
end
$$;
