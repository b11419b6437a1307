-- end_holds_of_keys gives back what an organization's API keys hold whose holds have ended (see ended_api_keys), of at most p_limit
-- reservations. These are EXPIRED then: usage that is recorded for them later is booked in full. Each counter is updated once. When
-- fewer than p_limit were left, the keys' entries in hold_ends are deleted. Keys that have expired since the organization was swept get
-- an entry first, so that what is over the limit is not forgotten. p_api_key_id names the only key to look at, of which all is
-- given back that it holds, also what was admitted by a clock that was ahead; null: all keys. The caller holds
-- the organization's lock, and runs with the settings of reserve_usage. Returns how many reservations it ended, and their tokens and
-- nano-dollars.
create or replace function end_holds_of_keys(
  p_organization_id uuid, p_now timestamptz, p_limit integer, p_api_key_id uuid default null,
  out number integer, out tokens numeric, out cost_nanos numeric)
language plpgsql volatile
as $$
declare
  since constant timestamptz := swept_until(p_organization_id, p_now);
  keys uuid[];
  ends timestamptz[];
begin
  insert into hold_ends (organization_id, api_key_id, ended_at)
  select k.organization_id, k.id, k.expires_at
  from api_keys k
  where k.organization_id = p_organization_id and k.expires_at > since and k.expires_at <= p_now
    and exists (
      select from reservations r
      where r.api_key_id = k.id and r.status = 'HELD')
  on conflict (organization_id, api_key_id) do update set ended_at = least(greatest(hold_ends.ended_at, excluded.ended_at), p_now);

  select array_agg(e.api_key_id), array_agg(e.ended_at) into keys, ends
  from hold_ends e
  where e.organization_id = p_organization_id and e.ended_at <= p_now and e.api_key_id = coalesce(p_api_key_id, e.api_key_id);
  if keys is null then
    number := 0;
    tokens := 0;
    cost_nanos := 0;
    return;
  end if;

  with over as materialized (
    select r.id, r.counter_ids, r.period_numbers, r.requests, r.tokens, r.cost_nanos, r.leased
    from ended_api_keys(p_organization_id, p_now) k
    cross join lateral (
      select * from reservations r
      where r.api_key_id = k.api_key_id and r.status = 'HELD'
        and (r.admitted_at <= k.ended_at or p_api_key_id is not null)
      limit p_limit) r
    where k.api_key_id = any (keys)
    limit p_limit
  ), sums as materialized (
    select t.counter_id, t.period_number, sum(o.requests) as requests, sum(o.tokens) as tokens,
      sum(o.cost_nanos) as cost_nanos, count(*) filter (where o.leased is null) as reservations,
      sum(case when o.leased is null then 0 else o.requests end) as leased
    from over o, unnest(o.counter_ids, o.period_numbers) t (counter_id, period_number)
    group by t.counter_id, t.period_number
  ), current as (
    update counters c set
      reserved_units = c.reserved_units - held_units(c.kind, c.type, s.requests, s.tokens, s.cost_nanos, s.reservations, s.leased)
    from sums s
    where c.id = s.counter_id and c.period_number = s.period_number
      and held_units(c.kind, c.type, s.requests, s.tokens, s.cost_nanos, s.reservations, s.leased) > 0
  ), past as (
    update budget_periods p set
      reserved_units = p.reserved_units - held_units('BUDGET', p.type, s.requests, s.tokens, s.cost_nanos, s.reservations)
    from sums s
    where p.organization_id = p_organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
  ), ended as (
    update reservations r set status = 'EXPIRED', closed_at = p_now
    from over o
    where r.id = o.id
    returning r.tokens, r.cost_nanos
  )
  select count(*), coalesce(sum(e.tokens), 0), coalesce(sum(e.cost_nanos), 0) into number, tokens, cost_nanos from ended e;

  if number < p_limit then -- but not what a transaction without the lock has added since
    delete from hold_ends e
    using unnest(keys, ends) q (api_key_id, ended_at)
    where e.organization_id = p_organization_id and e.api_key_id = q.api_key_id and e.ended_at = q.ended_at;
  end if;
end
$$;
