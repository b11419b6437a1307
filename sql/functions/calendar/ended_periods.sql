-- ended_periods returns the periods of a budget that have ended by an instant, the stored one first: skipped is how many lie between.
create or replace function ended_periods(
  p_period limit_period, p_calendar calendar, p_period_start timestamptz, p_period_end timestamptz, p_now timestamptz)
returns table (period_start timestamptz, period_end timestamptz, skipped integer)
language plpgsql stable
as $$
#variable_conflict use_column
begin
  if p_calendar is null then
    return query
    select g.started at time zone 'UTC', period_end(p_period, g.started at time zone 'UTC'), (g.number - 1)::integer
    from generate_series(
      p_period_start at time zone 'UTC',
      (period_start(p_period, p_now) at time zone 'UTC') - interval '1 microsecond',
      period_length(p_period)) with ordinality g (started, number);
    return;
  end if;
  period_start := p_period_start;
  period_end := p_period_end;
  skipped := 0;
  while period_end <= p_now loop
    return next;
    skipped := skipped + 1;
    select b.period_start, b.period_end into period_start, period_end from next_period(p_period, p_calendar, period_end, period_end) b;
  end loop;
end
$$;
