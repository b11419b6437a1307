-- calendar_json returns a calendar for the shapes of limits, and what the clocks of its time zone show when the period ends. Null for a null
-- calendar, where it is not called.
create or replace function calendar_json(p_calendar calendar, p_period_end timestamptz) returns jsonb
language sql stable parallel safe
as $$
  select case when not (p_calendar is null) then
    to_jsonb(p_calendar) || jsonb_build_object('local_end', to_char(p_period_end at time zone (p_calendar).time_zone, 'YYYY-MM-DD"T"HH24:MI:SS'))
  end
$$;
