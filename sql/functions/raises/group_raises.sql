-- group_raises returns the raises of a policy's budget that are in force for a group at an instant, as a counter has them: its own, and those of all
-- groups (null: these alone). Null: there is none.
create or replace function group_raises(p_organization_id uuid, p_limit_id uuid, p_group_id uuid, p_now timestamptz) returns budget_raise[]
language plpgsql stable
as $$
begin
  return (
    select array_agg(row(r.id, r.units, r.until, r.of_period)::budget_raise order by r.id)
    from budget_raises r
    where r.organization_id = p_organization_id and r.budget_limit_id = p_limit_id and r.ended_at is null
      and (r.group_id is null or r.group_id = p_group_id) and r.until > p_now);
end
$$;
