-- utc_offset returns how many seconds the clocks of a time zone are ahead of UTC at an instant; null for none.
create or replace function utc_offset(p_zone text, p_at timestamptz) returns integer
language sql stable parallel safe
as $$
  select extract(epoch from (p_at at time zone p_zone) - (p_at at time zone 'UTC'))::integer
$$;
