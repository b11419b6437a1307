-- reserve_usage decides on requests in the order of the arrays and holds the estimate of each that every limit of its
-- key, workspace and organization admits; a denied one changes no counter. A batch that fits as a whole is held at once,
-- any other one request by request, in the same statement and with the same decisions; the standing of the limits in an
-- answer may then include the rest of the batch. One element of each array is one request; a zero organization id means
-- any organization (the operator's), an empty secret hash, a zero API key id and an empty request id mean not given; a
-- request that skips limits is answered without their standing. A request id that was used before returns what is stored,
-- or IDEMPOTENCY_MISMATCH when its key or fingerprint differs. p_now is null in production: the database's clock, read
-- after the locks.
--
-- Its statements take arrays, which PostgreSQL would plan anew with every call, and look up a few rows by an index, also
-- in tables that were empty when they were last analyzed: hence the two settings, which hold for what it calls as well.
create or replace function reserve_usage(
  p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_request_ids text[], p_fingerprints bytea[],
  p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  organizations uuid[];
  decided_at timestamptz;
  organization uuid;
  api_key api_keys;
  subjects uuid[];
  stored reservations;
  denied_ids uuid[];
  charged_ids uuid[];
  charged_numbers integer[];
  answer usage_answers;
begin
  organizations := array(
    select distinct coalesce(nullif(q.organization_id, none), k.organization_id)
    from unnest(p_organization_ids, p_secret_hashes, p_api_key_ids) q (organization_id, secret_hash, api_key_id)
    left join lateral find_api_key(null, nullif(q.secret_hash, ''), nullif(q.api_key_id, none), '-infinity') k
      on q.organization_id = none);
  perform lock_organizations(organizations);
  decided_at := coalesce(p_now, clock_timestamp());

  foreach organization in array organizations loop
    perform expire_reservations(organization, decided_at, 1000);
  end loop;

  return query
    select * from reserve_batch(p_organization_ids, p_secret_hashes, p_api_key_ids, p_request_ids, p_fingerprints, p_requests,
      p_tokens, p_cost_nanos, p_ttl_seconds, p_skip_limits, decided_at);
  if found then
    return;
  end if;

  for i in 1 .. cardinality(p_organization_ids) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.allowed := false;
    answer.decided_at := decided_at;
    answer.denials := '[]';
    answer.limits := '[]';

    select * into api_key from find_api_key(nullif(p_organization_ids[i], none), nullif(p_secret_hashes[i], ''),
      nullif(p_api_key_ids[i], none), decided_at);
    answer.api_key_id := api_key.id;
    subjects := subjects_of(api_key);

    select * into stored from reservations r
    where r.organization_id = api_key.organization_id and r.request_id = nullif(p_request_ids[i], '');
    if stored.id is not null then
      if stored.api_key_id <> api_key.id or stored.fingerprint <> p_fingerprints[i] then
        answer.error := 'IDEMPOTENCY_MISMATCH';
      else
        answer.replayed := true;
        answer.allowed := true;
        answer.reservation := reservation_json(stored, decided_at);
        if p_skip_limits[i] is not true then
          answer.limits := limit_statuses_json(api_key.organization_id, subjects, decided_at);
        end if;
      end if;
      return next answer;
      continue;
    end if;

    if api_key_denial(api_key, decided_at) is not null then
      answer.denials := jsonb_build_array(jsonb_build_object('reason', api_key_denial(api_key, decided_at)));
    else
      perform roll_limits(api_key.organization_id, subjects, decided_at);
      answer.denials := coalesce(limit_denials(api_key.organization_id, subjects, p_requests[i], p_tokens[i],
        p_cost_nanos[i], decided_at), '[]');
      answer.allowed := answer.denials = '[]';
    end if;

    if answer.allowed then
      select coalesce(array_agg(l.id order by l.id), '{}'), coalesce(array_agg(l.period_number order by l.id), '{}')
      into charged_ids, charged_numbers
      from limits l where l.organization_id = api_key.organization_id and l.subject_id = any (subjects);
      perform charge_limits(api_key.organization_id, charged_ids, charged_numbers,
        p_requests[i], 0, 0, p_tokens[i], p_cost_nanos[i]);
      insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens,
        cost_nanos, limit_ids, period_numbers, admitted_at, expires_at)
      values (api_key.organization_id, uuid_v7(decided_at), api_key.id, api_key.workspace_id, nullif(p_request_ids[i], ''),
        p_fingerprints[i], p_requests[i], p_tokens[i], p_cost_nanos[i], charged_ids, charged_numbers, decided_at,
        decided_at + make_interval(secs => p_ttl_seconds[i]))
      returning * into stored;
      answer.reservation := reservation_json(stored, decided_at);
      perform touch_api_keys(array[api_key.organization_id], array[api_key.id], decided_at);
    else
      denied_ids := array(
        select (d.denial -> 'limit' ->> 'id')::uuid from jsonb_array_elements(answer.denials) d (denial)
        where d.denial ->> 'reason' = 'BUDGET_EXHAUSTED');
      if denied_ids <> '{}' then
        perform raise_alerts(api_key.organization_id, denied_ids, null, true, decided_at);
      end if;
    end if;
    if api_key.id is not null and p_skip_limits[i] is not true then
      answer.limits := limit_statuses_json(api_key.organization_id, subjects, decided_at);
    end if;
    return next answer;
  end loop;
end
$$;
