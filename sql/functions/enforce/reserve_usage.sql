-- reserve_usage decides on requests in the order of the arrays and holds the estimate of each that every limit of its
-- key, workspace and organization admits; a denied one changes no counter. The first four arrays are callers (see
-- find_callers), p_callers names each request's by its place. An empty request id means not given; a request that skips
-- limits is answered without their standing, one that wants ids only without the reservation's row. The standing of the
-- limits in an answer includes the whole batch. A request id that was used before returns what is stored, or
-- IDEMPOTENCY_MISMATCH when its key or fingerprint differs. p_now is null in production: the database's clock, read after
-- the locks.
--
-- Limits that have room for all of the batch admit it in whatever order; only when one has not, admit_requests goes through
-- it one by one. Nobody looks for request ids that were used before until one turns up, by violating its unique key.
-- Either way each counter is written once, where the look-up found it, and a window that is over is opened by the charge. Such
-- a place stands still while the organization is locked; should somebody have changed limits all the same, with SQL of their
-- own, fewer rows than there are charges are written, and the batch fails with serialization_failure and is run again.
--
-- What is past its expiry gives up to 1000 holds back. When room is short beside the rest, as many more are given back as there
-- is time for, and those that are left even then are not counted.
--
-- Its statements take arrays, which PostgreSQL would plan anew with every call, and look up a few rows by an index, also
-- in tables that were empty when they were last analyzed: hence the settings, which hold for what it calls as well.
create or replace function reserve_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_callers integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[],
  p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[] default null, p_ids_only boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  organizations uuid[];
  decided_at timestamptz;
  prefix text;
  -- of each caller
  caller_errors text[];
  caller_organization_ids uuid[];
  caller_workspace_ids uuid[];
  caller_key_ids uuid[];
  caller_denials denial_reason[];
  caller_charges charged_counters[];
  caller_limits jsonb[];
  caller_requests numeric[];  -- what their requests ask for together
  caller_tokens numeric[];
  caller_cost_nanos numeric[];
  -- of each limit's counter
  counter_ids uuid[];
  counter_places tid[];
  counter_units numeric[];
  counter_opens boolean[];  -- its window is over: this batch opens the next
  decided_counter_ids uuid[];
  due_charges bigint;  -- how many of them change
  charges bigint;
  -- of each request; all null for a batch that is admitted as a whole, but ids
  ids uuid[];
  replayed boolean[];
  errors text[];
  admitted boolean[];
  denials jsonb[];
  refusal record;
  refused_requests integer[];
  refused_counter_ids uuid[];
  fits boolean;  -- every limit has room for the whole batch and to spare
  usable boolean;  -- every key may be used
  due boolean;  -- reservations are left that hold past their expiry
  thorough boolean := false;  -- as many of them were looked for as can be in the time of a request
  ended boolean;
  untouched integer[];  -- callers
begin
  organizations := lock_callers(p_organization_ids, p_secret_hashes, p_api_key_ids);
  decided_at := coalesce(p_now, clock_timestamp());
  prefix := uuid_v7_prefix(decided_at);
  due := expire_due_reservations(organizations, decided_at, 1000);

  select array_agg(c.error), array_agg(c.organization_id), array_agg(c.workspace_id), array_agg(c.api_key_id),
    array_agg(c.denial), bool_and(c.error is null and c.denial is null),
    array_agg(c.number::integer) filter (where c.untouched)
  into caller_errors, caller_organization_ids, caller_workspace_ids, caller_key_ids, caller_denials, usable, untouched
  from find_callers(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at) c;

  caller_requests := array_fill(0::numeric, array[cardinality(p_organization_ids)]);
  caller_tokens := caller_requests;
  caller_cost_nanos := caller_requests;
  for i in 1 .. cardinality(p_callers) loop
    caller_requests[p_callers[i]] := caller_requests[p_callers[i]] + p_requests[i];
    caller_tokens[p_callers[i]] := caller_tokens[p_callers[i]] + p_tokens[i];
    caller_cost_nanos[p_callers[i]] := caller_cost_nanos[p_callers[i]] + p_cost_nanos[i];
  end loop;
  -- no statement joins arrays to arrays: the planner, which takes every array for ten elements, may compare each to each
  loop
    with passed as materialized (
      select * from counters_of_callers(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at, false)
    ), demand as (
      select p.id, p.place, p.kind, max(p.room) as room, coalesce(bool_or(p.ended), false) as ended,
        sum(case p.type
          when 'COST' then caller_cost_nanos[p.caller]
          when 'TOKENS' then caller_tokens[p.caller]
          else caller_requests[p.caller]
        end) as units
      from passed p group by p.id, p.place, p.kind
    ), charges as (
      select p.caller,
        row(array_agg(p.id), array_agg(p.period_number + (p.ended and p.kind = 'RATE')::integer))::charged_counters as charge
      from passed p group by p.caller
    )
    select d.ids, d.places, d.units, d.opens, d.charges, d.fits, d.ended, c.charges
    into counter_ids, counter_places, counter_units, counter_opens, due_charges, fits, ended, caller_charges
    from (
      select array_agg(d.id) as ids, array_agg(d.place) as places, array_agg(d.units) as units,
        array_agg(d.ended) as opens, count(*) filter (where d.units > 0 or d.ended) as charges,
        coalesce(bool_and(d.units < d.room), true) as fits, bool_or(d.ended and d.kind = 'BUDGET') as ended
      from demand d) d
    cross join (
      select array_agg(coalesce(c.charge, row('{}', '{}')::charged_counters) order by n.number) as charges
      from generate_series(1, cardinality(caller_organization_ids)) n (number)
      left join charges c on c.caller = n.number) c;
    if ended then
      perform roll_subjects(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at);
    elsif due and not fits and not thorough then
      due := expire_due_reservations(organizations, decided_at, 50000);
      thorough := true;
    else
      exit;
    end if;
  end loop;

  if fits and usable then
    ids := array(
      select (prefix || substr(gen_random_uuid()::text, 16))::uuid from generate_series(1, cardinality(p_callers)));
  end if;
  loop
    begin
      if ids is null then
        select array_agg(l.id order by l.id), array_agg(l.place order by l.id), array_agg(l.opens order by l.id)
        into counter_ids, counter_places, counter_opens
        from unnest(counter_ids, counter_places, counter_opens) l (id, place, opens);
        select d.ids, d.replayed, d.errors, d.admitted, d.counter_ids, d.counter_units, d.refused_requests, d.refused_counter_ids
        into ids, replayed, errors, admitted, decided_counter_ids, counter_units, refused_requests, refused_counter_ids
        from decide_reservations(caller_errors, caller_organization_ids, caller_workspace_ids, caller_key_ids,
          caller_denials, p_callers, p_request_ids, p_fingerprints, p_requests, p_tokens, p_cost_nanos, prefix,
          decided_at, due) d;
        due_charges := (select count(*) from unnest(counter_units, counter_opens) d (units, opens) where d.units > 0 or d.opens);
      end if;

      update counters l set
        period_number = l.period_number + d.opens::integer,
        period_start = case when d.opens then period_start(l.period, decided_at) else l.period_start end,
        period_end = case when d.opens then period_end(l.period, decided_at) else l.period_end end,
        used_units = case when d.opens then 0 else l.used_units end + case l.type when 'REQUESTS' then d.units else 0 end,
        reserved_units = case when d.opens then 0 else l.reserved_units end + case l.type when 'REQUESTS' then 0 else d.units end
      from unnest(counter_places, counter_units, counter_opens) d (place, units, opens)
      where l.ctid = d.place and (d.units > 0 or d.opens);
      get diagnostics charges = row_count;
      if charges <> due_charges or (admitted is not null and decided_counter_ids is distinct from counter_ids) then
        raise exception 'reserve_usage: limits changed although their organization was locked'
          using errcode = 'serialization_failure';
      end if;

      insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens,
        cost_nanos, counter_ids, period_numbers, admitted_at, expires_at)
      select caller_organization_ids[q.caller], q.id, caller_key_ids[q.caller], caller_workspace_ids[q.caller],
        nullif(q.request_id, ''), q.fingerprint, q.requests, q.tokens, q.cost_nanos, (caller_charges[q.caller]).counter_ids,
        (caller_charges[q.caller]).period_numbers, decided_at, decided_at + make_interval(secs => q.ttl_seconds)
      from unnest(p_callers, ids, admitted, p_request_ids, p_fingerprints, p_requests, p_tokens, p_cost_nanos, p_ttl_seconds)
        q (caller, id, admitted, request_id, fingerprint, requests, tokens, cost_nanos, ttl_seconds)
      where q.admitted is not false;
      exit;
    exception when unique_violation then
      if admitted is not null then
        raise;
      end if;
      ids := null;
    end;
  end loop;

  if admitted is not null then
    perform raise_alerts(l.organization_id, array_agg(distinct l.id), null, true, decided_at)
    from unnest(refused_requests, refused_counter_ids) q (number, counter_id)
    join counters l on l.id = q.counter_id
    where units_of(l.type, p_requests[q.number], p_tokens[q.number], p_cost_nanos[q.number]) <= l.max_units
    group by l.organization_id;

    select array_agg(case
        when q.id is null and q.error is null and caller_denials[q.caller] is not null
          then jsonb_build_array(jsonb_build_object('reason', caller_denials[q.caller]))
      end order by q.number)
    into denials
    from unnest(p_callers, ids, errors) with ordinality q (caller, id, error, number);
    for refusal in
      select * from denials_of(refused_requests, refused_counter_ids, p_requests, p_tokens, p_cost_nanos, decided_at, due)
    loop
      denials[refusal.number] := refusal.denials;
    end loop;
  end if;
  if untouched is not null then
    update api_keys k set last_used_at = decided_at
    from (
      select distinct caller_organization_ids[q.caller] as organization_id, caller_key_ids[q.caller] as id
      from unnest(p_callers, admitted) q (caller, admitted)
      where q.caller = any (untouched) and q.admitted is not false) q
    where k.organization_id = q.organization_id and k.id = q.id;
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    caller_limits := limits_of_callers_json(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at, due);
  end if;

  return query
    select q.number::integer, q.error, coalesce(q.replayed and q.error is null, false), q.error is null and q.id is not null,
      decided_at, caller_key_ids[q.caller], coalesce(q.denials, '[]'),
      case when q.skip_limits or q.error is not null then '[]' else coalesce(caller_limits[q.caller], '[]') end,
      r.stored, null::jsonb, case when q.error is null then q.id end, null::uuid
    from unnest(p_callers, ids, errors, replayed, denials, p_skip_limits, p_ids_only)
      with ordinality q (caller, id, error, replayed, denials, skip_limits, ids_only, number)
    left join lateral (
      select reservation_json(r, decided_at) as stored from reservations r
      where q.ids_only is not true and q.error is null and r.id = q.id limit 1) r on true
    order by q.number;
end
$$;
