-- usage_bucket_end returns the first instant after the bucket of a usage query that contains an instant.
create or replace function usage_bucket_end(p_interval usage_interval, p_at timestamptz) returns timestamptz
language sql immutable parallel safe
as $$
  select period_end(
    (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period, p_at)
$$;
