-- draw_on_leases takes what reports are booked on leases out of what these still hold, and returns that for each lease and counter, in the period or
-- window that granted it; book_usage takes it out of the counters. What a report used beyond that, or on a lease that holds nothing any more, is taken from
-- nothing. The arguments are those of book_usage: reports of leases are those that name a reservation of which find_reported_reservations has the
-- organization and not the id. The caller holds the organizations' locks.
create or replace function draw_on_leases(
  p_reports report_batch, p_reservations priced_reservation_batch, p_decision report_decision_batch, p_now timestamptz)
returns lease_draw[]
language plpgsql volatile
as $$
declare
  quantities constant bigint[] := p_reports.quantities;
  draws lease_draw[];
begin
  with drawn as materialized (
    select q.lease_id, q.organization_id,
      sum(case when quantities[1][q.index] >= 0 then quantities[1][q.index] else 1 end) as requests,
      sum(quantities[2][q.index] + quantities[3][q.index]) as tokens, sum(q.cost_nanos) as cost_nanos
    from unnest(p_reports.reservation_ids, p_decision.booked, p_reports.cost_nanos, p_reservations.of_reports)
      with ordinality q (lease_id, booked, cost_nanos,
        found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids,
        period_numbers, index)
    where q.booked is not false and q.found_id is null and q.organization_id is not null
    group by q.lease_id, q.organization_id
  ), taken as materialized (
    select r.organization_id, r.id, r.counter_ids, r.period_numbers, least(r.requests, d.requests)::bigint as requests,
      least(r.tokens, d.tokens)::bigint as tokens, least(r.cost_nanos, d.cost_nanos)::bigint as cost_nanos
    from drawn d
    -- the lease first, by its id alone (offset 0): an index of holds by their expiry would look through all of the organization's for each
    cross join lateral (select * from reservations r where r.organization_id = d.organization_id and r.id = d.lease_id offset 0) r
    join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
    -- is_held, which takes long for each of many leases
    where r.leased is not null and r.status = 'HELD' and r.expires_at > p_now and api_key_denial(k, p_now) is null and not exists (
      select from hold_ends e
      where e.organization_id = r.organization_id and e.api_key_id = r.api_key_id and r.admitted_at <= e.ended_at and e.ended_at <= p_now)
  ), left_over as (
    update reservations r set requests = r.requests - t.requests, tokens = r.tokens - t.tokens, cost_nanos = r.cost_nanos - t.cost_nanos
    from taken t
    where r.organization_id = t.organization_id and r.id = t.id
  )
  select array_agg(row(t.organization_id, c.counter_id, c.period_number, t.requests, t.tokens, t.cost_nanos)::lease_draw) into draws
  from taken t, unnest(t.counter_ids, t.period_numbers) c (counter_id, period_number);
  return draws;
end
$$;
