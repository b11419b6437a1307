-- has_period tells whether a counter has a period of this number: its current one, or a row of budget_periods.
create or replace function has_period(p_organization_id uuid, p_counter_id uuid, p_period_number integer) returns boolean
language sql stable
as $$
  select exists (
      select from counters c
      where c.organization_id = p_organization_id and c.id = p_counter_id and c.period_number = p_period_number)
    or exists (
      select from budget_periods p
      where p.organization_id = p_organization_id and p.counter_id = p_counter_id and p.period_number = p_period_number)
$$;
