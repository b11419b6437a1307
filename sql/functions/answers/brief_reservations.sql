-- brief_reservations returns what is told of each reservation that a batch has made of which the request wants neither the id alone nor the whole
-- row (a null in p_ids_only): out of what was stored, without reading it. Null for all others. p_requests and p_ttl_seconds are what is held
-- and for how long, as hold_reservations has stored it.
create or replace function brief_reservations(
  p_scopes grouped_scope_batch, p_requests request_batch, p_decision reservation_decision_batch, p_ttl_seconds integer[], p_ids_only boolean[],
  p_now timestamptz)
returns jsonb[]
language sql stable
as $$
  select array_agg(case when q.ids_only is null and q.id is not null and q.admitted is not false then jsonb_build_object(
      'id', q.id, 'status', 'HELD', 'api_key_id', (p_scopes).api_key_ids[q.scope_index], 'requests', q.requests, 'tokens', q.tokens,
      'cost_nanos', q.cost_nanos, 'admitted_at', p_now, 'expires_at', p_now + make_interval(secs => q.ttl_seconds)) end order by q.index)
  from unnest((p_requests).scope_indexes, (p_decision).ids, (p_decision).admitted, (p_requests).requests, (p_requests).tokens,
      (p_requests).cost_nanos, p_ttl_seconds, p_ids_only)
    with ordinality q (scope_index, id, admitted, requests, tokens, cost_nanos, ttl_seconds, ids_only, index)
$$;
