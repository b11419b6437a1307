-- group_limits_at returns the limits of groups of policies as they stand at an instant, as limits_at does for others. They
-- stand on what the policies stand on; policy has the group.
create or replace function group_limits_at(p_organization_ids uuid[], p_group_ids uuid[], p_now timestamptz) returns setof limit_details
language sql stable
as $$
  select s.organization_id, s.id, case when p.workspace_id is null then 'ORGANIZATION'::subject_type else 'WORKSPACE' end,
    coalesce(p.workspace_id, p.organization_id), s.kind, s.type, s.period, s.max_units, l.alert_units, s.used_units,
    s.reserved_units, s.generation, s.period_number, s.period_start, s.period_end, s.counter_id, l.version,
    coalesce(l.defined_at, l.created_at), s.calendar, s.raised_units, s.enabled, s.mode,
    policy_json(p, g.group_values) || jsonb_build_object('group_id', g.id), l.alert_percents, l.alert_recipients
  from enforced_limits_at(p_now) s
  join limits l on l.organization_id = s.organization_id and l.id = s.id
  join policies p on p.organization_id = l.organization_id and p.id = l.policy_id
  join policy_groups g on g.organization_id = s.organization_id and g.id = s.subject_id
  where s.organization_id = any (p_organization_ids) and s.subject_id = any (p_group_ids)
  order by s.kind, s.id, s.subject_id
$$;
