-- budget_periods_of returns the periods of a budget at an instant: those that are over, and the current one with its
-- closed_at null.
create or replace function budget_periods_of(p_organization_id uuid, p_budget_limit_id uuid, p_now timestamptz)
returns setof budget_periods
language sql stable
as $$
  select * from budget_periods p
  where p.organization_id = p_organization_id and p.budget_limit_id = p_budget_limit_id
  union all
  select s.organization_id, s.id, s.period_number, s.generation, s.type, s.period, s.period_start, s.period_end, s.max_units,
    s.alert_units, s.used_units, s.reserved_units, '{}', false, null
  from limit_statuses_at(p_now) s
  where s.organization_id = p_organization_id and s.id = p_budget_limit_id and s.kind = 'BUDGET'
$$;
