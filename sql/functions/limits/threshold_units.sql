-- threshold_units returns the amount at which a threshold in percent of an amount is reached, in its unit: rounded up, since what is used is whole units. Null
-- where that is the amount itself, of which EXHAUSTED tells.
create or replace function threshold_units(p_max_units bigint, p_percent smallint) returns bigint
language sql immutable parallel safe
as $$
  select nullif(ceil(p_max_units::numeric * p_percent / 100)::bigint, p_max_units)
$$;
