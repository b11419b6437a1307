-- scope_denial returns the denial of requests of a scope whose key may not be used, or for which a policy may have no further group.
create or replace function scope_denial(p_scopes grouped_scope_batch, p_scope_index integer) returns jsonb
language plpgsql stable
as $$
declare
  denial constant denial_reason := p_scopes.denials[p_scope_index];
  policy policies;
begin
  if denial = 'POLICY_GROUPS_EXHAUSTED' then
    select * into policy from policies p
    where p.organization_id = p_scopes.organization_ids[p_scope_index] and p.id = p_scopes.exhausted_policy_ids[p_scope_index];
    return jsonb_build_array(jsonb_build_object('reason', denial, 'policy', policy_json(policy, null)));
  end if;
  return jsonb_build_array(jsonb_build_object('reason', denial));
end
$$;
