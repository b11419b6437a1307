-- match_scopes is match_policies for requests of which p_scope_indexes has the index of each one's scope.
create or replace function match_scopes(
  p_scopes grouped_scope_batch, p_scope_indexes integer[], p_providers text[], p_models text[], p_metadata text[], p_alone boolean)
returns policy_match_batch
language plpgsql stable
as $$
begin
  return match_policies(array(select p_scopes.organization_ids[q.i] from unnest(p_scope_indexes) q (i)),
    array(select p_scopes.workspace_ids[q.i] from unnest(p_scope_indexes) q (i)),
    array(select p_scopes.api_key_ids[q.i] from unnest(p_scope_indexes) q (i)), p_providers, p_models, p_metadata, p_alone);
end
$$;
