-- budget_bucket returns the beginning of the bucket of budget_hours that a charge at an instant is in: an hour, UTC; a quarter of an hour where
-- the counter has a calendar, because local days may begin at any of these.
create or replace function budget_bucket(p_calendar calendar, p_at timestamptz) returns timestamptz
language sql immutable parallel safe
as $$
  select case
    when p_calendar is null then period_start('HOUR', p_at)
    else date_bin('15 minutes', p_at at time zone 'UTC', timestamp '2000-01-01') at time zone 'UTC' end
$$;
