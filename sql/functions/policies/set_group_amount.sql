-- set_group_amount gives a group of a policy an amount of its own of a limit, in the limit's unit, or takes it away (null): then the limit's holds again. What
-- the group has used stays; alerts are raised at once if it has reached the new amount. The group need not exist. Returns whether the policy
-- has such a limit; raises UB001 without governance, and policy_overrides_values_check for another number of values than the policy groups by.
-- p_now is null in production.
--
-- Runs as the owner: servers may not write counters.
create or replace function set_group_amount(
  p_organization_id uuid, p_policy_id uuid, p_limit_id uuid, p_values text[], p_max_units bigint, p_now timestamptz default null)
returns boolean
language plpgsql volatile security definer
set search_path from current
as $$
declare
  set_at timestamptz;
  policy policies;
  changed limits;
  found_id uuid;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return false;
  end if;
  perform lock_organizations(array[p_organization_id]);
  set_at := coalesce(p_now, clock_timestamp());
  select * into policy from policies p where p.organization_id = p_organization_id and p.id = p_policy_id;
  select * into changed from limits l where l.organization_id = p_organization_id and l.subject_id = p_policy_id and l.id = p_limit_id;
  if policy.id is null or changed.id is null then
    return false;
  end if;
  perform require_governance(p_organization_id);
  if cardinality(p_values) <> cardinality(policy.group_by) then
    raise exception 'the policy groups by % attributes', cardinality(policy.group_by)
      using errcode = 'check_violation', table = 'policy_overrides', constraint = 'policy_overrides_values_check';
  end if;
  found_id := policy_group_id(p_policy_id, p_values);
  if p_max_units is null then
    delete from policy_overrides o where o.organization_id = p_organization_id and o.limit_id = p_limit_id and o.group_id = found_id;
  else
    insert into policy_overrides (organization_id, policy_id, limit_id, group_id, group_values, max_units)
    values (p_organization_id, p_policy_id, p_limit_id, found_id, p_values, p_max_units)
    on conflict on constraint policy_overrides_pkey do update set max_units = excluded.max_units;
  end if;
  perform roll_counters(p_organization_id, array[found_id], set_at);
  update counters c set
    max_units = group_amount(changed, c.subject_id),
    exhaustion_alerted = c.exhaustion_alerted and group_amount(changed, c.subject_id) <= c.max_units
  where c.organization_id = p_organization_id and c.subject_id = found_id and c.limit_id = p_limit_id;
  perform raise_alerts(p_organization_id, array(
    select c.id from counters c
    where c.organization_id = p_organization_id and c.subject_id = found_id and c.limit_id = p_limit_id),
    null, null::bigint[], set_at);
  return true;
end
$$;
