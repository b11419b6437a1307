-- upper_bound_of_steps is upper_bound_of for a price whose rates differ by the size of input: the dearest rate is that of all steps that the
-- request may reach.
create or replace function upper_bound_of_steps(
  p_steps bigint[], p_step_rates bigint[], p_service_tier service_tier, p_requests bigint, p_input_tokens bigint, p_output_tokens bigint,
  p_tokens bigint)
returns numeric
language plpgsql immutable
as $$
declare
  most constant bigint := p_input_tokens + p_tokens;
  input bigint := 0;
  output bigint := 0;
  request bigint := 0;
  o integer;
begin
  for step in 0 .. coalesce(cardinality(p_steps), 0) loop
    exit when step > 0 and most <= p_steps[step];
    o := 44 * step + rate_offset('{}', p_service_tier, 0);
    input := greatest(input, p_step_rates[o + 1], p_step_rates[o + 2], p_step_rates[o + 3], p_step_rates[o + 4], p_step_rates[o + 7]);
    output := greatest(output, p_step_rates[o + 5], p_step_rates[o + 6], p_step_rates[o + 8]);
    request := greatest(request, p_step_rates[o + 10]);
  end loop;
  return p_input_tokens::numeric * input + p_output_tokens::numeric * output + p_tokens::numeric * greatest(input, output)
    + p_requests::numeric * request;
end
$$;
