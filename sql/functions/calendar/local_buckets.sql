-- local_buckets returns the buckets from the one that contains an instant to the one that contains another: the days, weeks or months of a
-- calendar, between their first instants. Hours are those of the UTC clock.
create or replace function local_buckets(p_interval usage_interval, p_calendar calendar, p_first timestamptz, p_last timestamptz)
returns table (bucket_start timestamptz, bucket_end timestamptz)
language plpgsql stable
as $$
#variable_conflict use_column
declare
  calendar constant calendar := ((p_calendar).time_zone, (p_calendar).week_starts_on, 1, null, null)::calendar;
  period constant limit_period := case p_interval when 'DAY' then 'DAILY' when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' end;
begin
  if period is null then
    return query
    select g.started at time zone 'UTC', (g.started + interval '1 hour') at time zone 'UTC'
    from generate_series(period_start('HOUR', p_first) at time zone 'UTC', p_last at time zone 'UTC', interval '1 hour') g (started);
    return;
  end if;
  select b.period_start, b.period_end into bucket_start, bucket_end from calendar_period(period, calendar, p_first) b;
  loop
    return next;
    exit when bucket_end > p_last;
    select b.period_start, b.period_end into bucket_start, bucket_end from calendar_period(period, calendar, bucket_end) b;
  end loop;
end
$$;
