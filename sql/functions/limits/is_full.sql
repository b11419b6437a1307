-- is_full tells whether the budget of a counter is full at an instant, and refuses requests for it: its amount or more, with raises, is used or
-- reserved. It counts as enforced_limits_at does:
-- nothing of a period that is over, and no reservations that have ended, which are looked up only where they decide. It has no subquery, so
-- that it is inlined.
create or replace function is_full(p_counter counters, p_now timestamptz) returns boolean
language sql stable
as $$
  select case
    when p_counter.used_units + p_counter.reserved_units < p_counter.max_units or p_counter.unenforced is not null then false
    when is_over(p_counter.kind, p_counter.period_start, p_counter.period_end, p_now) then false
    when p_counter.used_units >= amount_at(p_counter.max_units, p_counter.raises, p_now) then true
    else p_counter.used_units + p_counter.reserved_units - expired_units(p_counter, p_now) >= amount_at(p_counter.max_units, p_counter.raises, p_now) end
$$;
