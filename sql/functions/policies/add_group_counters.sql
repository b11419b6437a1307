-- add_group_counters makes the counters of groups of policies, which count from an instant: one for each limit of the policy, or for one limit
-- (p_limit_id; null: all). At each index the arrays have a group, its policy and their organization.
create or replace function add_group_counters(
  p_organization_ids uuid[], p_policy_ids uuid[], p_group_ids uuid[], p_limit_id uuid, p_now timestamptz)
returns void
language sql volatile
as $$
  insert into counters (organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
    calendar, period_start, period_end, unenforced, raises)
  select l.organization_id, l.id, g.group_id, l.subject_type, l.kind, l.type, l.period, coalesce(o.max_units, l.max_units),
    thresholds_of(l, coalesce(o.max_units, l.max_units)),
    l.generation, calendar_of(l), b.period_start, b.period_end, unenforced_of(l),
    case when l.kind = 'BUDGET' then group_raises(l.organization_id, l.id, g.group_id, p_now) end
  from unnest(p_organization_ids, p_policy_ids, p_group_ids) g (organization_id, policy_id, group_id)
  join limits l on l.organization_id = g.organization_id and l.subject_id = g.policy_id and l.id = coalesce(p_limit_id, l.id)
  left join policy_overrides o on o.organization_id = l.organization_id and o.limit_id = l.id and o.group_id = g.group_id
  cross join lateral first_period(l.period, calendar_of(l), p_now) b
$$;
