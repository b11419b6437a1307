-- usage_slices returns the days of a report, with bounds and bucket: those parts of the time from p_first to p_last for which an
-- organization has rolled-up usage, because a report may ask for centuries. bucket_start is null for hours, where each row of the roll-up
-- has its own. Reading one slice after the other lets a report be throttled. It is inlined into the query that calls it.
create or replace function usage_slices(p_organization_id uuid, p_first timestamptz, p_last timestamptz, p_interval usage_interval)
returns table (first timestamptz, last timestamptz, bucket_start timestamptz)
language sql stable
as $$
  select d.first, d.last, case when p_interval <> 'HOUR' then usage_bucket_start(p_interval, d.first) end
  from (
    select min(u.bucket_start) as first, max(u.bucket_start) as last from usage_workspace_days u where u.organization_id = p_organization_id
  ) r
  cross join lateral generate_series(
    case when r.first is not null then greatest(date_trunc('day', p_first at time zone 'UTC'), r.first at time zone 'UTC') end,
    least((p_last at time zone 'UTC') - interval '1 microsecond', r.last at time zone 'UTC'), interval '1 day') g (day)
  cross join lateral (
    select greatest(p_first, g.day at time zone 'UTC') as first, least(p_last, (g.day + interval '1 day') at time zone 'UTC') as last) d
$$;
