-- calendar_period returns the bounds of the period that contains an instant by a calendar: from the first instant of its first day on, to the
-- first instant of the next period's first day (see day_start and calendar_days). Null for NONE.
create or replace function calendar_period(
  period limit_period, calendar calendar, at timestamptz, out period_start timestamptz, out period_end timestamptz)
language plpgsql stable parallel safe
as $$
declare
  zone constant text := calendar.time_zone;
  day date := (at at time zone zone)::date;
  days record;
begin
  -- a clock that is put back over midnight shows the day before once more
  if day_start(zone, day + 1) <= at then
    day := day + 1;
  end if;
  days := calendar_days(period, calendar, day);
  period_start := day_start(zone, days.first_day);
  period_end := day_start(zone, days.next_day);
end
$$;
