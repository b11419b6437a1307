-- group_amount returns the amount that a group has of a limit: its own (see policy_overrides), else the limit's.
create or replace function group_amount(p_limit limits, p_group_id uuid) returns bigint
language plpgsql stable
as $$
begin
  if p_limit.policy_id is null then
    return p_limit.max_units;
  end if;
  return coalesce((
    select o.max_units from policy_overrides o
    where o.organization_id = p_limit.organization_id and o.limit_id = p_limit.id and o.group_id = p_group_id), p_limit.max_units);
end
$$;
