-- delete_policy deletes a policy with its limits, groups and counters, whatever the plan; alerts that it raised are kept. Returns whether there
-- was one. Runs as the owner: servers may not delete limits.
create or replace function delete_policy(p_organization_id uuid, p_id uuid) returns boolean
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return false;
  end if;
  perform lock_organizations(array[p_organization_id]);
  delete from policies p where p.organization_id = p_organization_id and p.id = p_id;
  return found;
end
$$;
