-- amount_at returns the amount of a budget or a rate at an instant: its own, and what raises add that are in force then, at most what a bigint
-- holds. p_raises is null for most, which costs a look at the column alone: it has no subquery, so that it is inlined.
create or replace function amount_at(p_max_units bigint, p_raises budget_raise[], p_now timestamptz) returns bigint
language sql immutable parallel safe
as $$
  select case when p_raises is null then p_max_units else raised_amount_at(p_max_units, p_raises, p_now) end
$$;
