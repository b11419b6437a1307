-- missing_limits returns the limits of the groups that a batch's scopes lack (see grouped_scope_batch), as they would stand at an instant if
-- the groups were made: nothing is used of them. room is as in counters_of_scopes. status is as in limits_of_scopes_json.
create or replace function missing_limits(p_scopes grouped_scope_batch, p_now timestamptz)
returns table (scope_index integer, group_id uuid, id uuid, kind limit_kind, type limit_type, room bigint, shadow boolean, status jsonb)
language plpgsql stable
as $$
begin
  if p_scopes.missing_scopes is null then
    return;
  end if;
  return query
    select m.scope_index, m.group_id, l.id, l.kind, l.type, case when unenforced_of(l) is null then amount_at(a.max_units, a.raises, p_now) end, unenforced_of(l) is not distinct from 'SHADOW',
      group_limit_json(row(l.organization_id, l.id, l.subject_type, m.group_id, l.kind, l.type, l.period, a.max_units, l.alert_units, 0, 0,
        l.generation, 1, b.period_start, b.period_end, m.group_id, calendar_json(calendar_of(l), b.period_end),
        amount_at(a.max_units, a.raises, p_now) - a.max_units, l.enabled,
        case when l.mode = 'SHADOW' or l.policy_mode = 'SHADOW' then 'SHADOW' else 'ENFORCE' end::limit_mode)::enforced_limits, l.policy_id, m.group_values::text[])
    from unnest(p_scopes.missing_scopes, p_scopes.missing_group_ids, p_scopes.missing_policy_ids, p_scopes.missing_values)
      m (scope_index, group_id, policy_id, group_values)
    join limits l on l.organization_id = p_scopes.organization_ids[m.scope_index] and l.subject_id = m.policy_id
    left join policy_overrides o on o.organization_id = l.organization_id and o.limit_id = l.id and o.group_id = m.group_id
    cross join lateral (
      select coalesce(o.max_units, l.max_units) as max_units,
        case when l.kind = 'BUDGET' then group_raises(l.organization_id, l.id, m.group_id, p_now) end as raises offset 0) a
    cross join lateral first_period(l.period, calendar_of(l), p_now) b;
end
$$;
