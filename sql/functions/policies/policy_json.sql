-- policy_json returns a policy and values of a group of it, as answers show them; values is null where there is no group.
create or replace function policy_json(p_policy policies, p_values text[]) returns jsonb
language sql immutable parallel safe
as $$
  select jsonb_build_object('id', p_policy.id, 'name', p_policy.name, 'attributes', to_jsonb(p_policy.group_by), 'values', to_jsonb(p_values))
$$;
