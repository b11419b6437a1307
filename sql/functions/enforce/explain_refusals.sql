-- explain_refusals raises what refusals owe, REFUSED of each budget that refused a request which its amount would allow, unless the
-- budget is used up, and returns each request's denials as a JSON array: the key's, RESERVATION_CLOSED, or PRICE_UNKNOWN
-- and those of all limits and bounds that refused it; and those of limits in SHADOW, that would have, with shadow. Null for a request that was
-- admitted and that none of these would have refused, and as a whole for a batch that was admitted as one. For p_has_expired_holds see
-- counters_of_scopes.
create or replace function explain_refusals(
  p_scopes grouped_scope_batch, p_requests request_batch, p_decision reservation_decision_batch, p_bounds hold_bound_batch,
  p_unpriced boolean[], p_now timestamptz, p_has_expired_holds boolean)
returns jsonb[]
language plpgsql volatile
as $$
declare
  denials jsonb[];
  refusal record;
begin
  if p_decision.admitted is null then
    return null;
  end if;
  perform raise_alerts(r.organization_id, array_agg(r.counter_id), null, array_agg(r.units), p_now)
  from ( -- of each counter the first request that it refused
    select distinct on (c.id) c.organization_id, c.id as counter_id, u.units
    from unnest(p_decision.refused_requests, p_decision.refused_counter_ids) r (request_index, counter_id)
    join counters c on c.id = r.counter_id
    cross join lateral (
      select units_of(c.type, p_requests.requests[r.request_index], p_requests.tokens[r.request_index],
        p_requests.cost_nanos[r.request_index]) as units) u
    where c.unenforced is null and u.units <= amount_at(c.max_units, c.raises, p_now)
    order by c.id, r.request_index) r
  group by r.organization_id;

  select array_agg(case
      when q.error is null and p_scopes.denials[q.scope_index] is not null
        then scope_denial(p_scopes, q.scope_index)
      when q.error = 'RESERVATION_CLOSED' then jsonb_build_array(jsonb_build_object('reason', q.error))
      when q.error is null and q.id is null and q.unpriced then '[{"reason": "PRICE_UNKNOWN"}]'
    end order by q.index)
  into denials
  from unnest(p_requests.scope_indexes, p_decision.errors, p_decision.ids, p_unpriced) with ordinality q (scope_index, error, id, unpriced, index);
  for refusal in
    select * from denials_of(p_decision.refused_requests, p_decision.refused_counter_ids, p_requests, p_now, p_has_expired_holds)
  loop
    denials[refusal.request_index] := coalesce(denials[refusal.request_index], '[]') || refusal.denials;
  end loop;
  for refusal in
    select * from exceeding_denials(
      p_decision.exceeding_requests, p_decision.exceeding_types, p_bounds, p_requests, p_now, p_has_expired_holds)
  loop
    denials[refusal.request_index] := coalesce(denials[refusal.request_index], '[]') || refusal.denials;
  end loop;
  return denials;
end
$$;
