-- limits_of_scopes_json returns the limits that each scope's requests must pass as they stand at an instant, as one JSON
-- array a scope, widest subject first. Each limit is read once, however many scopes share it. For p_has_expired_holds see
-- counters_of_scopes. It is PL/pgSQL because PostgreSQL before 18 parses and plans a function in SQL that is not inlined with every call.
create or replace function limits_of_scopes_json(p_scopes scope_batch, p_now timestamptz, p_has_expired_holds boolean)
returns jsonb[]
language plpgsql stable
as $$
begin
  return (
    with applicable as materialized (
      select c.scope_index, c.id from counters_of_scopes(p_scopes, p_now, false, false) c
    ), shown as materialized (
      select s.counter_id, s.id, s.subject_type, s.kind, to_jsonb(s) as status
      from enforced_limits_at(p_now, p_has_expired_holds) s where s.counter_id = any (array(select a.id from applicable a))
    )
    select array_agg(s.statuses order by n.index)
    from generate_series(1, cardinality(p_scopes.organization_ids)) n (index)
    left join (
      select a.scope_index, jsonb_agg(s.status order by s.subject_type, s.kind, s.id) as statuses
      from applicable a join shown s on s.counter_id = a.id
      group by a.scope_index) s on s.scope_index = n.index);
end
$$;
