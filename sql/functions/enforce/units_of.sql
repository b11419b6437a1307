-- units_of picks, of one request's requests, tokens and nano-dollars, those that a limit of the given type counts; PARALLEL_REQUESTS counts the
-- request itself, as one.
create or replace function units_of(p_type limit_type, p_requests bigint, p_tokens bigint, p_cost_nanos bigint) returns bigint
language sql immutable parallel safe
as $$
  select case p_type when 'COST' then p_cost_nanos when 'TOKENS' then p_tokens when 'REQUESTS' then p_requests else 1 end
$$;
