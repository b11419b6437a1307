-- period_start returns the first instant of the calendar period or rate window that contains an instant: weeks begin on
-- Sunday, everything is UTC: where a counter's calendar is null. Null for NONE, and for EVERY_DAYS, which always has a calendar.
create or replace function period_start(period limit_period, at timestamptz) returns timestamptz
language sql immutable parallel safe
as $$
  select case period
    when 'WEEKLY' then (date_trunc('week', (at at time zone 'UTC') + interval '1 day') - interval '1 day') at time zone 'UTC'
    when 'MONTHLY' then date_trunc('month', at at time zone 'UTC') at time zone 'UTC'
    when 'SECOND' then date_trunc('second', at at time zone 'UTC') at time zone 'UTC'
    when 'MINUTE' then date_trunc('minute', at at time zone 'UTC') at time zone 'UTC'
    when 'HOUR' then date_trunc('hour', at at time zone 'UTC') at time zone 'UTC'
    when 'DAY' then date_trunc('day', at at time zone 'UTC') at time zone 'UTC'
    when 'DAILY' then date_trunc('day', at at time zone 'UTC') at time zone 'UTC'
    when 'QUARTERLY' then date_trunc('quarter', at at time zone 'UTC') at time zone 'UTC'
    when 'YEARLY' then date_trunc('year', at at time zone 'UTC') at time zone 'UTC'
    when 'WEEK' then (date_trunc('week', (at at time zone 'UTC') + interval '1 day') - interval '1 day') at time zone 'UTC'
  end
$$;
