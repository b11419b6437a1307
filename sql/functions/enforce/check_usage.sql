-- check_usage answers whether requests would be admitted now, each as if it were alone, reading only: it counts nothing,
-- holds nothing and raises no alert. The first four arrays are scopes (see find_scopes), p_scope_indexes names each
-- request's; estimates are requests, tokens and nano-dollars. A request that skips limits is answered without their
-- standing. Raises UB005 when an organization is not HERE (see refuse_moved). p_now is null in production: the database's clock. p_labels and p_sizes are those of reserve_usage. Settings: see reserve_usage.
create or replace function check_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_scope_indexes integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_labels text[], p_sizes bigint[], p_skip_limits boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql stable security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  decided_at constant timestamptz := coalesce(p_now, clock_timestamp());
  shows_limits constant boolean := p_skip_limits is null or false = any (p_skip_limits);
  scopes grouped_scope_batch;
  grouped record;
  requests request_batch := row(p_scope_indexes, null, null, p_requests, p_tokens, p_cost_nanos);
  prices price_batch;
  -- what each scope's counters have left, at the tightest one of each unit
  rooms_requests numeric[];
  rooms_tokens numeric[];
  rooms_cost_nanos numeric[];
  refused integer[];  -- requests that a counter refuses
  has_expired_holds boolean := false;
  bounds hold_bound_batch;
  exceeding_requests integer[];  -- requests whose keys would hold more than they may
  exceeding_types limit_type[];
  denials jsonb[];
  limits jsonb[];
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  scopes := find_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at);
  if exists (select from organizations o where o.id = any (p_organization_ids || scopes.organization_ids) and o.residence <> 'HERE') then
    perform refuse_moved(array(
      select o.id from organizations o where o.id = any (p_organization_ids || scopes.organization_ids) and o.residence <> 'HERE'));
  end if;
  if has_policies(scopes.organization_ids) then
    grouped := group_scopes(scopes, p_scope_indexes,
      match_scopes(scopes, p_scope_indexes, p_labels[1:1], p_labels[2:2], p_labels[4:4], true));
    scopes := grouped.scopes;
    p_scope_indexes := grouped.scope_indexes;
    requests.scope_indexes := p_scope_indexes;
  end if;
  if p_labels is not null then
    prices := price_requests(scopes, requests, p_labels, p_sizes, decided_at);
    requests.tokens := prices.tokens;
    requests.cost_nanos := prices.cost_nanos;
  end if;

  loop
    -- a counter with nothing left refuses requests of any size, an estimate of nothing included: -1
    select array_agg(r.cost_nanos order by n.index), array_agg(r.tokens order by n.index), array_agg(r.requests order by n.index)
    into rooms_cost_nanos, rooms_tokens, rooms_requests
    from generate_series(1, cardinality(scopes.organization_ids)) n (index)
    left join (
      select c.scope_index, case when min(c.room) <= 0 then -1 else min(c.room) filter (where c.type = 'COST') end as cost_nanos,
        min(c.room) filter (where c.type = 'TOKENS') as tokens, min(c.room) filter (where c.type = 'REQUESTS') as requests
      from (
        select c.scope_index, c.type, c.room from counters_of_scopes(scopes, decided_at, has_expired_holds, false) c
        union all
        select m.scope_index, m.type, m.room from missing_limits(scopes, decided_at) m) c
      group by c.scope_index) r on r.scope_index = n.index;
    select array_agg(q.index) into refused
    from unnest(p_scope_indexes, requests.requests, requests.tokens, requests.cost_nanos)
      with ordinality q (scope_index, requests, tokens, cost_nanos, index)
    where q.cost_nanos > rooms_cost_nanos[q.scope_index] or q.tokens > rooms_tokens[q.scope_index]
      or q.requests > rooms_requests[q.scope_index];
    -- nobody looks for holds past their expiry as long as there is room beside them
    exit when has_expired_holds or (refused is null and not shows_limits);
    has_expired_holds := has_expired_holds(array(select distinct unnest(scopes.organization_ids)), decided_at);
    exit when not has_expired_holds or refused is null;
  end loop;

  if has_hold_bounds(scopes.organization_ids) then
    bounds := hold_bounds(scopes, decided_at);
    select array_agg(q.index), array_agg(e.type) into exceeding_requests, exceeding_types
    from unnest(p_scope_indexes, requests.tokens, requests.cost_nanos) with ordinality q (scope_index, tokens, cost_nanos, index)
    cross join lateral (values
      ('TOKENS'::limit_type, q.tokens, bounds.token_rooms[bounds.first_scopes[q.scope_index]]),
      ('COST', q.cost_nanos, bounds.cost_rooms[bounds.first_scopes[q.scope_index]])) e (type, units, room)
    where e.units > 0 and e.units > e.room;
  end if;
  if refused is not null or exceeding_requests is not null or prices.unpriced is not null or not scopes.all_usable then
    denials := explain_checks(scopes, requests, refused, exceeding_requests, exceeding_types, bounds, prices.unpriced, decided_at, has_expired_holds);
  end if;
  if shows_limits then
    limits := limits_of_scopes_json(scopes, decided_at, has_expired_holds);
  end if;
  return query
    select q.index::integer, scopes.errors[q.scope_index], false, scopes.errors[q.scope_index] is null and q.denials is null,
      decided_at, scopes.api_key_ids[q.scope_index], coalesce(q.denials, '[]'),
      case when q.skip_limits then '[]' else coalesce(limits[q.scope_index], '[]') end,
      null::jsonb, null::jsonb, null::uuid, null::uuid
    from unnest(p_scope_indexes, denials, p_skip_limits) with ordinality q (scope_index, denials, skip_limits, index)
    order by q.index;
end
$$;
