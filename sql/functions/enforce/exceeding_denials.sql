-- exceeding_denials returns why requests are refused whose API keys would hold more than they may, as a JSON array each. The arrays are
-- pairs of a request's index and a type, COST or TOKENS. limit is the budget of which the key may hold a share, and bound_units that share.
-- Nobody knows when a request of the key ends that holds something, so that retry_at is null. For p_has_expired_holds see
-- counters_of_scopes.
create or replace function exceeding_denials(
  p_requests_exceeding integer[], p_types limit_type[], p_bounds hold_bound_batch, p_requests request_batch, p_now timestamptz,
  p_has_expired_holds boolean)
returns table (request_index integer, denials jsonb)
language sql stable
as $$
  select q.request_index, jsonb_agg(
    jsonb_build_object(
      'reason', 'HOLDS_EXCEEDED',
      'retry_at', null,
      'estimate_units', units_of(q.type, 0, (p_requests).tokens[q.request_index], (p_requests).cost_nanos[q.request_index]),
      'bound_units', case q.type when 'COST' then (p_bounds).cost_bounds[f.first] else (p_bounds).token_bounds[f.first] end,
      'limit', to_jsonb(s))
    order by q.type)
  from unnest(p_requests_exceeding, p_types) q (request_index, type)
  cross join lateral (select (p_bounds).first_scopes[(p_requests).scope_indexes[q.request_index]] as first) f
  join enforced_limits_at(p_now, p_has_expired_holds) s
    on s.counter_id = case q.type when 'COST' then (p_bounds).cost_counter_ids[f.first] else (p_bounds).token_counter_ids[f.first] end
  group by q.request_index
$$;
