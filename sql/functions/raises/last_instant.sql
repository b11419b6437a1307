-- last_instant returns an instant, or the last one of a period if that is over: what counts for it are the raises that were in force then. It has
-- no subquery, so that it is inlined.
create or replace function last_instant(p_now timestamptz, p_period_end timestamptz) returns timestamptz
language sql stable parallel safe
as $$
  select least(p_now, p_period_end - interval '1 microsecond')
$$;
