-- held_units picks what reservations hold of a limit until they end, of their requests, tokens, nano-dollars and their number: requests are held of
-- budgets alone, because a rate counts them for good when they are admitted. It has no subquery, so that it is inlined.
create or replace function held_units(
  p_kind limit_kind, p_type limit_type, p_requests numeric, p_tokens numeric, p_cost_nanos numeric, p_reservations numeric)
returns numeric
language sql immutable parallel safe
as $$
  select case p_type
    when 'COST' then p_cost_nanos
    when 'TOKENS' then p_tokens
    when 'REQUESTS' then case p_kind when 'BUDGET' then p_requests else 0 end
    else p_reservations end
$$;
