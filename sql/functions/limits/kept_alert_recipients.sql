-- kept_alert_recipients returns the alert_recipients that a budget has with its thresholds: those that options of a limit name, else p_present, without those about a threshold
-- that it has not.
create or replace function kept_alert_recipients(p_options jsonb, p_present jsonb, p_alert_units bigint[], p_alert_percents smallint[]) returns jsonb
language sql immutable parallel safe
as $$
  select coalesce(jsonb_agg(r.element order by r.number), '[]')
  from jsonb_array_elements(case when p_options ? 'alert_recipients' then p_options -> 'alert_recipients' else p_present end)
    with ordinality r (element, number)
  where r.element ->> 'kind' <> 'THRESHOLD' or (r.element ->> 'units')::bigint = any (p_alert_units)
    or (r.element ->> 'percent')::smallint = any (p_alert_percents)
$$;
