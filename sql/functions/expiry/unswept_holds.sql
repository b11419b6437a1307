-- unswept_holds returns what reservations that have ended at an instant (see ended_holds) and are not swept yet hold in the given
-- organizations: requests, tokens and nano-dollars for each counter and period, how many there are, and what leases hold of requests. It reads every
-- such reservation.
create or replace function unswept_holds(p_organization_ids uuid[], p_now timestamptz)
returns table (counter_id uuid, period_number integer, requests numeric, tokens numeric, cost_nanos numeric, reservations bigint, leased numeric)
language sql stable
as $$
  select h.counter_id, h.period_number, sum(r.requests), sum(r.tokens), sum(r.cost_nanos), count(*) filter (where r.leased is null),
    sum(case when r.leased is null then 0 else r.requests end)
  from (select distinct o.id from unnest(p_organization_ids) o (id)) o
  cross join lateral ended_holds(o.id, p_now) r
  cross join lateral unnest(r.counter_ids, r.period_numbers) h (counter_id, period_number)
  group by h.counter_id, h.period_number
$$;
