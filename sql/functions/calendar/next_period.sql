-- next_period returns the bounds of the period that contains an instant, of a budget with a calendar whose stored period has ended by then. The
-- period after the stored one begins where that one ends, also where the rules of the time zone have changed since it began: no gap and no
-- overlap. Its own end is by the rules of now. Where that would come within 12 hours, it is the end of the period after it.
create or replace function next_period(
  p_period limit_period, p_calendar calendar, p_ended timestamptz, p_at timestamptz, out period_start timestamptz, out period_end timestamptz)
language plpgsql stable parallel safe
as $$
begin
  period_start := p_ended;
  period_end := (calendar_period(p_period, p_calendar, p_ended)).period_end;
  if period_end < p_ended + interval '12 hours' then
    period_end := (calendar_period(p_period, p_calendar, period_end)).period_end;
  end if;
  if p_at >= period_end then
    select b.period_start, b.period_end into period_start, period_end from calendar_period(p_period, p_calendar, p_at) b;
  end if;
end
$$;
