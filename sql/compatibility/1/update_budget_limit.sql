-- update_budget_limit without options, for servers of release 1.
create or replace function update_budget_limit(
  p_organization_id uuid, p_id uuid, p_type limit_type, p_period limit_period, p_max_units bigint, p_alert_units bigint[],
  p_now timestamptz default null)
returns setof limit_statuses
language sql volatile
as $$
  select * from update_budget_limit(p_organization_id, p_id, p_type, p_period, p_max_units, p_alert_units, null::jsonb, p_now)
$$;
