-- local_bucket_bounds returns the first instants of the buckets that local_buckets returns, at most p_number of them, ascending, and then the end of the last one of all.
create or replace function local_bucket_bounds(
  p_interval usage_interval, p_time_zone text, p_week_starts_on smallint, p_first timestamptz, p_last timestamptz, p_number integer)
returns setof timestamptz
language sql stable
as $$
  with buckets as materialized (
    select * from local_buckets(p_interval, (p_time_zone, p_week_starts_on, 1, null, null)::calendar, p_first, p_last)
  )
  select s.at from (
    (select b.bucket_start as at from buckets b order by 1 limit p_number)
    union all
    select max(b.bucket_end) from buckets b
  ) s
  order by s.at
$$;
