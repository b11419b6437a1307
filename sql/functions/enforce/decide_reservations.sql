-- decide_reservations says what becomes of each request of a batch: which cannot be answered, which were answered before
-- under their request id, in this batch or an earlier one, which are admitted and which are refused. It writes nothing. A request
-- whose reservation was stored before and holds nothing any more has the error RESERVATION_CLOSED, unless its key may not be used.
--
-- p_one_by_one false admits the batch as a whole and looks for nothing; the caller knows that all scopes are usable and that
-- all counters have room. A request id that was used before then violates the unique key of reservations when they are
-- stored, and the caller decides again one by one. For p_has_expired_holds see counters_of_scopes, for p_bounds
-- and p_unpriced admit_requests. The caller holds the organizations' locks.
create or replace function decide_reservations(
  p_scopes grouped_scope_batch, p_requests request_batch, p_one_by_one boolean, p_now timestamptz,
  p_has_expired_holds boolean, p_bounds hold_bound_batch,
  p_unpriced boolean[])
returns reservation_decision_batch
language plpgsql volatile
as $$
declare
  prefix constant text := uuid_v7_prefix(p_now);
  decision reservation_decision_batch;
  barred boolean[];     -- not to be admitted, whatever the counters have left
  first_of_id integer[]; -- the first request with the same request id in the same organization; null without an id
  earlier integer[];
  first integer;
begin
  if not p_one_by_one then
    decision.ids := array(
      select (prefix || substr(gen_random_uuid()::text, 16))::uuid
      from generate_series(1, cardinality(p_requests.scope_indexes)));
    return decision;
  end if;

  select array_agg(r.id order by q.index), array_agg(r.id is not null order by q.index),
    array_agg(coalesce(p_scopes.errors[q.scope_index], case
      when r.api_key_id <> p_scopes.api_key_ids[q.scope_index] or r.fingerprint <> q.fingerprint then 'IDEMPOTENCY_MISMATCH'
      when not r.held and p_scopes.denials[q.scope_index] is null then 'RESERVATION_CLOSED'
    end) order by q.index),
    array_agg(p_scopes.errors[q.scope_index] is not null or p_scopes.denials[q.scope_index] is not null or r.id is not null
      order by q.index),
    array_agg(q.first_of_id order by q.index)
  into decision.ids, decision.replayed, decision.errors, barred, first_of_id
  from (
    select q.*, case
        when q.request_id <> '' then first_value(q.index) over (
          partition by p_scopes.organization_ids[q.scope_index], q.request_id order by q.index)
      end as first_of_id
    from unnest(p_requests.scope_indexes, p_requests.request_ids, p_requests.fingerprints)
      with ordinality q (scope_index, request_id, fingerprint, index)) q
  left join lateral (
    select r.id, r.api_key_id, r.fingerprint, is_held(r, p_now) as held from reservations r
    where r.organization_id = p_scopes.organization_ids[q.scope_index] and r.request_id = nullif(q.request_id, '')
    limit 1) r on true;

  select a.admitted, a.earlier, a.counter_ids, a.counter_units, a.refused_requests, a.refused_counter_ids,
    a.exceeding_requests, a.exceeding_types
  into decision.admitted, earlier, decision.counter_ids, decision.counter_units, decision.refused_requests,
    decision.refused_counter_ids, decision.exceeding_requests, decision.exceeding_types
  from admit_requests(p_scopes, p_requests, barred, first_of_id, p_now, p_has_expired_holds, p_bounds, p_unpriced) a;

  for i in 1 .. cardinality(p_requests.scope_indexes) loop
    if decision.admitted[i] then
      decision.ids[i] := (prefix || substr(gen_random_uuid()::text, 16))::uuid;
    elsif earlier[i] is not null and decision.errors[i] is null then
      first := earlier[i];
      decision.ids[i] := decision.ids[first];
      decision.replayed[i] := true;
      if p_requests.fingerprints[i] <> p_requests.fingerprints[first]
        or p_scopes.api_key_ids[p_requests.scope_indexes[i]] <> p_scopes.api_key_ids[p_requests.scope_indexes[first]] then
        decision.errors[i] := 'IDEMPOTENCY_MISMATCH';
      end if;
    end if;
  end loop;
  return decision;
end
$$;
