-- expired_holds returns what reservations that have ended at an instant (see ended_holds) and are not swept yet hold in the given
-- organizations: tokens and nano-dollars for each counter and period. It reads every such reservation.
create or replace function expired_holds(p_organization_ids uuid[], p_now timestamptz)
returns table (counter_id uuid, period_number integer, tokens numeric, cost_nanos numeric)
language sql stable
as $$
  select h.counter_id, h.period_number, sum(r.tokens), sum(r.cost_nanos)
  from (select distinct o.id from unnest(p_organization_ids) o (id)) o
  cross join lateral ended_holds(o.id, p_now) r
  cross join lateral unnest(r.counter_ids, r.period_numbers) h (counter_id, period_number)
  group by h.counter_id, h.period_number
$$;
