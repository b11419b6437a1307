-- update_budget_limit changes what is not null of a budget. A new amount or new thresholds keep what was used, take effect
-- with the next decision and raise at once the alerts that they make due; a raised amount arms EXHAUSTED again. Another
-- type or period starts a new generation at zero. No row when there is no such budget; raises UB001 without governance,
-- the constraints of limits, and the unique violation limits_subject_type_period_key. p_now is null in production.
create or replace function update_budget_limit(
  p_organization_id uuid, p_id uuid, p_type limit_type, p_period limit_period, p_max_units bigint, p_alert_units bigint[],
  p_now timestamptz default null)
returns setof limit_statuses
language plpgsql volatile
as $$
declare
  updated_at timestamptz;
  budget limits;
  amount bigint;
  thresholds bigint[];
begin
  perform lock_organizations(array[p_organization_id]);
  updated_at := coalesce(p_now, clock_timestamp());
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET';
  if budget.id is null then
    return;
  end if;
  perform require_governance(p_organization_id);
  perform roll_limits(p_organization_id, array[budget.subject_id], updated_at);
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id;

  amount := coalesce(p_max_units, budget.max_units);
  thresholds := case
    when p_alert_units is null then budget.alert_units
    else array(select distinct a.units from unnest(p_alert_units) a (units) order by a.units)
  end;
  if p_type <> budget.type or p_period <> budget.period then
    perform begin_generation(budget, coalesce(p_type, budget.type), coalesce(p_period, budget.period), amount, thresholds,
      updated_at);
  else
    update limits l set
      max_units = amount,
      alert_units = thresholds,
      exhaustion_alerted = l.exhaustion_alerted and amount <= l.max_units
    where l.organization_id = p_organization_id and l.id = p_id;
  end if;
  perform raise_alerts(p_organization_id, array[p_id], null, false, updated_at);
  return query select * from limit_statuses_at(updated_at) s where s.organization_id = p_organization_id and s.id = p_id;
end
$$;
