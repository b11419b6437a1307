-- update_budget_limit without options, for servers of release 1.
create or replace function update_budget_limit(
  p_organization_id uuid, p_id uuid, p_type limit_type, p_period limit_period, p_max_units bigint, p_alert_units bigint[],
  p_now timestamptz default null)
returns setof limit_statuses
language plpgsql volatile
as $$
begin
  return query select s.organization_id, s.id, s.subject_type, s.subject_id, s.kind, s.type, s.period, s.max_units, s.alert_units, s.used_units,
    s.reserved_units, s.generation, s.period_number, s.period_start, s.period_end, s.counter_id
    from update_budget_limit(p_organization_id, p_id, p_type, p_period, p_max_units, p_alert_units, null::jsonb, p_now) s;
end
$$;
