-- day_start returns the first instant of a local day: at which a clock of the zone shows that day, or a later one, for the first time. So it
-- is midnight where there is one, the first of two midnights, the end of a gap that midnight is in, and the begin of the next day when
-- a zone leaves a day out. Days follow each other without gap and overlap. p_zone is a name of pg_timezone_names.
--
-- Neither date_trunc nor AT TIME ZONE does: of two midnights they choose the later one, and in a gap they go on by the old offset, past its end.
create or replace function day_start(p_zone text, p_day date) returns timestamptz
language plpgsql stable parallel safe
as $$
declare
  midnight constant timestamp := p_day;
  -- No clock is 16 hours off, so the day begins between these two. A zone does not change its offset twice within them.
  before timestamptz := midnight at time zone 'UTC' - interval '16 hours';
  after timestamptz := midnight at time zone 'UTC' + interval '16 hours';
  old_offset constant interval := before at time zone p_zone - before at time zone 'UTC';
  new_offset constant interval := after at time zone p_zone - after at time zone 'UTC';
  middle timestamptz;
begin
  if old_offset = new_offset then
    return (midnight - old_offset) at time zone 'UTC';
  end if;
  while after - before > interval '1 second' loop
    middle := date_trunc('second', before + (after - before) / 2);
    if middle at time zone p_zone - middle at time zone 'UTC' = old_offset then
      before := middle;
    else
      after := middle;
    end if;
  end loop;
  -- after is the first instant of the new offset
  if (midnight - old_offset) at time zone 'UTC' < after then
    return (midnight - old_offset) at time zone 'UTC';
  end if;
  return greatest(after, (midnight - new_offset) at time zone 'UTC');
end
$$;
