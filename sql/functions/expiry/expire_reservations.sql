-- expire_reservations expires an organization's reservations that are past their expiry, at most p_limit of them, by expiry, and
-- gives back what they hold. Each counter is updated once. The caller holds the organization's lock, and runs with the settings of
-- reserve_usage. Returns how many it expired, and the expiry of the last one.
create or replace function expire_reservations(
  p_organization_id uuid, p_now timestamptz, p_limit integer, out number integer, out last_expires_at timestamptz)
language plpgsql volatile
as $$
declare
  since timestamptz := swept_until(p_organization_id, p_now);
begin
  with overdue as materialized (
    select r.id, r.counter_ids, r.period_numbers, r.requests, r.tokens, r.cost_nanos, r.leased, r.expires_at
    from reservations r
    where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > since and r.expires_at <= p_now
    order by r.expires_at limit p_limit
  ), sums as materialized (
    select t.counter_id, t.period_number, sum(d.requests) as requests, sum(d.tokens) as tokens,
      sum(d.cost_nanos) as cost_nanos, count(*) filter (where d.leased is null) as reservations,
      sum(case when d.leased is null then 0 else d.requests end) as leased
    from overdue d, unnest(d.counter_ids, d.period_numbers) t (counter_id, period_number)
    group by t.counter_id, t.period_number
  ), current as (
    update counters c set
      reserved_units = c.reserved_units - held_units(c.kind, c.type, s.requests, s.tokens, s.cost_nanos, s.reservations, s.leased)
    from sums s
    where c.id = s.counter_id and c.period_number = s.period_number
      and held_units(c.kind, c.type, s.requests, s.tokens, s.cost_nanos, s.reservations, s.leased) > 0
  ), ended as (
    update budget_periods p set
      reserved_units = p.reserved_units - held_units('BUDGET', p.type, s.requests, s.tokens, s.cost_nanos, s.reservations)
    from sums s
    where p.organization_id = p_organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
  ), expired as (
    update reservations r set status = 'EXPIRED', closed_at = p_now
    from overdue d
    where r.id = d.id
    returning d.expires_at
  )
  select count(*), max(e.expires_at) into number, last_expires_at from expired e;
end
$$;
