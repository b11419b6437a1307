-- budget_periods_of returns the periods of a budget at an instant: those that are over, and the current one. A stored period
-- that is over and not rolled yet is among those that are over.
create or replace function budget_periods_of(p_organization_id uuid, p_budget_limit_id uuid, p_now timestamptz)
returns setof budget_periods
language sql stable
as $$
  select p.* from counters c
  join budget_periods p on p.organization_id = c.organization_id and p.counter_id = c.id
  where c.organization_id = p_organization_id and c.limit_id = p_budget_limit_id
  union all
  select c.organization_id, c.id, c.limit_id, c.period_number, c.generation, c.type, c.period, c.period_start, c.period_end,
    amount_at(c.max_units, c.raises, last_instant('infinity', c.period_end)), c.alert_units, c.used_units, c.reserved_units, c.alerted_units,
    c.exhaustion_alerted, null
  from counters c
  where c.organization_id = p_organization_id and c.limit_id = p_budget_limit_id and c.kind = 'BUDGET' and p_now >= c.period_end
  union all
  select s.organization_id, s.counter_id, s.id, s.period_number + (p_now >= c.period_end and c.period_end is not null)::integer,
    s.generation, s.type, s.period, s.period_start, s.period_end, s.max_units + s.raised_units, s.alert_units, s.used_units, s.reserved_units,
    '{}', false, null
  from enforced_limits_at(p_now) s
  join counters c on c.organization_id = s.organization_id and c.id = s.counter_id
  where s.organization_id = p_organization_id and s.id = p_budget_limit_id and s.kind = 'BUDGET'
$$;
