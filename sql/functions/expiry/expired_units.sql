-- expired_units returns what reservations past their expiry at an instant still hold of a limit in its stored period, in the
-- limit's unit, because nobody has swept them yet.
create or replace function expired_units(p_limit limits, p_now timestamptz) returns bigint
language sql stable
as $$
  select coalesce(sum(units_of(p_limit.type, 0, r.tokens, r.cost_nanos)), 0)::bigint
  from reservations r
  join lateral unnest(r.limit_ids, r.period_numbers) h (limit_id, period_number)
    on h.limit_id = p_limit.id and h.period_number = p_limit.period_number
  where r.organization_id = p_limit.organization_id and r.status = 'HELD'
    and r.expires_at > swept_until(p_limit.organization_id, p_now) and r.expires_at <= p_now
$$;
