-- delete_workspace deletes a workspace with its limits, its policies and its recipients, unless it owns API keys that are not revoked. Its row
-- stays, for revoked keys, usage and alerts that name it. Reservations that its limits admitted are settled without them. Returns
-- how many such keys it owns: 0 when it was deleted, null when there is no such workspace. Runs as the owner: servers may not delete
-- limits.
create or replace function delete_workspace(p_organization_id uuid, p_id uuid) returns bigint
language plpgsql volatile security definer
set search_path from current
as $$
declare
  keys bigint;
begin
  if not acts_for_organization(p_organization_id) then
    return null;
  end if;
  perform lock_organizations(array[p_organization_id]);
  perform from workspaces w
  where w.organization_id = p_organization_id and w.id = p_id and w.deleted_at is null for update;
  if not found then
    return null;
  end if;
  select count(*) into keys from api_keys k
  where k.organization_id = p_organization_id and k.workspace_id = p_id and k.revoked_at is null;
  if keys = 0 then
    delete from limits l where l.organization_id = p_organization_id and l.workspace_id = p_id;
    delete from policies p where p.organization_id = p_organization_id and p.workspace_id = p_id;
    delete from recipients r where r.organization_id = p_organization_id and r.workspace_id = p_id;
    update workspaces w set deleted_at = clock_timestamp() where w.organization_id = p_organization_id and w.id = p_id;
  end if;
  return keys;
end
$$;
