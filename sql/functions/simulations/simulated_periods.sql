-- simulated_periods returns the first instants of the periods of a budget that begins to count at p_from: of the one that contains p_from, and of all
-- that begin before p_to; for NONE p_from alone. They are those that roll_counters opens.
create or replace function simulated_periods(p_period limit_period, p_calendar calendar, p_from timestamptz, p_to timestamptz)
returns timestamptz[]
language plpgsql stable
as $$
declare
  bounds record;
  started timestamptz[];
begin
  select b.period_start, b.period_end into bounds from first_period(p_period, p_calendar, p_from) b;
  loop
    started := started || bounds.period_start;
    exit when bounds.period_end is null or bounds.period_end >= p_to;
    if p_calendar is null then
      select bounds.period_end as period_start, period_end(p_period, bounds.period_end) as period_end into bounds;
    else
      select b.period_start, b.period_end into bounds from next_period(p_period, p_calendar, bounds.period_end, bounds.period_end) b;
    end if;
  end loop;
  return started;
end
$$;
