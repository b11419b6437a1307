-- policy_budget_at returns a budget of a policy at an instant as policy_limits_at does, on what the policy stands on: so raises of it are answered, which
-- have the shape of a budget on an organization or a workspace.
create or replace function policy_budget_at(p_policy_id uuid, p_limit_id uuid, p_now timestamptz) returns setof limit_details
language sql stable
as $$
  select s.organization_id, s.id, case when p.workspace_id is null then 'ORGANIZATION'::subject_type else 'WORKSPACE' end,
    coalesce(p.workspace_id, p.organization_id), s.kind, s.type, s.period, s.max_units, s.alert_units, s.used_units, s.reserved_units, s.generation,
    s.period_number, s.period_start, s.period_end, s.counter_id, s.version, s.defined_at, s.calendar, s.raised_units, s.enabled, s.mode,
    policy_json(p, null), s.alert_percents, s.alert_recipients
  from policy_limits_at(array[p_policy_id], p_now) s
  join policies p on p.organization_id = s.organization_id and p.id = s.subject_id
  where s.id = p_limit_id
$$;
