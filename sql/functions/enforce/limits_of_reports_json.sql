-- limits_of_reports_json returns the limits that each report was charged to as they stand at an instant, as one JSON array a
-- report: those of its reservation's key, or else of its scope's. See limits_of_scopes_json.
create or replace function limits_of_reports_json(
  p_scopes scope_batch, p_scope_indexes integer[], p_reservations priced_reservation_batch, p_now timestamptz)
returns jsonb[]
language plpgsql stable
as $$
declare
  charged scope_batch;
begin
  select array_agg(coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) order by q.index),
    array_agg(coalesce(q.workspace_id, p_scopes.workspace_ids[q.scope_index]) order by q.index),
    array_agg(coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) order by q.index)
  into charged.organization_ids, charged.workspace_ids, charged.api_key_ids
  from unnest(p_scope_indexes, p_reservations.of_reports)
    with ordinality q (scope_index, found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens,
      held_cost_nanos, counter_ids, period_numbers, index);
  return limits_of_scopes_json(charged, p_now,
    has_expired_holds(array(select distinct unnest(charged.organization_ids)), p_now));
end
$$;
