-- size_lease says how much of what a gateway asks for a lease may hold: of each limit of the scope half of what is left, rounded down, so that other
-- gateways find room; what others hold or lease is not left. requests is bounded by limits of requests and of requests that are open at the same time, tokens by
-- those of tokens and by what the key may hold (p_bounds, null: any), and cost_nanos likewise. Limits in SHADOW, and those that are not enabled, bound nothing.
--
-- refused_ids are counters that have nothing left: they refuse any lease, also one that asks for nothing of theirs. small_ids are those that have
-- too little left to give a unit of what was asked for, small_types what the key's bounds refuse. The lease is granted when all three are empty.
--
-- counter_ids and period_numbers are all counters of the scope in their current periods, ends_at the end of the first of these that ends, null: none
-- does. The caller holds the organization's lock and has rolled the counters.
create or replace function size_lease(
  p_scope grouped_scope_batch, p_bounds hold_bound_batch, p_requests bigint, p_tokens bigint, p_cost_nanos bigint, p_now timestamptz,
  out requests bigint, out tokens bigint, out cost_nanos bigint, out counter_ids uuid[], out period_numbers integer[], out ends_at timestamptz,
  out refused_ids uuid[], out small_ids uuid[], out small_types limit_type[])
language plpgsql stable
as $$
declare
  token_room bigint;
  cost_room bigint;
begin
  with charged as materialized (
    select c.id, c.type, c.period_number, k.period_end, floor(c.room) as room, floor(c.room / 2)::bigint as share,
      case c.type when 'COST' then p_cost_nanos when 'TOKENS' then p_tokens else p_requests end as asked
    from counters_of_scopes(p_scope, p_now, true, false) c
    join counters k on k.id = c.id
  )
  select coalesce(array_agg(c.id), '{}'), coalesce(array_agg(c.period_number), '{}'), min(c.period_end),
    coalesce(array_agg(c.id) filter (where c.room <= 0), '{}'),
    coalesce(array_agg(c.id) filter (where c.room > 0 and c.share < 1 and c.asked > 0), '{}'),
    least(p_requests, min(c.share) filter (where c.type in ('REQUESTS', 'PARALLEL_REQUESTS'))),
    least(p_tokens, min(c.share) filter (where c.type = 'TOKENS')),
    least(p_cost_nanos, min(c.share) filter (where c.type = 'COST'))
  into counter_ids, period_numbers, ends_at, refused_ids, small_ids, requests, tokens, cost_nanos
  from charged c;

  token_room := floor(p_bounds.token_rooms[1] / 2);
  cost_room := floor(p_bounds.cost_rooms[1] / 2);
  small_types := array_remove(array[
    case when p_tokens > 0 and token_room < 1 then 'TOKENS'::limit_type end,
    case when p_cost_nanos > 0 and cost_room < 1 then 'COST'::limit_type end], null);
  tokens := least(tokens, token_room);
  cost_nanos := least(cost_nanos, cost_room);
end
$$;
