-- end_holds gives back what an organization's API keys hold that may not be used any more, of at most 10,000 reservations: about 0.3 s,
-- during which requests of the organization wait. The sweep gives back the rest; no decision and no read counts it until then. Its caller
-- has locked the organization before it changed the keys (see lock_api_keys).
--
-- Runs as the owner, because servers may not write reservations, and so refuses any organization but the one that the transaction names.
-- Settings: see reserve_usage.
create or replace function end_holds(p_organization_id uuid) returns integer
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return 0;
  end if;
  perform lock_organizations(array[p_organization_id]);
  return (select e.number from end_holds_of_keys(p_organization_id, clock_timestamp(), 10000) e);
end
$$;
