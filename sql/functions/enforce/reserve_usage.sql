-- reserve_usage decides on requests in the order of the arrays and holds the estimate of each that every limit of its
-- key, workspace and organization admits; a refused one changes no counter. The first four arrays are scopes (see
-- find_scopes); p_scope_indexes names each request's. Estimates are requests, tokens and nano-dollars; holds last
-- p_ttl_seconds, or less if the organization says so (see bounded_seconds). An empty request id means not given. A request that skips limits is answered without their standing, one
-- that wants ids only without the reservation's row. The standing of the limits in an answer includes the whole batch. p_now
-- is null in production: the database's clock, read after the locks. p_labels and p_sizes say what requests are for, and have the prices of
-- their models give what is not given (see price_requests); null as a whole: nobody says anything.
--
-- A request id that was used before is answered with what is stored, or IDEMPOTENCY_MISMATCH when its key or fingerprint
-- differs. Whether it is allowed is said of now: it is denied when its key may not be used, or else when the reservation holds nothing
-- any more (RESERVATION_CLOSED, see answer_reservations). Errors of a request are in its answer; serialization_failure (see charge_demand) fails the batch, to be run again.
--
-- Counters that have room for all of the batch admit it as a whole; only when one has not, requests are decided one by one.
-- Nobody looks for request ids that were used before until one violates its unique key. Either way each counter is written
-- once. Holds past their expiry are given back first, up to 1000; more when room is short (see measure_demand).
--
-- The steps' statements take arrays, which PostgreSQL would plan anew with every call, and look up a few rows by an index,
-- also in tables that were empty when they were last analyzed: hence the settings, which hold for the steps as well.
create or replace function reserve_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_scope_indexes integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[],
  p_cost_nanos bigint[], p_ttl_seconds integer[], p_labels text[], p_sizes bigint[], p_skip_limits boolean[] default null, p_ids_only boolean[] default null,
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
  organization_ids uuid[];
  decided_at timestamptz;
  has_expired_holds boolean;
  scopes grouped_scope_batch;
  grouped record;
  requests request_batch;
  demand demand_batch;
  bounds hold_bound_batch;
  prices price_batch;
  one_by_one boolean;
  decision reservation_decision_batch;
  denials jsonb[];
  limits jsonb[];
  briefs jsonb[];
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  -- lock
  organization_ids := lock_scopes(p_organization_ids, p_secret_hashes, p_api_key_ids);
  decided_at := coalesce(p_now, clock_timestamp());
  has_expired_holds := expire_due_reservations(organization_ids, decided_at, 1000, false);

  scopes := find_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at);
  if has_policies(organization_ids) then
    grouped := group_scopes(scopes, p_scope_indexes,
      make_groups(match_scopes(scopes, p_scope_indexes, p_labels[1:1], p_labels[2:2], p_labels[4:4], false), decided_at));
    scopes := grouped.scopes;
    p_scope_indexes := grouped.scope_indexes;
  end if;
  requests := row(p_scope_indexes, p_request_ids, p_fingerprints, p_requests, p_tokens, p_cost_nanos);

  if p_labels is not null then
    prices := price_requests(scopes, requests, p_labels, p_sizes, decided_at);
    requests.tokens := prices.tokens;
    requests.cost_nanos := prices.cost_nanos;
  end if;

  demand := measure_demand(scopes, requests, decided_at, has_expired_holds);
  one_by_one := not (demand.all_fit and scopes.all_usable) or prices.unpriced is not null;
  if has_hold_bounds(organization_ids) then
    bounds := hold_bounds(scopes, decided_at);
    p_ttl_seconds := bounded_seconds(scopes, p_scope_indexes, p_ttl_seconds);
    one_by_one := one_by_one or not hold_bounds_fit(bounds, requests);
  end if;
  loop
    begin
      decision := decide_reservations(scopes, requests, one_by_one, decided_at, demand.has_expired_holds, bounds, prices.unpriced);
      perform charge_demand(demand, decision, decided_at);
      perform hold_reservations(scopes, requests, demand.charges, decision, prices, p_labels, p_ttl_seconds, decided_at);
      exit;
    exception when unique_violation then
      if one_by_one then
        raise;
      end if;
      one_by_one := true;
    end;
  end loop;
  if one_by_one then
    denials := explain_refusals(scopes, requests, decision, bounds, prices.unpriced, decided_at, demand.has_expired_holds);
  end if;

  -- answer
  if scopes.stale_last_used is not null then
    perform note_last_use(scopes, array(
      select q.scope_index from unnest(p_scope_indexes, decision.admitted) q (scope_index, admitted)
      where q.admitted is not false), decided_at);
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    limits := limits_of_scopes_json(scopes, decided_at, demand.has_expired_holds or has_expired_holds(organization_ids, decided_at));
  end if;
  if array_position(p_ids_only, null) is null then
    return query select * from answer_reservations(
      scopes, p_scope_indexes, decision, denials, limits, p_skip_limits, p_ids_only, decided_at);
    return;
  end if;
  briefs := brief_reservations(scopes, requests, decision, p_ttl_seconds, p_ids_only, decided_at);
  return query select a.ordinal, a.error, a.replayed, a.allowed, a.decided_at, a.api_key_id, a.denials, a.limits,
    coalesce(briefs[a.ordinal], a.reservation), a.usage_event, a.reservation_id, a.usage_event_id
  from answer_reservations(scopes, p_scope_indexes, decision, denials, limits, p_skip_limits,
    array(select coalesce(q.ids_only, q.brief is not null) from unnest(p_ids_only, briefs) q (ids_only, brief)), decided_at) a;
end
$$;
