-- hold_bounds_fit tells whether API keys may hold all that a batch of requests asks for together.
create or replace function hold_bounds_fit(p_bounds hold_bound_batch, p_requests request_batch) returns boolean
language plpgsql stable
as $$
begin
  return (
    select coalesce(bool_and((s.tokens = 0 or s.tokens <= p_bounds.token_rooms[s.first]) is not false
      and (s.cost_nanos = 0 or s.cost_nanos <= p_bounds.cost_rooms[s.first]) is not false), true)
    from (
      select p_bounds.first_scopes[q.scope_index] as first, sum(q.tokens) as tokens, sum(q.cost_nanos) as cost_nanos
      from unnest(p_requests.scope_indexes, p_requests.tokens, p_requests.cost_nanos) q (scope_index, tokens, cost_nanos)
      group by 1) s);
end
$$;
