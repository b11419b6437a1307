-- thresholds_of returns the amounts of all thresholds of a limit, those in percent among them, ascending, as its counter has them. Those in percent are of
-- p_max_units, the limit's amount, or a group's of a policy, without raises.
create or replace function thresholds_of(p_limit limits, p_max_units bigint) returns bigint[]
language sql immutable parallel safe
as $$
  select case
    when p_limit.alert_percents = '{}' then p_limit.alert_units
    else array(
      select a.units from unnest(p_limit.alert_units) a (units)
      union
      select t.units from unnest(p_limit.alert_percents) p (percent) cross join lateral threshold_units(p_max_units, p.percent) t (units)
      where t.units is not null
      order by 1)
  end
$$;
