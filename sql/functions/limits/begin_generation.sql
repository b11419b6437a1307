-- begin_generation ends a budget's current period as one of the old generation and starts the next generation at zero with
-- the given type, period, amount and thresholds: inside the same calendar period when the reset is the same. What is held
-- settles into the old one. Its caller holds the organization's lock and has rolled the limit.
create or replace function begin_generation(
  p_budget limits, p_type limit_type, p_period limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamptz)
returns void
language plpgsql volatile
as $$
begin
  insert into budget_periods (organization_id, budget_limit_id, period_number, generation, type, period, period_start,
    period_end, max_units, alert_units, used_units, reserved_units, alerted_units, exhaustion_alerted, closed_at)
  values (p_budget.organization_id, p_budget.id, p_budget.period_number, p_budget.generation, p_budget.type,
    p_budget.period, p_budget.period_start, p_budget.period_end, p_budget.max_units, p_budget.alert_units,
    p_budget.used_units, p_budget.reserved_units, p_budget.alerted_units, p_budget.exhaustion_alerted, p_now);
  update limits l set
    type = p_type,
    period = p_period,
    max_units = p_max_units,
    alert_units = p_alert_units,
    generation = l.generation + 1,
    period_number = l.period_number + 1,
    period_start = coalesce(period_start(p_period, p_now), p_now),
    period_end = period_end(p_period, p_now),
    used_units = 0,
    reserved_units = 0,
    alerted_units = '{}',
    exhaustion_alerted = false
  where l.organization_id = p_budget.organization_id and l.id = p_budget.id;
end
$$;
