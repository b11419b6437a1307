-- largest_series is usage_report with p_top and without keys among the dimensions: the roll-up by workspace is small enough to add all series up
-- by bucket before they are ranked. p_begins and p_ends are the bounds of the first and of the last bucket.
create or replace function largest_series(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_begins timestamptz, p_ends timestamptz,
  p_models text[], p_providers text[], p_service_tiers service_tier[], p_interval usage_interval, p_dimensions usage_dimension[],
  p_top integer, p_order usage_order, p_most integer, p_share real)
returns setof report_buckets
language plpgsql stable
as $$
#variable_conflict use_column
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  summed constant boolean := reads_day_totals(p_organization_id, p_models, p_providers, p_service_tiers, p_dimensions);
  kept constant usage_dimension[] := p_dimensions -- and what filters look at
    || case when p_api_key_ids is not null then '{API_KEY}' else '{}' end::usage_dimension[]
    || case when p_workspace_id is not null then '{WORKSPACE}' else '{}' end::usage_dimension[]
    || case when p_providers is not null then '{PROVIDER}' else '{}' end::usage_dimension[]
    || case when p_models is not null then '{MODEL}' else '{}' end::usage_dimension[]
    || case when p_service_tiers is not null then '{SERVICE_TIER}' else '{}' end::usage_dimension[];
  -- days of all providers and models, where there are no delays
  at_once constant boolean := not summed and p_interval <> 'HOUR' and p_share is null and p_api_key_ids is null and p_models is null
    and p_providers is null and p_service_tiers is null;
begin
  return query
  with buckets as materialized (
    select g.started at time zone 'UTC' as bucket_start, (g.started + usage_bucket_length(p_interval)) at time zone 'UTC' as bucket_end
    from generate_series(p_begins at time zone 'UTC', (p_ends at time zone 'UTC') - interval '1 microsecond',
      usage_bucket_length(p_interval)) g (started)
  ), added as materialized (
    select
      case when 'WORKSPACE' = any (p_dimensions) then coalesce(u.workspace_id, none) else none end as workspace_id,
      case when 'PROVIDER' = any (p_dimensions) then u.provider else '' end as provider,
      case when 'MODEL' = any (p_dimensions) then u.model else '' end as model,
      case when 'SERVICE_TIER' = any (p_dimensions) then coalesce(u.service_tier::text, '') else '' end as service_tier,
      u.bucket_start, sum(u.requests) as requests, sum(u.input_tokens) as input_tokens, sum(u.output_tokens) as output_tokens,
      sum(u.cached_input_tokens) as cached_input_tokens, sum(u.cache_write_tokens) as cache_write_tokens, sum(u.cost_nanos) as cost_nanos,
      sum(u.cache_write_1h_tokens) as cache_write_1h_tokens, sum(u.reasoning_tokens) as reasoning_tokens,
      sum(u.audio_input_tokens) as audio_input_tokens, sum(u.audio_output_tokens) as audio_output_tokens, sum(u.images) as images,
      sum(u.web_searches) as web_searches, sum(u.unpriced_requests) as unpriced_requests,
      sum(u.unpriced_events) as unpriced_events, sum(u.denied) as denied
    from (
      select coalesce(s.bucket_start, r.bucket_start) as bucket_start, r.api_key_id, r.workspace_id, r.provider, r.model, r.requests,
        r.input_tokens, r.output_tokens, r.cached_input_tokens, r.cache_write_tokens, r.cost_nanos, r.service_tier, r.cache_write_1h_tokens,
        r.reasoning_tokens, r.audio_input_tokens, r.audio_output_tokens, r.images, r.web_searches, r.unpriced_requests, r.unpriced_events, 0 as denied
      from (select s.* from usage_slices(p_organization_id, p_begins, p_ends, p_interval) s where throttle(p_share) offset 0) s
      cross join lateral rolled_up_usage(p_organization_id, p_api_key_ids, s.first, s.last, p_interval = 'HOUR', p_api_key_ids is not null,
        summed) r
      where not at_once
      union all
      select d.bucket_start, null, d.workspace_id, d.provider, d.model, d.requests, d.input_tokens, d.output_tokens, d.cached_input_tokens,
        d.cache_write_tokens, d.cost_nanos, d.service_tier, d.cache_write_1h_tokens, d.reasoning_tokens, d.audio_input_tokens,
        d.audio_output_tokens, d.images, d.web_searches, d.unpriced_requests, d.unpriced_events, 0
      from summed_days(p_organization_id, p_workspace_id, p_begins, p_ends, p_interval, p_dimensions) d
      where at_once
      union all
      select r.* from summed_tail(p_organization_id, p_api_key_ids, p_begins, p_ends, p_interval, kept) r
    ) u
    where (p_workspace_id is null or u.workspace_id = p_workspace_id)
      and (p_api_key_ids is null or u.api_key_id = any (p_api_key_ids))
      and (p_models is null or u.model = any (p_models))
      and (p_providers is null or u.provider = any (p_providers))
      and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
    group by 1, 2, 3, 4, 5
  ), ranked as materialized (
    select a.workspace_id, a.provider, a.model, a.service_tier, row_number() over (
      order by sum(case p_order when 'COST' then a.cost_nanos when 'TOKENS' then a.input_tokens + a.output_tokens else a.requests end) desc,
        a.workspace_id, a.provider, a.model, a.service_tier) as index
    from added a group by a.workspace_id, a.provider, a.model, a.service_tier
  ), series as (
    select r.index, nullif(r.workspace_id, none) as workspace_id, r.provider, r.model, r.service_tier, false as others from ranked r where r.index <= p_top
    union all
    select p_top + 1, null, '', '', '', true where exists (select from ranked r where r.index > p_top)
    union all
    select 1, null, '', '', '', false where cardinality(p_dimensions) = 0 and not exists (select from ranked r)
  ), sums as materialized (
    select least(r.index, p_top + 1) as index, a.bucket_start, sum(a.requests) as requests, sum(a.input_tokens) as input_tokens,
      sum(a.output_tokens) as output_tokens, sum(a.cached_input_tokens) as cached_input_tokens,
      sum(a.cache_write_tokens) as cache_write_tokens, sum(a.cost_nanos) as cost_nanos,
      sum(a.cache_write_1h_tokens) as cache_write_1h_tokens, sum(a.reasoning_tokens) as reasoning_tokens,
      sum(a.audio_input_tokens) as audio_input_tokens, sum(a.audio_output_tokens) as audio_output_tokens, sum(a.images) as images,
      sum(a.web_searches) as web_searches, sum(a.unpriced_requests) as unpriced_requests,
      sum(a.unpriced_events) as unpriced_events, sum(a.denied) as denied
    from ranked r
    join added a on a.workspace_id = r.workspace_id and a.provider = r.provider and a.model = r.model
      and a.service_tier = r.service_tier
    group by 1, 2
  )
  select null::uuid, s.workspace_id, s.provider, s.model, b.bucket_start, b.bucket_end, coalesce(u.requests, 0), coalesce(u.input_tokens, 0),
    coalesce(u.output_tokens, 0), coalesce(u.cached_input_tokens, 0), coalesce(u.cache_write_tokens, 0), coalesce(u.cost_nanos, 0),
    coalesce(u.denied, 0), s.others, s.service_tier, coalesce(u.cache_write_1h_tokens, 0), coalesce(u.reasoning_tokens, 0),
    coalesce(u.audio_input_tokens, 0), coalesce(u.audio_output_tokens, 0), coalesce(u.images, 0), coalesce(u.web_searches, 0),
    coalesce(u.unpriced_requests, 0), coalesce(u.unpriced_events, 0)
  from series s
  cross join buckets b
  left join sums u on u.index = s.index and u.bucket_start = b.bucket_start
  where (select bound_buckets((select count(*) from series) * (select count(*) from buckets), p_most))
  order by s.index, b.bucket_start;
end
$$;
