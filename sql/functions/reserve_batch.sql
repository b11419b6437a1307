-- reserve_batch holds a whole batch of requests at once, in a fixed number of statements, when nothing about it needs a
-- decision: every key may be used, no request id was used before, and every limit has room for the batch and to spare, so
-- that each request would be admitted in whatever order. Otherwise it changes nothing and returns no row. Its arguments
-- are reserve_usage's; its caller holds the organizations' locks and has read the clock after them.
create or replace function reserve_batch(
  p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_request_ids text[], p_fingerprints bytea[],
  p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[],
  p_now timestamptz)
returns setof usage_answers
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  organization_ids uuid[];
  workspace_ids uuid[];
  key_ids uuid[];
  usable boolean;
  held jsonb[];
begin
  select array_agg(k.organization_id order by q.ordinal), array_agg(k.workspace_id order by q.ordinal),
    array_agg(k.id order by q.ordinal), bool_and(api_key_denial(k, p_now) is null)
  into organization_ids, workspace_ids, key_ids, usable
  from unnest(p_organization_ids, p_secret_hashes, p_api_key_ids)
    with ordinality q (organization_id, secret_hash, api_key_id, ordinal)
  left join lateral find_api_key(nullif(q.organization_id, none), nullif(q.secret_hash, ''), nullif(q.api_key_id, none),
    p_now) k on true;
  if not usable or exists (
    select from unnest(organization_ids, p_request_ids) q (organization_id, request_id)
    where q.request_id <> '' and (
      exists (select from reservations r where r.organization_id = q.organization_id and r.request_id = q.request_id)
      or array_length(array_positions(p_request_ids, q.request_id), 1) > 1)) then
    return;
  end if;
  perform roll_subjects(organization_ids, workspace_ids, key_ids, p_now);

  with requests as materialized (
    select q.*, uuid_v7(p_now) as id
    from unnest(organization_ids, workspace_ids, key_ids, p_request_ids, p_fingerprints, p_requests, p_tokens, p_cost_nanos,
      p_ttl_seconds) with ordinality q (organization_id, workspace_id, api_key_id, request_id, fingerprint, requests, tokens,
      cost_nanos, ttl_seconds, ordinal)
  ), wanted as materialized (
    select q.ordinal, l.organization_id, l.id, l.period_number, l.type,
      l.max_units - l.used_units - l.reserved_units as room,
      units_of(l.type, q.requests, q.tokens, q.cost_nanos) as units
    from requests q
    join limits l on l.organization_id = q.organization_id
      and l.subject_id = any (array[q.organization_id, q.workspace_id, q.api_key_id])
  ), demand as materialized (
    select w.organization_id, w.id, w.type, w.room, sum(w.units) as units from wanted w group by 1, 2, 3, 4
  ), fit as materialized (
    select coalesce(bool_and(d.units < d.room), true) as fits from demand d
  ), charged as (
    update limits l set
      used_units = l.used_units + case d.type when 'REQUESTS' then d.units else 0 end,
      reserved_units = l.reserved_units + case d.type when 'REQUESTS' then 0 else d.units end
    from demand d, fit
    where fit.fits and d.units > 0 and l.organization_id = d.organization_id and l.id = d.id
  ), inserted as (
    insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens,
      cost_nanos, limit_ids, period_numbers, admitted_at, expires_at)
    select q.organization_id, q.id, q.api_key_id, q.workspace_id, nullif(q.request_id, ''), q.fingerprint, q.requests,
      q.tokens, q.cost_nanos, coalesce(w.limit_ids, '{}'), coalesce(w.period_numbers, '{}'), p_now,
      p_now + make_interval(secs => q.ttl_seconds)
    from fit
    cross join requests q
    left join (
      select w.ordinal, array_agg(w.id order by w.id) as limit_ids, array_agg(w.period_number order by w.id) as period_numbers
      from wanted w group by w.ordinal) w on w.ordinal = q.ordinal
    where fit.fits
    order by q.ordinal
    returning *
  )
  select array_agg(to_jsonb(i) - 'fingerprint' order by q.ordinal) into held
  from inserted i join requests q on q.id = i.id;
  if held is null then
    return;
  end if;

  perform touch_api_keys(organization_ids, key_ids, p_now);
  return query
    select q.ordinal::integer, null::text, false, true, p_now, q.api_key_id, '[]'::jsonb, s.statuses, held[q.ordinal], null::jsonb
    from unnest(key_ids) with ordinality q (api_key_id, ordinal)
    join batch_limits(organization_ids, workspace_ids, key_ids, p_skip_limits, p_now) s on s.ordinal = q.ordinal
    order by q.ordinal;
end
$$;
