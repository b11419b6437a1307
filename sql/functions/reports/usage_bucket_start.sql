-- usage_bucket_start returns the first instant of the bucket of a usage query that contains an instant: UTC, weeks begin
-- on Sunday.
create or replace function usage_bucket_start(p_interval usage_interval, p_at timestamptz) returns timestamptz
language sql immutable parallel safe
as $$
  select period_start(
    (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period, p_at)
$$;
