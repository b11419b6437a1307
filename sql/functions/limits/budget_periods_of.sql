-- budget_periods_of returns the periods of a budget at an instant: those that are over, and the current one. One that is
-- over and that nobody has rolled yet is among them, as it stands.
create or replace function budget_periods_of(p_organization_id uuid, p_budget_limit_id uuid, p_now timestamptz)
returns setof budget_periods
language sql stable
as $$
  select * from budget_periods p
  where p.organization_id = p_organization_id and p.budget_limit_id = p_budget_limit_id
  union all
  select l.organization_id, l.id, l.period_number, l.generation, l.type, l.period, l.period_start, l.period_end, l.max_units,
    l.alert_units, l.used_units, l.reserved_units, l.alerted_units, l.exhaustion_alerted, null
  from limits l
  where l.organization_id = p_organization_id and l.id = p_budget_limit_id and l.kind = 'BUDGET' and p_now >= l.period_end
  union all
  select s.organization_id, s.id, s.period_number + (p_now >= l.period_end and l.period_end is not null)::integer,
    s.generation, s.type, s.period, s.period_start, s.period_end, s.max_units, s.alert_units, s.used_units, s.reserved_units,
    '{}', false, null
  from limit_statuses_at(p_now) s
  join limits l on l.organization_id = s.organization_id and l.id = s.id
  where s.organization_id = p_organization_id and s.id = p_budget_limit_id and s.kind = 'BUDGET'
$$;
