-- charge_counters adds to the named counters in the named periods: used requests, tokens and nano-dollars, and held
-- tokens and nano-dollars (negative gives a hold back). A period that is over is charged where it is kept; an ended rate
-- window and a deleted counter are charged nowhere, because nobody can look at them any more. Its caller holds the
-- organization's lock.
create or replace function charge_counters(
  p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[],
  p_used_requests bigint, p_used_tokens bigint, p_used_cost_nanos bigint,
  p_held_tokens bigint, p_held_cost_nanos bigint) returns void
language plpgsql volatile
as $$
begin
  update counters c set
    used_units = c.used_units + units_of(c.type, p_used_requests, p_used_tokens, p_used_cost_nanos),
    reserved_units = c.reserved_units + units_of(c.type, 0, p_held_tokens, p_held_cost_nanos)
  from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
  where c.organization_id = p_organization_id and c.id = q.counter_id and c.period_number = q.period_number
    and (units_of(c.type, p_used_requests, p_used_tokens, p_used_cost_nanos) <> 0
      or units_of(c.type, 0, p_held_tokens, p_held_cost_nanos) <> 0);

  update budget_periods p set
    used_units = p.used_units + units_of(p.type, p_used_requests, p_used_tokens, p_used_cost_nanos),
    reserved_units = p.reserved_units + units_of(p.type, 0, p_held_tokens, p_held_cost_nanos)
  from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
  where p.organization_id = p_organization_id and p.counter_id = q.counter_id and p.period_number = q.period_number;
end
$$;
