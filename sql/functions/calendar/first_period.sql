-- first_period returns the bounds of the period in which a limit begins to count at an instant: the one that contains the instant. A period of
-- NONE begins at the instant itself and has no end.
create or replace function first_period(
  p_period limit_period, p_calendar calendar, p_at timestamptz, out period_start timestamptz, out period_end timestamptz)
language plpgsql stable parallel safe
as $$
begin
  if p_calendar is null then
    period_start := coalesce(period_start(p_period, p_at), p_at);
    period_end := period_end(p_period, p_at);
  else
    select b.period_start, b.period_end into period_start, period_end from calendar_period(p_period, p_calendar, p_at) b;
  end if;
end
$$;
