-- decide_reservations finds out what becomes of each request of a batch that cannot simply be admitted as a whole: which
-- cannot be asked for, which were answered before under their request id, here or in an earlier batch, which are admitted
-- and which are refused. It writes nothing. The arguments are those of reserve_usage, beside what it found of the callers.
--
-- ids, replayed and errors have an element for each request: the reservation, stored or to be made, whether it was there
-- before, and why the request cannot be answered. For the others see admit_requests.
create or replace function decide_reservations(
  p_caller_errors text[], p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_denials denial_reason[],
  p_callers integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[],
  p_cost_nanos bigint[], p_prefix text, p_now timestamptz, p_due boolean,
  out ids uuid[], out replayed boolean[], out errors text[], out admitted boolean[], out counter_ids uuid[],
  out counter_units numeric[], out refused_requests integer[], out refused_counter_ids uuid[])
language plpgsql volatile
as $$
declare
  barred boolean[];
  repeats integer[];
  repeated integer[];
begin
  select array_agg(r.id order by q.number), array_agg(r.id is not null order by q.number),
    array_agg(coalesce(p_caller_errors[q.caller], case
      when r.api_key_id <> p_api_key_ids[q.caller] or r.fingerprint <> q.fingerprint then 'IDEMPOTENCY_MISMATCH'
    end) order by q.number),
    array_agg(p_caller_errors[q.caller] is not null or p_denials[q.caller] is not null or r.id is not null order by q.number),
    array_agg(q.repeats order by q.number)
  into ids, replayed, errors, barred, repeats
  from (
    select q.*, case
        when q.request_id <> '' then first_value(q.number) over (
          partition by p_organization_ids[q.caller], q.request_id order by q.number)
      end as repeats
    from unnest(p_callers, p_request_ids, p_fingerprints) with ordinality q (caller, request_id, fingerprint, number)) q
  left join lateral (
    select r.id, r.api_key_id, r.fingerprint from reservations r
    where r.organization_id = p_organization_ids[q.caller] and r.request_id = nullif(q.request_id, '') limit 1) r on true;

  select a.admitted, a.repeated, a.counter_ids, a.counter_units, a.refused_requests, a.refused_counter_ids
  into admitted, repeated, counter_ids, counter_units, refused_requests, refused_counter_ids
  from admit_requests(p_organization_ids, p_workspace_ids, p_api_key_ids, p_callers, p_requests, p_tokens, p_cost_nanos,
    barred, repeats, p_now, p_due) a;

  for i in 1 .. cardinality(p_callers) loop
    if admitted[i] then
      ids[i] := (p_prefix || substr(gen_random_uuid()::text, 16))::uuid;
    elsif repeated[i] is not null and errors[i] is null then
      ids[i] := ids[repeated[i]];
      replayed[i] := true;
      if p_fingerprints[i] <> p_fingerprints[repeated[i]]
        or p_api_key_ids[p_callers[i]] <> p_api_key_ids[p_callers[repeated[i]]] then
        errors[i] := 'IDEMPOTENCY_MISMATCH';
      end if;
    end if;
  end loop;
end
$$;
