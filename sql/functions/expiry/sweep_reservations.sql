-- sweep_reservations expires an organization's reservations that are past their expiry, at most p_limit of them, so that
-- reserve_usage has fewer to expire, and gives back what API keys hold whose holds have ended, of at most p_limit further ones. Returns how
-- many it expired. Settings: see reserve_usage. p_now is null in production: the
-- database's clock, read after the lock.
create or replace function sweep_reservations(p_organization_id uuid, p_limit integer, p_now timestamptz default null)
returns integer
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  swept_at timestamptz;
  swept integer;
begin
  perform lock_organizations(array[p_organization_id]);
  swept_at := coalesce(p_now, clock_timestamp());
  swept := (select e.number from expire_reservations(p_organization_id, swept_at, p_limit) e);
  return swept + (select e.number from end_holds_of_keys(p_organization_id, swept_at, p_limit) e);
end
$$;
