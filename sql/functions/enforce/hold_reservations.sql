-- hold_reservations stores a reservation for each admitted request: what it holds, in requests, tokens and nano-dollars,
-- and the counters and periods that admitted it: p_charges, one for each scope. p_ttl_seconds is how long each holds. For p_prices and p_labels
-- see price_requests; null: none. A request id that its organization has used before is a unique_violation.
create or replace function hold_reservations(
  p_scopes grouped_scope_batch, p_requests request_batch, p_charges charged_counters[], p_decision reservation_decision_batch,
  p_prices price_batch, p_labels text[], p_ttl_seconds integer[], p_now timestamptz)
returns void
language plpgsql volatile
as $$
begin
  if p_labels is null then -- as most: without the columns that would be null
    insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens,
      cost_nanos, counter_ids, period_numbers, admitted_at, expires_at)
    select p_scopes.organization_ids[q.scope_index], q.id, p_scopes.api_key_ids[q.scope_index],
      p_scopes.workspace_ids[q.scope_index], nullif(q.request_id, ''), q.fingerprint, q.requests, q.tokens, q.cost_nanos,
      (p_charges[q.scope_index]).counter_ids, (p_charges[q.scope_index]).period_numbers, p_now,
      p_now + make_interval(secs => q.ttl_seconds)
    from unnest(p_requests.scope_indexes, p_decision.ids, p_decision.admitted, p_requests.request_ids, p_requests.fingerprints,
        p_requests.requests, p_requests.tokens, p_requests.cost_nanos, p_ttl_seconds)
      q (scope_index, id, admitted, request_id, fingerprint, requests, tokens, cost_nanos, ttl_seconds)
    where q.admitted is not false;
    return;
  end if;
  insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens,
    cost_nanos, counter_ids, period_numbers, admitted_at, expires_at,
    provider, model, service_tier, metadata, price_id, price_multiplier)
  select p_scopes.organization_ids[q.scope_index], q.id, p_scopes.api_key_ids[q.scope_index],
    p_scopes.workspace_ids[q.scope_index], nullif(q.request_id, ''), q.fingerprint, q.requests, q.tokens, q.cost_nanos,
    (p_charges[q.scope_index]).counter_ids, (p_charges[q.scope_index]).period_numbers, p_now,
    p_now + make_interval(secs => q.ttl_seconds), nullif(q.provider, ''), nullif(q.model, ''), nullif(q.service_tier, '')::service_tier,
    nullif(q.metadata, '')::jsonb, q.price_id, q.price_multiplier
  from unnest(p_requests.scope_indexes, p_decision.ids, p_decision.admitted, p_requests.request_ids, p_requests.fingerprints,
      p_requests.requests, p_requests.tokens, p_requests.cost_nanos, p_ttl_seconds,
      p_labels[1:1], p_labels[2:2], p_labels[3:3], p_labels[4:4], p_prices.price_ids, p_prices.multipliers)
    q (scope_index, id, admitted, request_id, fingerprint, requests, tokens, cost_nanos, ttl_seconds,
      provider, model, service_tier, metadata, price_id, price_multiplier)
  where q.admitted is not false;
end
$$;
