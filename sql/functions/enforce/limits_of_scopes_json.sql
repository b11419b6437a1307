-- limits_of_scopes_json returns the limits that each scope's requests must pass as they stand at an instant, as one JSON
-- array a scope, widest subject first. Each limit is read once, however many scopes share it. For p_has_expired_holds see
-- counters_of_scopes. Limits of groups that do not exist are among them (see missing_limits). It is PL/pgSQL because PostgreSQL before 18
-- parses and plans a function in SQL that is not inlined with every call.
create or replace function limits_of_scopes_json(p_scopes grouped_scope_batch, p_now timestamptz, p_has_expired_holds boolean)
returns jsonb[]
language plpgsql stable
as $$
begin
  return (
    with applicable as materialized (
      select c.scope_index, c.id from counters_of_scopes(p_scopes, p_now, false, false) c
    ), shown as materialized (
      select s.counter_id, s.id, s.subject_type, s.kind,
        case when s.subject_type = 'POLICY' then group_limit_json(s, null, null) else to_jsonb(s) end as status
      from enforced_limits_at(p_now, p_has_expired_holds) s where s.counter_id = any (array(select a.id from applicable a))
    )
    select array_agg(s.statuses order by n.index)
    from generate_series(1, cardinality(p_scopes.organization_ids)) n (index)
    left join (
      select a.scope_index, jsonb_agg(a.status order by a.subject_type, a.kind, a.id) as statuses
      from (
        select a.scope_index, s.status, s.subject_type, s.kind, s.id from applicable a join shown s on s.counter_id = a.id
        union all
        select m.scope_index, m.status, 'POLICY', m.kind, m.id from missing_limits(p_scopes, p_now) m) a
      group by a.scope_index) s on s.scope_index = n.index);
end
$$;
