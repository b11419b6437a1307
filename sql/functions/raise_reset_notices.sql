-- raise_reset_notices tells for how many of the given budgets of an organization the recipients have news: those that had
-- exhausted and work again. Called when periods are closed, under the organization's lock and with limits rolled to p_now.
create or replace function raise_reset_notices(p_organization_id uuid, p_budget_limit_ids uuid[], p_now timestamptz)
returns integer
language sql volatile
as $$
  select count(*)::integer from limits l
  where l.organization_id = p_organization_id and l.id = any (p_budget_limit_ids) and l.kind = 'BUDGET'
    and l.period_start <= p_now and not l.exhaustion_alerted and l.used_units < l.max_units
$$;
