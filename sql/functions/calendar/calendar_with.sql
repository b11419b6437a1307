-- calendar_with returns the calendar that a limit of a period gets with options (time_zone, week_starts_on, day_of_month, reset_days,
-- reset_anchor): those that are not given, or null, stay as the limit has them where they mean something for the period, and are UTC, Sunday and the 1st elsewhere.
-- EVERY_DAYS without an anchor counts from the day of p_at. The constraints of limits refuse what is given and means
-- nothing. Whether there is such a time zone is asked before: see unknown_time_zones.
create or replace function calendar_with(p_limit limits, p_period limit_period, p_options jsonb, p_at timestamptz) returns calendar
language plpgsql stable
as $$
declare
  given constant calendar := jsonb_populate_record(null::calendar, coalesce(p_options, '{}'));
  wanted calendar;
begin
  wanted.time_zone := coalesce(given.time_zone,
    case when p_period in ('DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'EVERY_DAYS') then p_limit.time_zone end, 'UTC');
  wanted.week_starts_on := coalesce(given.week_starts_on, case when p_period = 'WEEKLY' then p_limit.week_starts_on end, 0);
  wanted.day_of_month := coalesce(given.day_of_month,
    case when p_period in ('MONTHLY', 'QUARTERLY', 'YEARLY') then p_limit.day_of_month end, 1);
  wanted.reset_days := coalesce(given.reset_days, case when p_period = 'EVERY_DAYS' then p_limit.reset_days end);
  wanted.reset_anchor := coalesce(given.reset_anchor,
    case when p_period = 'EVERY_DAYS' then coalesce(p_limit.reset_anchor, (p_at at time zone wanted.time_zone)::date) end);
  return wanted;
end
$$;
