-- expired_units returns what reservations that have ended at an instant (see ended_holds) and are not swept yet hold of a counter in its
-- stored period, in the counter's unit. It is PL/pgSQL, which keeps the plan: to plan it takes 50 times as long as to execute it.
create or replace function expired_units(p_counter counters, p_now timestamptz) returns bigint
language plpgsql stable
set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    select coalesce(sum(held_units(p_counter.kind, p_counter.type, r.requests, r.tokens, r.cost_nanos,
      (r.leased is null)::integer, case when r.leased is null then 0 else r.requests end)), 0)::bigint
    from ended_holds(p_counter.organization_id, p_now) r
    join lateral unnest(r.counter_ids, r.period_numbers) h (counter_id, period_number)
      on h.counter_id = p_counter.id and h.period_number = p_counter.period_number);
end
$$;
