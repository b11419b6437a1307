-- owes_alerts tells whether a budget has reached its amount or a threshold without an alert of it yet. Units are nano-dollars or
-- tokens; thresholds are in ascending order. It has no subquery, so that it is inlined.
create or replace function owes_alerts(
  p_used_units numeric, p_max_units bigint, p_alert_units bigint[], p_alerted_units bigint[], p_exhaustion_alerted boolean)
returns boolean
language sql immutable parallel safe
as $$
  select (not p_exhaustion_alerted and p_used_units >= p_max_units)
    or not p_alert_units[1:width_bucket(least(p_used_units, 9223372036854775807)::bigint, p_alert_units)] <@ p_alerted_units
$$;
