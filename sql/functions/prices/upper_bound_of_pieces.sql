-- upper_bound_of_pieces returns what the images and searches of a request cost at most by a price, in pico-dollars before the multiplier: at the
-- dearest rates that a request with p_tokens of input or less may have.
create or replace function upper_bound_of_pieces(
  p_steps bigint[], p_step_rates bigint[], p_service_tier service_tier, p_tokens bigint, p_images bigint, p_web_searches bigint)
returns numeric
language sql immutable parallel safe
as $$
  select max(p_images::numeric * p_step_rates[r.above + 9] + p_web_searches::numeric * p_step_rates[r.above + 11])
  from generate_series(0, coalesce(cardinality(p_steps), 0)) s (step)
  cross join lateral (select 44 * s.step + rate_offset('{}', p_service_tier, 0)) r (above)
  where s.step = 0 or p_tokens > p_steps[s.step]
$$;
