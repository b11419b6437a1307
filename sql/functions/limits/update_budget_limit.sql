-- update_budget_limit changes those fields of a budget whose argument is not null. A new amount or new thresholds keep what was
-- used, take effect with the next decision, and raise alerts at once if usage has reached them. After a raised amount EXHAUSTED can
-- be alerted again. One that is enabled raises what it has reached meanwhile. Another type, period or calendar starts a new generation at zero. p_options has what else is changed, by column: alert_percents, alert_recipients, enabled, mode,
-- and see calendar_with. No row when there is no such budget; raises UB001 without governance, the constraints of limits, and the unique violation
-- limits_subject_type_period_key. p_now is null in production.
--
-- Runs as the owner: servers may not write limits, counters, periods and alerts.
create or replace function update_budget_limit(
  p_organization_id uuid, p_id uuid, p_type limit_type, p_period limit_period, p_max_units bigint, p_alert_units bigint[],
  p_options jsonb, p_now timestamptz)
returns setof limit_details
language plpgsql volatile security definer
set search_path from current
as $$
declare
  updated_at timestamptz;
  budget limits;
  calendar calendar;
  starts_anew boolean;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  updated_at := coalesce(p_now, clock_timestamp());
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET' and l.policy_id is null;
  if budget.id is null then
    return;
  end if;
  perform require_governance(p_organization_id);
  perform roll_counters(p_organization_id, array[budget.subject_id], updated_at);

  calendar := calendar_with(budget, coalesce(p_period, budget.period), p_options, updated_at);
  starts_anew := coalesce(p_type, budget.type) <> budget.type or coalesce(p_period, budget.period) <> budget.period
    or (budget.time_zone, budget.week_starts_on, budget.day_of_month, budget.reset_days, budget.reset_anchor)::calendar is distinct from calendar;
  update limits l set
    type = coalesce(p_type, l.type),
    period = coalesce(p_period, l.period),
    max_units = coalesce(p_max_units, l.max_units),
    alert_units = case
      when p_alert_units is null then l.alert_units
      else array(select distinct a.units from unnest(p_alert_units) a (units) order by a.units)
    end,
    alert_percents = percents_of(p_options, l.alert_percents),
    alert_recipients = kept_alert_recipients(p_options, l.alert_recipients, coalesce(p_alert_units, l.alert_units), percents_of(p_options, l.alert_percents)),
    enabled = coalesce((p_options ->> 'enabled')::boolean, l.enabled),
    mode = coalesce((p_options ->> 'mode')::limit_mode, l.mode),
    time_zone = calendar.time_zone,
    week_starts_on = calendar.week_starts_on,
    day_of_month = calendar.day_of_month,
    reset_days = calendar.reset_days,
    reset_anchor = calendar.reset_anchor,
    generation = l.generation + starts_anew::integer,
    generation_started_at = case when starts_anew then updated_at else l.generation_started_at end
  where l.organization_id = p_organization_id and l.id = p_id;
  perform raise_alerts(p_organization_id,
    array(select c.id from counters c where c.organization_id = p_organization_id and c.limit_id = p_id), null, null::bigint[], updated_at);
  return query select * from limits_at(updated_at) s where s.organization_id = p_organization_id and s.id = p_id;
end
$$;
