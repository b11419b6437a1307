-- roll_scopes rolls the counters of the keys of scopes, of their workspaces and organizations, and of the groups of policies that they fall
-- under, whose period is over (see is_over). Its caller holds the organizations' locks.
create or replace function roll_scopes(p_scopes grouped_scope_batch, p_now timestamptz) returns void
language plpgsql volatile
as $$
declare
  organization uuid;
begin
  for organization in
    select distinct p_scopes.organization_ids[c.scope_index] from counters_of_scopes(p_scopes, p_now, false, false) c where c.ended
  loop
    perform roll_counters(organization, array[organization] || p_scopes.workspace_ids || p_scopes.api_key_ids || p_scopes.group_ids, p_now);
  end loop;
end
$$;
