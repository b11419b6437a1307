-- is_counter tells whether a period of a limit has a counter: the limit's own, or a row of budget_periods.
create or replace function is_counter(p_organization_id uuid, p_limit_id uuid, p_period_number integer) returns boolean
language sql stable
as $$
  select exists (
      select from limits l
      where l.organization_id = p_organization_id and l.id = p_limit_id and l.period_number = p_period_number)
    or exists (
      select from budget_periods p
      where p.organization_id = p_organization_id and p.budget_limit_id = p_limit_id and p.period_number = p_period_number)
$$;
