-- set_estimate_policy sets how much of the output that requests may have is held for an API key, or for all keys of the organization that
-- have nothing of their own (null). A null policy takes it back: a key has the organization's then, which is UPPER_BOUND. Runs as the owner:
-- servers may not write policies.
create or replace function set_estimate_policy(p_organization_id uuid, p_api_key_id uuid, p_policy estimate_policy, p_percent integer)
returns void
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  if p_policy is null then
    delete from estimate_rules e where e.organization_id = p_organization_id and e.api_key_id is not distinct from p_api_key_id;
    return;
  end if;
  insert into estimate_rules as e (organization_id, api_key_id, policy, percent)
  values (p_organization_id, p_api_key_id, p_policy, p_percent)
  on conflict on constraint estimate_rules_key do update set policy = excluded.policy, percent = excluded.percent, set_at = clock_timestamp()
  where (e.policy, e.percent) <> (excluded.policy, excluded.percent);
end
$$;
