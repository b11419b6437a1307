-- group_limit_json returns the limit of a policy's group as answers show it: it stands on what the policy stands on, and policy has the policy's
-- id and name, and the group's attributes and values. p_policy_id and p_values are null for a group that exists. In PL/pgSQL, which keeps the plan.
create or replace function group_limit_json(p_status enforced_limits, p_policy_id uuid, p_values text[]) returns jsonb
language plpgsql stable
as $$
declare
  policy policies;
begin
  if p_policy_id is null then
    select g.policy_id, g.group_values into p_policy_id, p_values
    from policy_groups g where g.organization_id = p_status.organization_id and g.id = p_status.subject_id;
  end if;
  select * into policy from policies p where p.organization_id = p_status.organization_id and p.id = p_policy_id;
  return to_jsonb(p_status) || jsonb_build_object(
    'subject_type', case when policy.workspace_id is null then 'ORGANIZATION' else 'WORKSPACE' end,
    'subject_id', coalesce(policy.workspace_id, policy.organization_id),
    'policy', policy_json(policy, p_values));
end
$$;
