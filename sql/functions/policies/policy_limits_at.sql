-- policy_limits_at returns the limits of policies at an instant in the shape of limits_at, oldest first: each stands on its policy, and nothing
-- is used of it, because what is used is used of the policies' groups. raised_units is what raises of all groups add.
create or replace function policy_limits_at(p_policy_ids uuid[], p_now timestamptz) returns setof limit_details
language sql stable
as $$
  select l.organization_id, l.id, l.subject_type, l.subject_id, l.kind, l.type, l.period, l.max_units, l.alert_units, 0::numeric, 0::bigint, l.generation, 1,
    b.period_start, b.period_end, l.id, l.version, coalesce(l.defined_at, l.created_at), calendar_json(calendar_of(l), b.period_end),
    case when l.kind = 'BUDGET' then amount_at(l.max_units, group_raises(l.organization_id, l.id, null, p_now), p_now) - l.max_units else 0 end,
    l.enabled, l.mode, null::jsonb, l.alert_percents, l.alert_recipients
  from policies p
  join limits l on l.organization_id = p.organization_id and l.subject_id = p.id
  cross join lateral first_period(l.period, calendar_of(l), p_now) b
  where p.id = any (p_policy_ids)
  order by l.id
$$;
