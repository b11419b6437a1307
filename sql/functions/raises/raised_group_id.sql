-- raised_group_id returns the id of the group of a policy that is raised by values; null for none, which are all groups, and for a budget of no policy.
-- Raises budget_raises_values_check for values of a budget of no policy, and for another number of them than the policy groups by.
create or replace function raised_group_id(p_budget limits, p_values text[]) returns uuid
language plpgsql stable
as $$
declare
  grouped_by text[];
begin
  if p_values is null then
    return null;
  end if;
  select p.group_by into grouped_by from policies p where p.organization_id = p_budget.organization_id and p.id = p_budget.policy_id;
  if cardinality(p_values) is distinct from cardinality(grouped_by) then
    raise exception 'the budget has no such group'
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_values_check';
  end if;
  return policy_group_id(p_budget.policy_id, p_values);
end
$$;
