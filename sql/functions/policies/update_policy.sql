-- update_policy changes what is not null of a policy, and deletes, changes and creates limits of it (see set_limits). Other conditions and
-- another group_by begin new counters: its groups are deleted, with another group_by their own amounts and raises as well. Other amounts keep what was
-- used. Returns whether there is such a policy; raises UB001 without governance, and what create_policy raises. p_now is null in production.
--
-- Runs as the owner: servers may not write limits and counters.
create or replace function update_policy(
  p_organization_id uuid, p_id uuid, p_name text, p_mode limit_mode, p_group_by text[], p_max_groups integer, p_conditions jsonb,
  p_deleted uuid[], p_changed jsonb, p_created jsonb, p_now timestamptz default null)
returns boolean
language plpgsql volatile security definer
set search_path from current
as $$
declare
  changed_at timestamptz;
  before policies;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return false;
  end if;
  perform lock_organizations(array[p_organization_id]);
  changed_at := coalesce(p_now, clock_timestamp());
  select * into before from policies p where p.organization_id = p_organization_id and p.id = p_id;
  if before.id is null then
    return false;
  end if;
  perform require_governance(p_organization_id);
  if put_conditions(p_organization_id, p_id, p_conditions) or p_group_by <> before.group_by then
    perform delete_groups(p_organization_id, p_id, null);
  end if;
  if p_group_by <> before.group_by then
    delete from policy_overrides o where o.organization_id = p_organization_id and o.policy_id = p_id;
    perform end_group_raises(p_organization_id, p_id, changed_at);
  end if;
  update policies p set
    name = coalesce(p_name, p.name),
    mode = coalesce(p_mode, p.mode),
    group_by = coalesce(p_group_by, p.group_by),
    max_groups = coalesce(p_max_groups, p.max_groups)
  where p.organization_id = p_organization_id and p.id = p_id;
  update limits l set policy_mode = p_mode where l.organization_id = p_organization_id and l.subject_id = p_id and l.policy_mode <> p_mode;
  perform put_limits(p_organization_id, null, null, p_id, p_deleted, p_changed, p_created, changed_at);
  return true;
end
$$;
