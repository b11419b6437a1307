-- record_usage books usage that has happened, one row of the ledger each, in full and whatever the limits say: a settled
-- reservation's in the periods and windows that admitted it, any other in the current ones. A reservation decides the
-- key, whatever is named beside it. A batch without anything to decide is booked at once, any other one report by report,
-- in the same statement and with the same books; the standing of the limits in an answer may then include the rest of the
-- batch. One element of each array is one report; a zero or empty id, hash or time means not given, and so does -1
-- requests (the reservation's number, else 1); a report that skips limits is answered without their standing. Answers
-- NOT_FOUND for an unknown key or reservation, RESERVATION_CLOSED for one that was settled or released, and for a request
-- id that was used before what is stored, or IDEMPOTENCY_MISMATCH when its key or fingerprint differs. p_now is null in
-- production: the database's clock, read after the locks.
--
-- Settings: see reserve_usage.
create or replace function record_usage(
  p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_reservation_ids uuid[], p_request_ids text[],
  p_fingerprints bytea[], p_requests bigint[], p_input_tokens bigint[], p_output_tokens bigint[],
  p_cached_input_tokens bigint[], p_cost_nanos bigint[], p_providers text[], p_models text[], p_metadata text[],
  p_occurred_at timestamptz[], p_skip_limits boolean[] default null, p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  recorded_at timestamptz;
  api_key api_keys;
  subjects uuid[];
  reservation reservations;
  stored usage_event_requests;
  event usage_events;
  tokens bigint;
  answer usage_answers;
begin
  perform lock_organizations(array(
    select coalesce(nullif(q.organization_id, none), r.organization_id, k.organization_id)
    from unnest(p_organization_ids, p_secret_hashes, p_api_key_ids, p_reservation_ids)
      q (organization_id, secret_hash, api_key_id, reservation_id)
    left join reservations r on q.organization_id = none and r.id = nullif(q.reservation_id, none)
    left join lateral find_api_key(null, nullif(q.secret_hash, ''), nullif(q.api_key_id, none), '-infinity') k
      on q.organization_id = none));
  recorded_at := coalesce(p_now, clock_timestamp());

  return query
    select * from record_batch(p_organization_ids, p_secret_hashes, p_api_key_ids, p_reservation_ids, p_request_ids,
      p_fingerprints, p_requests, p_input_tokens, p_output_tokens, p_cached_input_tokens, p_cost_nanos, p_providers, p_models,
      p_metadata, p_occurred_at, p_skip_limits, recorded_at);
  if found then
    return;
  end if;

  for i in 1 .. cardinality(p_organization_ids) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.allowed := true;
    answer.decided_at := recorded_at;
    answer.denials := '[]';
    answer.limits := '[]';
    event := null;

    reservation := null;
    if p_reservation_ids[i] <> none then
      select * into reservation from reservations r
      where r.id = p_reservation_ids[i]
        and (p_organization_ids[i] = none or r.organization_id = p_organization_ids[i]);
    end if;
    select * into api_key from find_api_key(
      coalesce(reservation.organization_id, nullif(p_organization_ids[i], none)),
      case when reservation.id is null then nullif(p_secret_hashes[i], '') end,
      coalesce(reservation.api_key_id, nullif(p_api_key_ids[i], none)), recorded_at);
    if api_key.id is null or (p_reservation_ids[i] <> none and reservation.id is null) then
      answer.error := 'NOT_FOUND';
      return next answer;
      continue;
    end if;
    answer.api_key_id := api_key.id;
    subjects := subjects_of(api_key);

    select * into stored from usage_event_requests s
    where s.organization_id = api_key.organization_id and s.request_id = nullif(p_request_ids[i], '');
    if stored.usage_event_id is not null then
      if stored.api_key_id <> api_key.id or stored.fingerprint <> p_fingerprints[i] then
        answer.error := 'IDEMPOTENCY_MISMATCH';
        return next answer;
        continue;
      end if;
      answer.replayed := true;
      select * into event from usage_events e
      where e.organization_id = stored.organization_id and e.id = stored.usage_event_id and e.recorded_at = stored.recorded_at;
    elsif reservation.status in ('SETTLED', 'RELEASED') then
      answer.error := 'RESERVATION_CLOSED';
      return next answer;
      continue;
    else
      tokens := p_input_tokens[i] + p_output_tokens[i];
      event.requests := case when p_requests[i] >= 0 then p_requests[i] else coalesce(reservation.requests, 1) end;
      event.counted_requests := greatest(0, event.requests - coalesce(reservation.requests, 0));
      if reservation.id is not null then
        event.limit_ids := reservation.limit_ids;
        event.period_numbers := reservation.period_numbers;
        perform charge_limits(api_key.organization_id, event.limit_ids, event.period_numbers,
          event.counted_requests, tokens, p_cost_nanos[i],
          case reservation.status when 'HELD' then -reservation.tokens else 0 end,
          case reservation.status when 'HELD' then -reservation.cost_nanos else 0 end);
        update reservations r set status = 'SETTLED', closed_at = recorded_at
        where r.organization_id = reservation.organization_id and r.id = reservation.id;
      else
        perform roll_limits(api_key.organization_id, subjects, recorded_at);
        select coalesce(array_agg(l.id order by l.id), '{}'), coalesce(array_agg(l.period_number order by l.id), '{}')
        into event.limit_ids, event.period_numbers
        from limits l where l.organization_id = api_key.organization_id and l.subject_id = any (subjects);
        perform charge_limits(api_key.organization_id, event.limit_ids, event.period_numbers,
          event.counted_requests, tokens, p_cost_nanos[i], 0, 0);
      end if;

      insert into usage_events (organization_id, id, position, api_key_id, workspace_id, reservation_id, request_id, requests,
        input_tokens, output_tokens, cached_input_tokens, cost_nanos, provider, model, counted_requests, limit_ids,
        period_numbers, metadata, occurred_at, recorded_at)
      values (api_key.organization_id, uuid_v7(recorded_at), nextval('usage_events_position_seq'), api_key.id,
        api_key.workspace_id, reservation.id, nullif(p_request_ids[i], ''), event.requests, p_input_tokens[i],
        p_output_tokens[i], p_cached_input_tokens[i], p_cost_nanos[i], p_providers[i], p_models[i],
        event.counted_requests, event.limit_ids, event.period_numbers, p_metadata[i]::jsonb,
        coalesce(nullif(p_occurred_at[i], '0001-01-01 00:00:00+00'), recorded_at), recorded_at)
      returning * into event;
      if event.request_id is not null then
        insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
        values (event.organization_id, event.request_id, event.api_key_id, p_fingerprints[i], event.id, event.recorded_at);
      end if;
      perform raise_alerts(event.organization_id, event.limit_ids, event.period_numbers, false, recorded_at);
      perform touch_api_keys(array[api_key.organization_id], array[api_key.id], recorded_at);
    end if;

    answer.usage_event := to_jsonb(event);
    if p_skip_limits[i] is not true then
      answer.limits := limit_statuses_json(api_key.organization_id, subjects, recorded_at);
    end if;
    return next answer;
  end loop;
end
$$;
