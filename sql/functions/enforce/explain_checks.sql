-- explain_checks returns each request's denials as a JSON array: the key's, or PRICE_UNKNOWN and those of all limits and bounds that refuse it. p_refused
-- has the indexes of the requests that a counter refuses; null: none. p_exceeding_requests and p_exceeding_types are those of
-- reservation_decision_batch. Null for a request that would be admitted. It only
-- reads. Limits of groups that do not exist refuse what is more than their amount. For p_has_expired_holds see counters_of_scopes.
create or replace function explain_checks(
  p_scopes grouped_scope_batch, p_requests request_batch, p_refused integer[], p_exceeding_requests integer[],
  p_exceeding_types limit_type[], p_bounds hold_bound_batch, p_unpriced boolean[], p_now timestamptz, p_has_expired_holds boolean)
returns jsonb[]
language plpgsql stable
as $$
declare
  denials jsonb[];
  refusal record;
begin
  select array_agg(case
      when p_scopes.denials[q.scope_index] is not null
        then scope_denial(p_scopes, q.scope_index)
      when q.unpriced then '[{"reason": "PRICE_UNKNOWN"}]'
    end order by q.index)
  into denials
  from unnest(p_requests.scope_indexes, p_unpriced) with ordinality q (scope_index, unpriced, index);
  for refusal in
    select d.* from (
      select array_agg(q.index) as indexes, array_agg(c.id) as counter_ids
      from counters_of_scopes(p_scopes, p_now, p_has_expired_holds, false) c
      join (
        select r.index, p_requests.scope_indexes[r.index] as scope_index from unnest(p_refused) r (index)
        where p_scopes.denials[p_requests.scope_indexes[r.index]] is null) q on q.scope_index = c.scope_index
      where c.room <= 0
        or units_of(c.type, p_requests.requests[q.index], p_requests.tokens[q.index], p_requests.cost_nanos[q.index]) > c.room) r
    cross join lateral denials_of(r.indexes, r.counter_ids, p_requests, p_now, p_has_expired_holds) d
  loop
    denials[refusal.request_index] := coalesce(denials[refusal.request_index], '[]') || refusal.denials;
  end loop;
  for refusal in
    select q.index as request_index, jsonb_agg(jsonb_build_object('reason', 'ESTIMATE_EXCEEDS_LIMIT', 'retry_at', null, 'estimate_units', u.units,
      'limit', m.status) order by m.kind, m.id) as denials
    from missing_limits(p_scopes, p_now) m
    join unnest(p_requests.scope_indexes) with ordinality q (scope_index, index) on q.scope_index = m.scope_index
    cross join lateral (
      select units_of(m.type, p_requests.requests[q.index], p_requests.tokens[q.index], p_requests.cost_nanos[q.index]) as units) u
    where u.units > m.room and p_scopes.denials[q.scope_index] is null
    group by q.index
  loop
    denials[refusal.request_index] := coalesce(denials[refusal.request_index], '[]') || refusal.denials;
  end loop;
  for refusal in
    select * from exceeding_denials(p_exceeding_requests, p_exceeding_types, p_bounds, p_requests, p_now, p_has_expired_holds) d
    where p_scopes.denials[p_requests.scope_indexes[d.request_index]] is null
  loop
    denials[refusal.request_index] := coalesce(denials[refusal.request_index], '[]') || refusal.denials;
  end loop;
  return denials;
end
$$;
