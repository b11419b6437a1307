-- draw_leases takes what reports were booked on leases out of what these still hold, in the periods and windows that granted them; book_usage has booked
-- it in full. What a report used beyond that, or on a lease that holds nothing any more, is taken from nothing. The arguments are those of book_usage: reports of
-- leases are those that name a reservation of which find_reported_reservations has the organization and not the id. Each counter is updated once. The
-- caller holds the organizations' locks.
create or replace function draw_leases(
  p_reports report_batch, p_reservations priced_reservation_batch, p_decision report_decision_batch, p_now timestamptz) returns void
language plpgsql volatile
as $$
declare
  quantities constant bigint[] := p_reports.quantities;
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
    select r.organization_id, r.id, r.counter_ids, r.period_numbers, least(r.requests, d.requests) as requests, least(r.tokens, d.tokens) as tokens,
      least(r.cost_nanos, d.cost_nanos) as cost_nanos
    from drawn d
    cross join lateral (
      select r.* from reservations r
      join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
      where r.organization_id = d.organization_id and r.id = d.lease_id and r.leased is not null
        -- is_held, which takes long for each of many leases
        and r.status = 'HELD' and r.expires_at > p_now and api_key_denial(k, p_now) is null and not exists (
          select from hold_ends e
          where e.organization_id = r.organization_id and e.api_key_id = r.api_key_id and r.admitted_at <= e.ended_at and e.ended_at <= p_now)
      limit 1) r
  ), sums as materialized (
    select t.organization_id, c.counter_id, c.period_number, sum(t.requests) as requests, sum(t.tokens) as tokens, sum(t.cost_nanos) as cost_nanos
    from taken t, unnest(t.counter_ids, t.period_numbers) c (counter_id, period_number)
    group by t.organization_id, c.counter_id, c.period_number
  ), current as (
    update counters c set
      reserved_units = c.reserved_units - held_units(c.kind, c.type, s.requests, s.tokens, s.cost_nanos, 0, s.requests)
    from sums s
    where c.id = s.counter_id and c.period_number = s.period_number
      and held_units(c.kind, c.type, s.requests, s.tokens, s.cost_nanos, 0, s.requests) > 0
  ), ended as (
    update budget_periods p set
      reserved_units = p.reserved_units - held_units('BUDGET', p.type, s.requests, s.tokens, s.cost_nanos, 0, s.requests)
    from sums s
    where p.organization_id = s.organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
  )
  update reservations r set requests = r.requests - t.requests, tokens = r.tokens - t.tokens, cost_nanos = r.cost_nanos - t.cost_nanos
  from taken t
  where r.organization_id = t.organization_id and r.id = t.id;
end
$$;
