-- usage_bucket_length returns how long a bucket of a usage query lasts. Add it to a timestamp without time zone in UTC, because a month has
-- no fixed length.
create or replace function usage_bucket_length(p_interval usage_interval) returns interval
language sql immutable parallel safe
as $$
  select period_length((case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period)
$$;
