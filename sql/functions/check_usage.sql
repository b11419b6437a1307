-- check_usage answers whether requests would be admitted now, reading only: it counts nothing and holds nothing.
-- One element of each array is one request; a zero organization id means any organization (the operator's), an empty
-- secret hash or a zero API key id means not given; a request that skips limits is answered without their standing. p_now is null in production: the database's clock.
-- Settings: see reserve_usage.
create or replace function check_usage(
  p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language sql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with clock as materialized (select coalesce(p_now, clock_timestamp()) as at)
  select
    q.ordinal::integer,
    null::text,
    false,
    d.denials is null,
    clock.at,
    k.id,
    coalesce(d.denials, '[]'),
    case when k.id is null or q.skip_limits then '[]' else limit_statuses_json(k.organization_id, subjects_of(k), clock.at) end,
    null::jsonb,
    null::jsonb
  from clock
  cross join unnest(p_organization_ids, p_secret_hashes, p_api_key_ids, p_requests, p_tokens, p_cost_nanos, p_skip_limits)
    with ordinality q (organization_id, secret_hash, api_key_id, requests, tokens, cost_nanos, skip_limits, ordinal)
  left join lateral find_api_key(
    nullif(q.organization_id, '00000000-0000-0000-0000-000000000000'), nullif(q.secret_hash, ''),
    nullif(q.api_key_id, '00000000-0000-0000-0000-000000000000'), clock.at) k on true
  cross join lateral (
    select case
      when api_key_denial(k, clock.at) is not null
        then jsonb_build_array(jsonb_build_object('reason', api_key_denial(k, clock.at)))
      else limit_denials(k.organization_id, subjects_of(k), q.requests, q.tokens, q.cost_nanos, clock.at)
    end as denials
    offset 0 -- worked out once, though it is looked at twice
  ) d
  order by q.ordinal
$$;
