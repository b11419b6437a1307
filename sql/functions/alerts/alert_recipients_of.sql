-- alert_recipients_of returns who hears of an alert that is raised by a budget's alert_recipients: the element about its kind and, of THRESHOLD, about its threshold,
-- that is set as the amount p_units, or in a percent of p_own_units, the amount without raises, that is p_units. Null: the subject's recipients.
create or replace function alert_recipients_of(p_limit limits, p_kind alert_kind, p_units bigint, p_own_units bigint) returns jsonb
language sql immutable parallel safe
as $$
  select r.element
  from jsonb_array_elements(p_limit.alert_recipients) r (element)
  where r.element ->> 'kind' = p_kind::text
    and (p_kind <> 'THRESHOLD' or (r.element ->> 'units')::bigint = p_units
      or threshold_units(p_own_units, (r.element ->> 'percent')::smallint) = p_units)
  order by r.element ? 'units' desc, (r.element ->> 'percent')::smallint limit 1
$$;
