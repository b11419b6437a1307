-- nanos_of_picos returns pico-dollars times a multiplier (null: 1) in nano-dollars, rounded up.
create or replace function nanos_of_picos(p_picos numeric, p_multiplier numeric) returns numeric
language sql immutable parallel safe
as $$
  select ceil(p_picos * coalesce(p_multiplier, 1) * 0.001)
$$;
