-- calendar_of returns where a limit's periods begin, as its counter has it: null for UTC, Sunday and the 1st, so that the counters of most
-- limits have nothing more to read.
create or replace function calendar_of(p_limit limits) returns calendar
language sql immutable parallel safe
as $$
  select case
    when p_limit.time_zone = 'UTC' and p_limit.week_starts_on = 0 and p_limit.day_of_month = 1 and p_limit.reset_days is null then null
    else (p_limit.time_zone, p_limit.week_starts_on, p_limit.day_of_month, p_limit.reset_days, p_limit.reset_anchor)::calendar end
$$;
