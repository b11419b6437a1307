-- check_usage answers whether requests would be admitted now, each as if it were alone, reading only: it counts nothing,
-- holds nothing and raises no alert. The first four arrays are callers (see find_callers), p_callers names each request's
-- by its place; a request that skips limits is answered without their standing. p_now is null in production: the
-- database's clock. Settings: see reserve_usage.
create or replace function check_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_callers integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[] default null,
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
  decided_at timestamptz := coalesce(p_now, clock_timestamp());
  caller_errors text[];
  caller_organization_ids uuid[];
  caller_workspace_ids uuid[];
  caller_key_ids uuid[];
  caller_denials denial_reason[];
  caller_limits jsonb[];
  caller_requests numeric[];
  caller_tokens numeric[];
  caller_cost_nanos numeric[];
  tight integer[];  -- requests that some limit refuses
  refusal record;
  denials jsonb[];
  usable boolean;
  due boolean := false;
  shown boolean := p_skip_limits is null or false = any (p_skip_limits);  -- the standing of limits, to somebody
begin
  select array_agg(c.error), array_agg(c.organization_id), array_agg(c.workspace_id), array_agg(c.api_key_id),
    array_agg(c.denial), bool_and(c.error is null and c.denial is null)
  into caller_errors, caller_organization_ids, caller_workspace_ids, caller_key_ids, caller_denials, usable
  from find_callers(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at) c;

  loop
    -- what the tightest limit of each unit admits; nothing at all when any admits nothing
    select array_agg(r.cost_nanos order by n.number), array_agg(r.tokens order by n.number), array_agg(r.requests order by n.number)
    into caller_cost_nanos, caller_tokens, caller_requests
    from generate_series(1, cardinality(p_organization_ids)) n (number)
    left join (
      select l.caller, case when min(l.room) <= 0 then -1 else min(l.room) filter (where l.type = 'COST') end as cost_nanos,
        min(l.room) filter (where l.type = 'TOKENS') as tokens, min(l.room) filter (where l.type = 'REQUESTS') as requests
      from counters_of_callers(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at, due) l
      group by l.caller) r on r.caller = n.number;
    select array_agg(q.number) into tight
    from unnest(p_callers, p_requests, p_tokens, p_cost_nanos) with ordinality q (caller, requests, tokens, cost_nanos, number)
    where q.cost_nanos > caller_cost_nanos[q.caller] or q.tokens > caller_tokens[q.caller]
      or q.requests > caller_requests[q.caller];
    -- nobody looks for reservations past their expiry as long as there is room beside them
    exit when due or (tight is null and not shown);
    due := reservations_due(array(select distinct unnest(caller_organization_ids)), decided_at);
    exit when not due or tight is null;
  end loop;

  if tight is not null or not usable then
    select array_agg(case
        when caller_denials[q.caller] is not null
          then jsonb_build_array(jsonb_build_object('reason', caller_denials[q.caller]))
      end order by q.number)
    into denials
    from unnest(p_callers) with ordinality q (caller, number);
    for refusal in
      select d.* from (
        select array_agg(q.number) as numbers, array_agg(l.id) as counter_ids
        from counters_of_callers(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at, due) l
        join (
          select number, p_callers[number] as caller from unnest(tight) t (number)
          where caller_denials[p_callers[number]] is null) q on q.caller = l.caller
        where l.room <= 0 or units_of(l.type, p_requests[q.number], p_tokens[q.number], p_cost_nanos[q.number]) > l.room) r
      cross join lateral denials_of(r.numbers, r.counter_ids, p_requests, p_tokens, p_cost_nanos, decided_at, due) d
    loop
      denials[refusal.number] := refusal.denials;
    end loop;
  end if;
  if shown then
    caller_limits := limits_of_callers_json(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at, due);
  end if;

  return query
    select q.number::integer, caller_errors[q.caller], false, caller_errors[q.caller] is null and q.denials is null, decided_at,
      caller_key_ids[q.caller], coalesce(q.denials, '[]'),
      case when q.skip_limits then '[]' else coalesce(caller_limits[q.caller], '[]') end,
      null::jsonb, null::jsonb, null::uuid, null::uuid
    from unnest(p_callers, denials, p_skip_limits) with ordinality q (caller, denials, skip_limits, number)
    order by q.number;
end
$$;
