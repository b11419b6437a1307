-- held_units picks what reservations hold of a limit until they end, of their requests, tokens, nano-dollars and their number: requests are held of
-- budgets alone, because a rate counts them for good when they are admitted. It has no subquery, so that it is inlined.
--
-- With p_leased some of the holds are leases (see lease_usage): p_leased is what they hold of requests, which are among p_requests as well, and
-- p_reservations the number of the other holds. A rate counts the requests of a lease when they are recorded, and so holds them until then; each may be
-- open, and so takes a place among those that are open at the same time.
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

create or replace function held_units(
  p_kind limit_kind, p_type limit_type, p_requests numeric, p_tokens numeric, p_cost_nanos numeric, p_reservations numeric, p_leased numeric)
returns numeric
language sql immutable parallel safe
as $$
  select case p_type
    when 'COST' then p_cost_nanos
    when 'TOKENS' then p_tokens
    when 'REQUESTS' then case p_kind when 'BUDGET' then p_requests else p_leased end
    else p_reservations + p_leased end
$$;
