-- charge_limits adds to the counters of the named limits and periods: used requests, tokens and nano-dollars, and held
-- tokens and nano-dollars (negative gives a hold back). A period that is over is charged where it is kept; an ended rate
-- window and a deleted limit are charged nowhere, because nobody can look at them any more. Its caller holds the
-- organization's lock.
create or replace function charge_limits(
  p_organization_id uuid, p_limit_ids uuid[], p_period_numbers integer[],
  p_used_requests bigint, p_used_tokens bigint, p_used_cost_nanos bigint,
  p_held_tokens bigint, p_held_cost_nanos bigint) returns void
language plpgsql volatile
as $$
begin
  update limits l set
    used_units = l.used_units + units_of(l.type, p_used_requests, p_used_tokens, p_used_cost_nanos),
    reserved_units = l.reserved_units + units_of(l.type, 0, p_held_tokens, p_held_cost_nanos)
  from unnest(p_limit_ids, p_period_numbers) c (limit_id, period_number)
  where l.organization_id = p_organization_id and l.id = c.limit_id and l.period_number = c.period_number
    and (units_of(l.type, p_used_requests, p_used_tokens, p_used_cost_nanos) <> 0
      or units_of(l.type, 0, p_held_tokens, p_held_cost_nanos) <> 0);

  update budget_periods p set
    used_units = p.used_units + units_of(p.type, p_used_requests, p_used_tokens, p_used_cost_nanos),
    reserved_units = p.reserved_units + units_of(p.type, 0, p_held_tokens, p_held_cost_nanos)
  from unnest(p_limit_ids, p_period_numbers) c (limit_id, period_number)
  where p.organization_id = p_organization_id and p.budget_limit_id = c.limit_id and p.period_number = c.period_number;
end
$$;
