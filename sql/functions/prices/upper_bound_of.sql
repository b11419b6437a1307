-- upper_bound_of returns what a request costs at most by a price, in pico-dollars before the multiplier: all input at the dearest rate that
-- input of its size or less may cost, all output at the dearest rate of output. p_tokens are input and output together where nobody
-- knows which is which, at the dearest rate of both. Images and searches are beside it: see upper_bound_of_pieces.
--
-- It is one expression, so that it is inlined, and for the usual price, whose rates are the same for every size of input, nothing is called.
create or replace function upper_bound_of(
  p_steps bigint[], p_step_rates bigint[], p_service_tier service_tier, p_requests bigint, p_input_tokens bigint, p_output_tokens bigint,
  p_tokens bigint)
returns numeric
language sql immutable
as $$
  select case
    when cardinality(p_steps) > 0
      then upper_bound_of_steps(p_steps, p_step_rates, p_service_tier, p_requests, p_input_tokens, p_output_tokens, p_tokens)
    else upper_bound_at(p_step_rates, rate_offset('{}', p_service_tier, 0), p_requests, p_input_tokens, p_output_tokens, p_tokens)
  end
$$;
