-- rate_offset returns the index before the rates of a service tier and a size of input in step_rates (see resolve_rates).
create or replace function rate_offset(p_steps bigint[], p_service_tier service_tier, p_input_tokens bigint) returns integer
language sql immutable parallel safe
as $$
  select 44 * width_bucket(p_input_tokens - 1, p_steps)
    + case p_service_tier when 'BATCH' then 11 when 'FLEX' then 22 when 'PRIORITY' then 33 else 0 end
$$;
