-- check_usage answers whether requests would be admitted now, each as if it were alone, reading only: it counts nothing,
-- holds nothing and raises no alert. The first four arrays are callers (see find_callers), p_callers names each request's
-- by its place; a request that skips limits is answered without their standing. p_now is null in production: the
-- database's clock. Settings: see reserve_usage.
create or replace function check_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_callers integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql stable
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
  refused_requests integer[];
  refused_limit_ids uuid[];
  denials jsonb[];
  usable boolean;
  due boolean;
begin
  select array_agg(c.error), array_agg(c.organization_id), array_agg(c.workspace_id), array_agg(c.api_key_id),
    array_agg(c.denial), bool_and(c.error is null and c.denial is null)
  into caller_errors, caller_organization_ids, caller_workspace_ids, caller_key_ids, caller_denials, usable
  from find_callers(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at) c;

  due := reservations_due(array(select distinct unnest(caller_organization_ids)), decided_at);
  with passed as materialized (
    select * from limits_of_callers(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at, due)
  )
  select array_agg(q.number), array_agg(p.id)
  into refused_requests, refused_limit_ids
  from unnest(p_callers, p_requests, p_tokens, p_cost_nanos) with ordinality q (caller, requests, tokens, cost_nanos, number)
  join passed p on p.caller = q.caller
  where p.room <= 0 or units_of(p.type, q.requests, q.tokens, q.cost_nanos) > p.room;

  if refused_requests is not null or not usable then
    select array_agg(case
        when caller_denials[q.caller] is not null
          then jsonb_build_array(jsonb_build_object('reason', caller_denials[q.caller]))
        else d.denials
      end order by q.number)
    into denials
    from unnest(p_callers) with ordinality q (caller, number)
    left join denials_of(refused_requests, refused_limit_ids, p_requests, p_tokens, p_cost_nanos, decided_at) d
      on d.number = q.number;
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    caller_limits := limits_of_callers_json(caller_organization_ids, caller_workspace_ids, caller_key_ids, decided_at);
  end if;

  return query
    select q.number::integer, caller_errors[q.caller], false, caller_errors[q.caller] is null and q.denials is null, decided_at,
      caller_key_ids[q.caller], coalesce(q.denials, '[]'),
      case when q.skip_limits then '[]' else coalesce(caller_limits[q.caller], '[]') end,
      null::uuid, null::uuid, null::jsonb, null::jsonb
    from unnest(p_callers, denials, p_skip_limits) with ordinality q (caller, denials, skip_limits, number)
    order by q.number;
end
$$;
