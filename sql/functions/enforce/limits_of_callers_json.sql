-- limits_of_callers_json returns the limits that each caller's requests must pass as they stand at an instant, as a JSON
-- array, widest subject first. Each limit is looked at once, however many callers share it. For p_due
-- see counters_of_callers.
create or replace function limits_of_callers_json(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamptz, p_due boolean)
returns jsonb[]
language sql stable
as $$
  with passed as materialized (
    select c.caller, c.id
    from counters_of_callers(p_organization_ids, p_workspace_ids, p_api_key_ids, p_now, false) c
  ), shown as materialized (
    select s.counter_id, s.id, s.subject_type, s.kind, to_jsonb(s) as status
    from limit_statuses_at(p_now, p_due) s where s.counter_id = any (array(select p.id from passed p))
  )
  select array_agg(c.statuses order by n.number)
  from generate_series(1, cardinality(p_organization_ids)) n (number)
  left join (
    select p.caller, jsonb_agg(s.status order by s.subject_type, s.kind, s.id) as statuses
    from passed p join shown s on s.counter_id = p.id
    group by p.caller) c on c.caller = n.number
$$;
