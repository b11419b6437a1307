-- release_api_key_holds ends what an API key holds, of at most 10,000 reservations (see end_holds), although the key may be used, and
-- writes it to the audit log. What the key held beyond that counts as little in decisions and reads, and the sweep gives it back. Usage that is
-- recorded later for such a reservation is booked in full. Returns what was given back; no row for another organization than the one that
-- the transaction names. Runs as the owner, because servers may not write reservations. Settings: see reserve_usage.
create or replace function release_api_key_holds(p_organization_id uuid, p_api_key_id uuid) returns setof released_holds
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  most constant integer := 10000;
  held bigint;
  released_at timestamptz;
  released released_holds;
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  held := lock_api_keys(p_organization_id, array[p_api_key_id]);
  released_at := clock_timestamp();
  insert into hold_ends (organization_id, api_key_id, ended_at) values (p_organization_id, p_api_key_id, released_at)
  on conflict (organization_id, api_key_id) do update set ended_at = excluded.ended_at;
  select e.number, e.tokens, e.cost_nanos, 0 into released
  from end_holds_of_keys(p_organization_id, released_at, most, p_api_key_id) e;
  if released.number = most then
    released.remaining := greatest(held - most, 0);
  end if;
  if released.number > 0 then
    insert into audit_log (organization_id, action, actor, target_type, target_id, after, request_id)
    values (
      p_organization_id,
      coalesce(nullif(current_setting('bursar.action', true), ''), 'release_api_key_holds'),
      audit_actor(p_organization_id),
      'key',
      p_api_key_id,
      jsonb_build_object('id', external_id('key', p_api_key_id), 'releasedReservations', released.number,
        'releasedTokens', released.tokens::text, 'releasedCost', trim_scale(released.cost_nanos * 0.000000001)::text,
        'remainingReservations', released.remaining),
      nullif(current_setting('bursar.request_id', true), ''));
  end if;
  return next released;
end
$$;
