-- expired_units returns what reservations that are past their expiry at an instant and not swept yet hold of a counter in its
-- stored period, in the counter's unit.
create or replace function expired_units(p_counter counters, p_now timestamptz) returns bigint
language sql stable
as $$
  select coalesce(sum(units_of(p_counter.type, 0, r.tokens, r.cost_nanos)), 0)::bigint
  from reservations r
  join lateral unnest(r.counter_ids, r.period_numbers) h (counter_id, period_number)
    on h.counter_id = p_counter.id and h.period_number = p_counter.period_number
  where r.organization_id = p_counter.organization_id and r.status = 'HELD'
    and r.expires_at > swept_until(p_counter.organization_id, p_now) and r.expires_at <= p_now
$$;
