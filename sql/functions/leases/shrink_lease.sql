-- shrink_lease gives back what a lease holds beyond the given amounts, and lets the rest last for some seconds from now (0: as long as it did); see
-- return_leases. A lease that holds nothing then is RELEASED. The caller holds the organization's lock and knows that the lease is held.
create or replace function shrink_lease(
  p_lease reservations, p_requests bigint, p_tokens bigint, p_cost_nanos bigint, p_ttl_seconds integer, p_now timestamptz)
returns reservations
language plpgsql volatile
as $$
declare
  kept_requests constant bigint := least(p_lease.requests, p_requests);
  kept_tokens constant bigint := least(p_lease.tokens, p_tokens);
  kept_nanos constant bigint := least(p_lease.cost_nanos, p_cost_nanos);
  kept reservations;
begin
  if kept_requests = 0 and kept_tokens = 0 and kept_nanos = 0 then
    kept := close_reservation(p_lease, 'RELEASED', p_now);
  else
    perform charge_counters(p_lease.organization_id, p_lease.counter_ids, p_lease.period_numbers,
      p_lease.requests - kept_requests, p_lease.tokens - kept_tokens, p_lease.cost_nanos - kept_nanos, true);
    update reservations r set requests = kept_requests, tokens = kept_tokens, cost_nanos = kept_nanos,
      expires_at = case when p_ttl_seconds > 0 then p_now + make_interval(secs => lease_seconds_of(o, p_ttl_seconds)) else r.expires_at end
    from organizations o
    where o.id = p_lease.organization_id and r.organization_id = p_lease.organization_id and r.id = p_lease.id
    returning r.* into kept;
  end if;
  return kept;
end
$$;
