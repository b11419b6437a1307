-- period_length returns how long a calendar period or rate window lasts. Add it to a timestamp without time zone in UTC, because
-- a month has no fixed length. Null for NONE, and for EVERY_DAYS, which has a calendar.
create or replace function period_length(period limit_period) returns interval
language sql immutable parallel safe
as $$
  select case period
    when 'WEEKLY' then interval '7 days'
    when 'MONTHLY' then interval '1 month'
    when 'SECOND' then interval '1 second'
    when 'MINUTE' then interval '1 minute'
    when 'HOUR' then interval '1 hour'
    when 'DAY' then interval '1 day'
    when 'DAILY' then interval '1 day'
    when 'QUARTERLY' then interval '3 months'
    when 'YEARLY' then interval '1 year'
    when 'WEEK' then interval '7 days'
  end
$$;
