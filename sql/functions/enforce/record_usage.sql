-- record_usage books usage that has happened, one row of the ledger each, in full and whatever the limits say: a settled
-- reservation's in the periods and windows that admitted it, any other in the current ones. A reservation decides the
-- key, whatever its caller names. The first four arrays are callers (see find_callers), p_callers names each report's by its
-- place; a zero or empty id or time means not given, and so does -1 requests (the reservation's number, else 1). A report
-- that skips limits is answered without their standing, which includes the whole batch, one that wants ids only without the
-- ledger's row. Answers NOT_FOUND for an unknown key or reservation, RESERVATION_CLOSED for one that was settled or
-- released, and for a request id that was used before what is stored, or IDEMPOTENCY_MISMATCH when its key or fingerprint
-- differs. p_now is null in production: the database's clock, read after the locks.
--
-- A batch without anything to decide is booked as it is; decide_reports goes through any other, and through one in which a
-- request id turns up that was used before, by violating its primary key. Either way each counter is written once.
-- Settings: see reserve_usage.
create or replace function record_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_callers integer[], p_reservation_ids uuid[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[],
  p_input_tokens bigint[], p_output_tokens bigint[], p_cached_input_tokens bigint[], p_cost_nanos bigint[],
  p_providers text[], p_models text[], p_metadata text[], p_occurred_at timestamptz[],
  p_skip_limits boolean[] default null, p_ids_only boolean[] default null, p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  booked_at timestamptz;
  prefix text;
  -- of each caller
  caller_errors text[];
  caller_organization_ids uuid[];
  caller_workspace_ids uuid[];
  caller_key_ids uuid[];
  caller_charges charged_counters[];
  -- of each report; all null for a batch that is booked as a whole, but ids and reservations
  found reservations[];
  ids uuid[];
  booked boolean[];
  replayed_at timestamptz[];
  errors text[];
  limits_of_each jsonb[];
  whole boolean;
  unreserved boolean;
  untouched integer[];  -- callers
  ended boolean;
  due_organization_ids uuid[];
  due_counter_ids uuid[];
  due_period_numbers integer[];
begin
  perform lock_reports(p_organization_ids, p_secret_hashes, p_api_key_ids, p_callers, p_reservation_ids);
  booked_at := coalesce(p_now, clock_timestamp());
  prefix := uuid_v7_prefix(booked_at);

  select array_agg(c.error), array_agg(c.organization_id), array_agg(c.workspace_id), array_agg(c.api_key_id),
    array_agg(c.number::integer) filter (where c.untouched)
  into caller_errors, caller_organization_ids, caller_workspace_ids, caller_key_ids, untouched
  from find_callers(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, booked_at) c;

  select array_agg(r.reservation order by q.number),
    bool_and(caller_errors[q.caller] is null and case
      when q.reservation_id = none then caller_key_ids[q.caller] is not null
      else coalesce((r.reservation).status in ('HELD', 'EXPIRED'), false)
    end) and count(distinct (r.reservation).id) = count((r.reservation).id),
    bool_or(q.reservation_id = none)
  into found, whole, unreserved
  from unnest(p_callers, p_reservation_ids) with ordinality q (caller, reservation_id, number)
  left join lateral (
    select r as reservation from reservations r
    where r.id = nullif(q.reservation_id, none) and p_organization_ids[q.caller] in (none, r.organization_id)
    limit 1) r on true;

  while unreserved loop
    select array_agg(c.charge order by n.number), bool_or(c.ended)
    into caller_charges, ended
    from generate_series(1, cardinality(caller_organization_ids)) n (number)
    left join (
      select l.caller, bool_or(l.ended) as ended, row(array_agg(l.id), array_agg(l.period_number))::charged_counters as charge
      from counters_of_callers(caller_organization_ids, caller_workspace_ids, caller_key_ids, booked_at, false) l
      group by l.caller) c on c.caller = n.number;
    exit when ended is not true;
    perform roll_subjects(caller_organization_ids, caller_workspace_ids, caller_key_ids, booked_at);
  end loop;

  if whole then
    ids := array(
      select (prefix || substr(gen_random_uuid()::text, 16))::uuid from generate_series(1, cardinality(p_callers)));
  end if;
  loop
    begin
      if ids is null then
        select d.ids, d.booked, d.replayed_at, d.errors into ids, booked, replayed_at, errors
        from decide_reports(caller_errors, caller_organization_ids, caller_key_ids, p_callers, p_reservation_ids, found,
          p_request_ids, p_fingerprints, prefix, booked_at) d;
      end if;

      with reports as materialized (
        select q.number, q.id, r.id as settled_id,
          coalesce(r.organization_id, caller_organization_ids[q.caller]) as organization_id,
          coalesce(r.workspace_id, caller_workspace_ids[q.caller]) as workspace_id,
          coalesce(r.api_key_id, caller_key_ids[q.caller]) as api_key_id,
          coalesce(r.counter_ids, (caller_charges[q.caller]).counter_ids, '{}') as counter_ids,
          coalesce(r.period_numbers, (caller_charges[q.caller]).period_numbers, '{}') as period_numbers,
          case r.status when 'HELD' then r.tokens else 0 end as held_tokens,
          case r.status when 'HELD' then r.cost_nanos else 0 end as held_cost_nanos,
          n.requests, greatest(0, n.requests - coalesce(r.requests, 0)) as counted_requests,
          q.input_tokens, q.output_tokens, q.cached_input_tokens, q.cost_nanos, q.request_id, q.fingerprint, q.provider, q.model,
          q.metadata, q.occurred_at
        from unnest(p_callers, ids, booked, p_requests, p_input_tokens, p_output_tokens, p_cached_input_tokens, p_cost_nanos,
            p_request_ids, p_fingerprints, p_providers, p_models, p_metadata, p_occurred_at)
          with ordinality q (caller, id, booked, requests, input_tokens, output_tokens, cached_input_tokens, cost_nanos,
            request_id, fingerprint, provider, model, metadata, occurred_at, number)
        cross join lateral (select (found[q.number]).*) r
        cross join lateral (
          select case when q.requests >= 0 then q.requests else coalesce(r.requests, 1) end as requests) n
        where q.booked is not false
      ), sums as materialized (
        select q.organization_id, t.counter_id, t.period_number, sum(q.counted_requests) as requests,
          sum(q.input_tokens + q.output_tokens) as tokens, sum(q.cost_nanos) as cost_nanos,
          sum(q.held_tokens) as held_tokens, sum(q.held_cost_nanos) as held_cost_nanos
        from reports q, unnest(q.counter_ids, q.period_numbers) t (counter_id, period_number)
        group by q.organization_id, t.counter_id, t.period_number
      ), current as (
        update counters l set
          used_units = l.used_units + case l.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else s.requests end,
          reserved_units = l.reserved_units - case l.type when 'COST' then s.held_cost_nanos when 'TOKENS' then s.held_tokens else 0 end
        from sums s
        where l.id = s.counter_id and l.period_number = s.period_number
          and case l.type
            when 'COST' then s.cost_nanos > 0 or s.held_cost_nanos > 0
            when 'TOKENS' then s.tokens > 0 or s.held_tokens > 0
            else s.requests > 0
          end
        returning l.organization_id, l.id, l.period_number, l.kind = 'BUDGET'
          and owes_alerts(l.used_units, l.max_units, l.alert_units, l.alerted_units, l.exhaustion_alerted) as due
      ), ended as (
        update budget_periods p set
          used_units = p.used_units + case p.type when 'COST' then s.cost_nanos else s.tokens end,
          reserved_units = p.reserved_units - case p.type when 'COST' then s.held_cost_nanos else s.held_tokens end
        from sums s
        where p.organization_id = s.organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
        returning p.organization_id, p.counter_id, p.period_number,
          owes_alerts(p.used_units, p.max_units, p.alert_units, p.alerted_units, p.exhaustion_alerted) as due
      ), settled as (
        update reservations r set status = 'SETTLED', closed_at = booked_at
        from reports q
        where r.id = q.settled_id
      ), booked as (
        insert into usage_events (organization_id, id, position, api_key_id, workspace_id, reservation_id, request_id, requests,
          input_tokens, output_tokens, cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids,
          period_numbers, metadata, occurred_at, recorded_at)
        select q.organization_id, q.id, nextval('usage_events_position_seq'), q.api_key_id, q.workspace_id, q.settled_id,
          nullif(q.request_id, ''), q.requests, q.input_tokens, q.output_tokens, q.cached_input_tokens, q.cost_nanos,
          q.provider, q.model, q.counted_requests, q.counter_ids, q.period_numbers, q.metadata::jsonb,
          coalesce(nullif(q.occurred_at, '0001-01-01 00:00:00+00'), booked_at), booked_at
        from reports q
        order by q.number
      ), named as (
        insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
        select q.organization_id, q.request_id, q.api_key_id, q.fingerprint, q.id, booked_at
        from reports q
        where q.request_id <> ''
      )
      select array_agg(d.organization_id), array_agg(d.id), array_agg(d.period_number)
      into due_organization_ids, due_counter_ids, due_period_numbers
      from (
        select c.organization_id, c.id, c.period_number from current c where c.due
        union all
        select e.organization_id, e.counter_id, e.period_number from ended e where e.due) d;
      exit;
    exception when unique_violation then
      if booked is not null then
        raise;
      end if;
      ids := null;
    end;
  end loop;

  if due_counter_ids is not null then
    perform raise_alerts(d.organization_id, array_agg(d.counter_id), array_agg(d.period_number), false, booked_at)
    from unnest(due_organization_ids, due_counter_ids, due_period_numbers) d (organization_id, counter_id, period_number)
    group by d.organization_id;
  end if;
  if unreserved and untouched is not null then
    update api_keys k set last_used_at = booked_at
    from (
      select distinct caller_organization_ids[q.caller] as organization_id, caller_key_ids[q.caller] as id
      from unnest(p_callers, p_reservation_ids, booked) q (caller, reservation_id, booked)
      where q.caller = any (untouched) and q.reservation_id = none and q.booked is not false) q
    where k.organization_id = q.organization_id and k.id = q.id;
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    select limits_of_callers_json(array_agg(coalesce(r.organization_id, caller_organization_ids[q.caller]) order by q.number),
      array_agg(coalesce(r.workspace_id, caller_workspace_ids[q.caller]) order by q.number),
      array_agg(coalesce(r.api_key_id, caller_key_ids[q.caller]) order by q.number), booked_at,
      reservations_due(array_agg(distinct coalesce(r.organization_id, caller_organization_ids[q.caller])), booked_at))
    into limits_of_each
    from unnest(p_callers, p_reservation_ids) with ordinality q (caller, reservation_id, number)
    cross join lateral (select (found[q.number]).*) r;
  end if;

  return query
    select q.number::integer, q.error, q.replayed_at is not null, q.error is null, booked_at,
      case when q.error is null then coalesce(r.api_key_id, caller_key_ids[q.caller]) end, '[]'::jsonb,
      case when q.skip_limits or q.error is not null then '[]' else coalesce(q.limits, '[]') end,
      null::jsonb, e.stored, null::uuid, q.id
    from unnest(p_callers, p_reservation_ids, ids, errors, replayed_at, limits_of_each, p_skip_limits, p_ids_only)
      with ordinality q (caller, reservation_id, id, error, replayed_at, limits, skip_limits, ids_only, number)
    cross join lateral (select (found[q.number]).*) r
    left join lateral (
      select to_jsonb(e) as stored from usage_events e
      where q.ids_only is not true and e.id = q.id and e.recorded_at = coalesce(q.replayed_at, booked_at)
      limit 1) e on true
    order by q.number;
end
$$;
