-- period_end returns the first instant after the calendar period or rate window that contains an instant, UTC. Null for NONE.
create or replace function period_end(period limit_period, at timestamptz) returns timestamptz
language sql immutable parallel safe
as $$
  select ((period_start(period, at) at time zone 'UTC') + period_length(period)) at time zone 'UTC'
$$;
