-- limits_of_reports_json returns the limits that each report was charged to as they stand at an instant, as one JSON array a
-- report: those of its reservation's key, or else of its scope's. See limits_of_scopes_json. Those of policies
-- are of the groups that the report was charged to (p_has_policies; false: there is none).
create or replace function limits_of_reports_json(
  p_scopes grouped_scope_batch, p_scope_indexes integer[], p_reservations priced_reservation_batch, p_has_policies boolean, p_now timestamptz)
returns jsonb[]
language plpgsql stable
as $$
declare
  charged grouped_scope_batch;
begin
  select array_agg(coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) order by q.index),
    array_agg(coalesce(q.workspace_id, p_scopes.workspace_ids[q.scope_index]) order by q.index),
    array_agg(coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) order by q.index)
  into charged.organization_ids, charged.workspace_ids, charged.api_key_ids
  from unnest(p_scope_indexes, p_reservations.of_reports)
    with ordinality q (scope_index, found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens,
      held_cost_nanos, counter_ids, period_numbers, index);
  if p_has_policies then
    select array_agg(g.index), array_agg(g.id) into charged.group_scopes, charged.group_ids
    from (
      select q.index::integer, c.subject_id as id
      from unnest(p_reservations.of_reports)
        with ordinality q (found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos,
          counter_ids, period_numbers, index)
      cross join lateral (
        select distinct c.subject_id from counters c
        where c.organization_id = q.organization_id and c.id = any (q.counter_ids) and c.subject_type = 'POLICY' offset 0) c
      union all
      select q.index::integer, g.id
      from unnest(p_scope_indexes, p_reservations.of_reports)
        with ordinality q (scope_index, found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens,
          held_cost_nanos, counter_ids, period_numbers, index)
      join unnest(p_scopes.group_scopes, p_scopes.group_ids) g (scope_index, id) on g.scope_index = q.scope_index
      where q.found_id is null) g;
  end if;
  return limits_of_scopes_json(charged, p_now,
    has_expired_holds(array(select distinct unnest(charged.organization_ids)), p_now));
end
$$;
