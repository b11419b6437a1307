-- delete_limit deletes a limit of the given kind with its history, whatever the plan; alerts that it raised are kept.
-- Returns whether there was one. Runs as the owner: servers may not delete limits.
create or replace function delete_limit(p_organization_id uuid, p_id uuid, p_kind limit_kind) returns boolean
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return false;
  end if;
  perform lock_organizations(array[p_organization_id]);
  delete from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = p_kind and l.policy_id is null;
  return found;
end
$$;
