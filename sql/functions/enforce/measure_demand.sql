-- measure_demand adds up what a batch asks of each counter, and looks whether each counter has that left, those in SHADOW included: what they
-- would refuse is found out one by one. What stands in the
-- way of an answer is done first: budgets whose period is over are rolled, and when room is short, up to 50,000 holds past
-- their expiry are given back (p_has_expired_holds: there are some), and up to 10,000 of API keys whose holds have ended. Rate windows that are
-- over count as empty here and are opened by the charge. The caller holds the organizations' locks and has read p_now after them.
create or replace function measure_demand(
  p_scopes grouped_scope_batch, p_requests request_batch, p_now timestamptz, p_has_expired_holds boolean)
returns demand_batch
language plpgsql volatile
as $$
declare
  scope_indexes constant integer[] := p_requests.scope_indexes;
  -- what the requests of each scope ask for together
  requests numeric[] := array_fill(0::numeric, array[cardinality(p_scopes.organization_ids)]);
  tokens numeric[] := requests;
  cost_nanos numeric[] := requests;
  scope integer;
  demand demand_batch;
  budget_ended boolean;
  swept_fully boolean := false;
begin
  for i in 1 .. cardinality(scope_indexes) loop
    scope := scope_indexes[i];
    requests[scope] := requests[scope] + p_requests.requests[i];
    tokens[scope] := tokens[scope] + p_requests.tokens[i];
    cost_nanos[scope] := cost_nanos[scope] + p_requests.cost_nanos[i];
  end loop;
  loop
    -- no statement joins arrays to arrays: the planner takes every array for ten elements, and may compare each to each
    with applicable as materialized (
      select * from counters_of_scopes(p_scopes, p_now, false, true)
    ), counters as (
      select a.id, a.ctid, a.kind, max(a.room) as room, coalesce(bool_or(a.ended), false) as ended,
        sum(case a.type
          when 'COST' then cost_nanos[a.scope_index]
          when 'TOKENS' then tokens[a.scope_index]
          when 'REQUESTS' then requests[a.scope_index]
          else cardinality(array_positions(scope_indexes, a.scope_index::integer))
        end) as units
      from applicable a group by a.id, a.ctid, a.kind
    ), charges as (
      select a.scope_index,
        row(array_agg(a.id), array_agg(a.period_number + (a.ended and a.kind = 'RATE')::integer))::charged_counters as charge
      from applicable a group by a.scope_index
    )
    select c.ids, c.ctids, c.units, c.opens_window, c.changes, s.charges, c.all_fit, c.budget_ended
    into demand.counter_ids, demand.ctids, demand.units, demand.opens_window, demand.changes, demand.charges, demand.all_fit,
      budget_ended
    from (
      select array_agg(c.id) as ids, array_agg(c.ctid) as ctids, array_agg(c.units) as units,
        array_agg(c.ended) as opens_window, count(*) filter (where c.units > 0 or c.ended) as changes,
        coalesce(bool_and(c.units < c.room), true) as all_fit,
        bool_or(c.ended and c.kind = 'BUDGET') as budget_ended
      from counters c) c
    cross join (
      select array_agg(coalesce(c.charge, row('{}', '{}')::charged_counters) order by n.index) as charges
      from generate_series(1, cardinality(p_scopes.organization_ids)) n (index)
      left join charges c on c.scope_index = n.index) s;
    if budget_ended then
      perform roll_scopes(p_scopes, p_now);
    elsif not demand.all_fit and not swept_fully
      and (p_has_expired_holds or has_expired_holds(p_scopes.organization_ids, p_now)) then
      p_has_expired_holds := expire_due_reservations(array(select distinct unnest(p_scopes.organization_ids)), p_now, 50000, true);
      swept_fully := true;
    else
      demand.has_expired_holds := p_has_expired_holds;
      return demand;
    end if;
  end loop;
end
$$;
