-- usage_series returns the usage of an organization or of one of its workspaces (null: of all), of some of its API keys (null: of all), in
-- whole buckets from the one that contains p_from to the one that contains the last instant before p_to: every bucket of every
-- series, empty ones included. It reads roll-ups and the ledger's tail in one snapshot and is exact at that instant.
-- Null models, providers or service tiers mean all of them. bound_buckets refuses a report with more than p_most buckets (null: no limit)
-- before any of them is computed. Of the four roll-ups one is read: that of keys only if p_dimensions or p_api_key_ids asks for
-- keys. It is read day by day, with delays in between, so that the report works no more than p_share of the time (null: no
-- delays; see throttle). Denied requests name no provider, no model and no service tier: they are in the series without,
-- and in none of a report of given models, providers or service tiers. Those with unknown keys are in the series without a key.
create or replace function usage_series(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_from timestamptz, p_to timestamptz,
  p_models text[], p_providers text[], p_service_tiers service_tier[], p_interval usage_interval, p_dimensions usage_dimension[],
  p_most integer default null, p_share real default null)
returns setof report_buckets
language plpgsql stable -- which keeps the plan: to plan it takes longer than to execute it
set jit = off -- compiling takes ten times as long as what it compiles
set enable_sort = off -- rows are added up as they are read, between the delays, and not sorted first
set work_mem = '32MB' -- for as many buckets as a report may have
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  summed constant boolean := reads_day_totals(p_organization_id, p_models, p_providers, p_service_tiers, p_dimensions);
  kept constant usage_dimension[] := p_dimensions -- and what filters look at
    || case when p_api_key_ids is not null then '{API_KEY}' else '{}' end::usage_dimension[]
    || case when p_workspace_id is not null then '{WORKSPACE}' else '{}' end::usage_dimension[]
    || case when p_providers is not null then '{PROVIDER}' else '{}' end::usage_dimension[]
    || case when p_models is not null then '{MODEL}' else '{}' end::usage_dimension[]
    || case when p_service_tiers is not null then '{SERVICE_TIER}' else '{}' end::usage_dimension[];
  begins constant timestamptz := usage_bucket_start(p_interval, p_from);
  ends constant timestamptz := usage_bucket_end(p_interval, p_to - interval '1 microsecond');
begin
  return query
  with bounds as (
    select
      '00000000-0000-0000-0000-000000000000'::uuid as none,
      -- the interval as period_start takes it: usage_bucket_start would be a call for each row, period_start is inlined
      (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period as period,
      begins as first, ends as last
  ), buckets as (
    select g.started at time zone 'UTC' as bucket_start
    from bounds b, generate_series(
      b.first at time zone 'UTC', (b.last at time zone 'UTC') - interval '1 microsecond',
      (usage_bucket_end(p_interval, b.first) at time zone 'UTC') - (b.first at time zone 'UTC')) g (started)
    where p_interval <> 'MONTH'
    union all
    select g.started at time zone 'UTC'
    from bounds b, generate_series(
      b.first at time zone 'UTC', (b.last at time zone 'UTC') - interval '1 microsecond', interval '1 month') g (started)
    where p_interval = 'MONTH'
  ), days as (
    select s.* from bounds b, usage_slices(p_organization_id, b.first, b.last, p_interval) s
  ), sample as ( -- the series of one day: if they are too many already, no other day is read
    select distinct
      case when 'API_KEY' = any (p_dimensions) then u.api_key_id end, case when 'WORKSPACE' = any (p_dimensions) then u.workspace_id end,
      case when 'PROVIDER' = any (p_dimensions) then u.provider end, case when 'MODEL' = any (p_dimensions) then u.model end,
      case when 'SERVICE_TIER' = any (p_dimensions) then u.service_tier end
    from (select d.first, d.last from days d order by d.first desc offset 1 limit 1) d
    cross join lateral rolled_up_usage(p_organization_id, p_api_key_ids, d.first, d.last, p_interval = 'HOUR', true, summed) u
    where 'API_KEY' = any (p_dimensions)
      and (p_workspace_id is null or u.workspace_id = p_workspace_id)
      and (p_models is null or u.model = any (p_models))
      and (p_providers is null or u.provider = any (p_providers))
      and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
  ), slices as (
    select d.first, d.last, d.bucket_start from days d
    where (select bound_buckets((select count(*) from sample) * (select count(*) from buckets), p_most)) and throttle(p_share)
  ), rows as (
    select coalesce(s.bucket_start, u.bucket_start) as bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests,
      u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier,
      u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches,
      u.unpriced_requests, u.unpriced_events, 0 as denied
    from slices s
    cross join lateral rolled_up_usage(p_organization_id, p_api_key_ids, s.first, s.last, p_interval = 'HOUR',
      p_api_key_ids is not null or 'API_KEY' = any (p_dimensions), summed) u
    union all
    select t.* from summed_tail(p_organization_id, p_api_key_ids, begins, ends, p_interval, kept) t
  ), sums as (
    select
      -- the zero id and not null, which cannot be hashed in the join below
      case when 'API_KEY' = any (p_dimensions) then coalesce(r.api_key_id, b.none) else b.none end as api_key_id,
      case when 'WORKSPACE' = any (p_dimensions) then coalesce(r.workspace_id, b.none) else b.none end as workspace_id,
      case when 'PROVIDER' = any (p_dimensions) then r.provider else '' end as provider,
      case when 'MODEL' = any (p_dimensions) then r.model else '' end as model,
      case when 'SERVICE_TIER' = any (p_dimensions) then coalesce(r.service_tier::text, '') else '' end as service_tier,
      r.bucket_start,
      sum(r.requests) as requests,
      sum(r.input_tokens) as input_tokens,
      sum(r.output_tokens) as output_tokens,
      sum(r.cached_input_tokens) as cached_input_tokens,
      sum(r.cache_write_tokens) as cache_write_tokens,
      sum(r.cost_nanos) as cost_nanos,
      sum(r.cache_write_1h_tokens) as cache_write_1h_tokens,
      sum(r.reasoning_tokens) as reasoning_tokens,
      sum(r.audio_input_tokens) as audio_input_tokens,
      sum(r.audio_output_tokens) as audio_output_tokens,
      sum(r.images) as images,
      sum(r.web_searches) as web_searches,
      sum(r.unpriced_requests) as unpriced_requests, sum(r.unpriced_events) as unpriced_events,
      sum(r.denied) as denied
    from rows r, bounds b
    where (p_workspace_id is null or r.workspace_id = p_workspace_id)
      and (p_api_key_ids is null or r.api_key_id = any (p_api_key_ids))
      and (p_models is null or r.model = any (p_models))
      and (p_providers is null or r.provider = any (p_providers))
      and (p_service_tiers is null or r.service_tier = any (p_service_tiers))
    group by 1, 2, 3, 4, 5, 6
  ), series as (
    select distinct s.api_key_id, s.workspace_id, s.provider, s.model, s.service_tier from sums s
    union
    select b.none, b.none, '', '', '' from bounds b where cardinality(p_dimensions) = 0
  ), cells as (
    select s.api_key_id, s.workspace_id, s.provider, s.model, s.service_tier, b.bucket_start
    from series s cross join buckets b
    where (select bound_buckets((select count(*) from series) * (select count(*) from buckets), p_most))
  )
  select
    nullif(s.api_key_id, n.none), nullif(s.workspace_id, n.none), s.provider, s.model, s.bucket_start,
    period_end(n.period, s.bucket_start), coalesce(u.requests, 0), coalesce(u.input_tokens, 0),
    coalesce(u.output_tokens, 0), coalesce(u.cached_input_tokens, 0), coalesce(u.cache_write_tokens, 0),
    coalesce(u.cost_nanos, 0), coalesce(u.denied, 0), false, s.service_tier, coalesce(u.cache_write_1h_tokens, 0),
    coalesce(u.reasoning_tokens, 0), coalesce(u.audio_input_tokens, 0), coalesce(u.audio_output_tokens, 0), coalesce(u.images, 0),
    coalesce(u.web_searches, 0), coalesce(u.unpriced_requests, 0), coalesce(u.unpriced_events, 0)
  from cells s
  cross join bounds n
  left join sums u on u.api_key_id = s.api_key_id and u.workspace_id = s.workspace_id
    and u.provider = s.provider and u.model = s.model and u.service_tier = s.service_tier and u.bucket_start = s.bucket_start
  order by nullif(s.workspace_id, n.none) nulls first, s.api_key_id, s.provider, s.model, s.service_tier, s.bucket_start;
end
$$;
