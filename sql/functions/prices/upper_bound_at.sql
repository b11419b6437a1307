-- upper_bound_at is upper_bound_of for the rates that begin behind an offset in step_rates (see rate_offset), whatever the size of input. It is one
-- expression, so that it is inlined.
create or replace function upper_bound_at(
  p_step_rates bigint[], p_offset integer, p_requests bigint, p_input_tokens bigint, p_output_tokens bigint, p_tokens bigint)
returns numeric
language sql immutable parallel safe
as $$
  select p_input_tokens::numeric * greatest(p_step_rates[p_offset + 1], p_step_rates[p_offset + 2], p_step_rates[p_offset + 3],
      p_step_rates[p_offset + 4], p_step_rates[p_offset + 7])
    + p_output_tokens::numeric * greatest(p_step_rates[p_offset + 5], p_step_rates[p_offset + 6], p_step_rates[p_offset + 8])
    + case
        when p_tokens = 0 then 0
        else p_tokens::numeric * greatest(p_step_rates[p_offset + 1], p_step_rates[p_offset + 2], p_step_rates[p_offset + 3],
          p_step_rates[p_offset + 4], p_step_rates[p_offset + 5], p_step_rates[p_offset + 6], p_step_rates[p_offset + 7],
          p_step_rates[p_offset + 8])
      end
    + p_requests::numeric * p_step_rates[p_offset + 10]
$$;
