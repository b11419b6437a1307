-- create_policy creates a policy of an organization, or of a workspace of it, with its conditions (see put_conditions) and limits (see put_limits),
-- and returns its id. Raises UB001 without governance, UB004 beyond the quota, policies_workspace_id_fkey for another organization's
-- workspace, and what put_conditions and put_limits raise. p_now is null in production: the database's clock, read after the lock.
--
-- Runs as the owner: servers may not write limits and counters.
create or replace function create_policy(
  p_organization_id uuid, p_workspace_id uuid, p_name text, p_mode limit_mode, p_group_by text[], p_max_groups integer, p_conditions jsonb,
  p_limits jsonb, p_now timestamptz default null)
returns uuid
language plpgsql volatile security definer
set search_path from current
as $$
declare
  created_at timestamptz;
  policy_id uuid;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return null;
  end if;
  perform lock_organizations(array[p_organization_id]);
  perform require_governance(p_organization_id);
  created_at := coalesce(p_now, clock_timestamp());
  insert into policies (organization_id, workspace_id, name, mode, group_by, max_groups, created_at)
  values (p_organization_id, p_workspace_id, p_name, p_mode, p_group_by, p_max_groups, created_at)
  returning policies.id into policy_id;
  perform put_conditions(p_organization_id, policy_id, p_conditions);
  perform put_limits(p_organization_id, null, null, policy_id, '{}', '[]', p_limits, created_at);
  return policy_id;
end
$$;
