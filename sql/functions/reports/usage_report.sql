-- usage_report is usage_series in an order, and of no more than the largest series. p_order orders series by their sums in the report,
-- largest first, and then, as without an order, by workspace, API key, provider, model and service tier. p_top, with a p_order, is how many series there
-- are beside one of all others together, which is marked as others and comes last; it is not there if nothing is left for it. The others
-- are the total less the largest series.
--
-- Series of API keys are many: they are ranked by the one measure of the order, and only the largest are then read by bucket. Others are read
-- by bucket at once (see largest_series). All statements of a stable function read the snapshot of the statement that calls it.
create or replace function usage_report(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_from timestamptz, p_to timestamptz,
  p_models text[], p_providers text[], p_service_tiers service_tier[], p_interval usage_interval, p_dimensions usage_dimension[],
  p_top integer, p_order usage_order, p_most integer default null, p_share real default null)
returns setof report_buckets
language plpgsql stable
set jit = off
set work_mem = '32MB'
set enable_sort = off
set plan_cache_mode = force_generic_plan -- planning takes longer than executing
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  by_workspace constant boolean := 'WORKSPACE' = any (p_dimensions);
  by_provider constant boolean := 'PROVIDER' = any (p_dimensions);
  by_model constant boolean := 'MODEL' = any (p_dimensions);
  by_service_tier constant boolean := 'SERVICE_TIER' = any (p_dimensions);
  begins constant timestamptz := usage_bucket_start(p_interval, p_from);
  ends constant timestamptz := usage_bucket_end(p_interval, p_to - interval '1 microsecond');
  summed constant boolean := reads_day_totals(p_organization_id, p_models, p_providers, p_service_tiers, p_dimensions);
  -- totals of the days of all keys, where there are no delays
  at_once constant boolean := summed and p_interval <> 'HOUR' and p_api_key_ids is null and p_share is null;
  top_keys uuid[];
  top_workspaces uuid[]; -- none for no workspace
  top_providers text[];
  top_models text[];
  top_service_tiers text[];
  found_series integer;
  least_units numeric; -- of the smallest of the largest series
  with_denied boolean;
begin
  if p_order is null then
    return query select * from usage_series(p_organization_id, p_workspace_id, p_api_key_ids, p_from, p_to, p_models, p_providers,
      p_service_tiers, p_interval, p_dimensions, p_most, p_share);
    return;
  elsif p_top is null then
    return query
    select s.api_key_id, s.workspace_id, s.provider, s.model, s.bucket_start, s.bucket_end, s.requests, s.input_tokens, s.output_tokens,
      s.cached_input_tokens, s.cache_write_tokens, s.cost_nanos, s.denied, s.others, s.service_tier, s.cache_write_1h_tokens, s.reasoning_tokens,
      s.audio_input_tokens, s.audio_output_tokens, s.images, s.web_searches, s.unpriced_requests, s.unpriced_events
    from (
      select b.*, sum(case p_order when 'COST' then b.cost_nanos when 'TOKENS' then b.input_tokens + b.output_tokens else b.requests end)
        over (partition by b.workspace_id, b.api_key_id, b.provider, b.model, b.service_tier) as units
      from usage_series(p_organization_id, p_workspace_id, p_api_key_ids, p_from, p_to, p_models, p_providers,
        p_service_tiers, p_interval, p_dimensions, p_most, p_share) b) s
    order by s.units desc, s.workspace_id nulls first, s.api_key_id nulls first, s.provider, s.model, s.service_tier, s.bucket_start;
    return;
  end if;

  if not 'API_KEY' = any (p_dimensions) then
    return query select * from largest_series(p_organization_id, p_workspace_id, p_api_key_ids, begins, ends, p_models, p_providers,
      p_service_tiers, p_interval, p_dimensions, p_top, p_order, p_most, p_share);
    return;
  end if;

  -- One more than the largest, to see whether there are others. Series of denied requests alone have no units: where all of the largest have some,
  -- they are not among these.
  foreach with_denied in array array[false, true] loop
    select array_agg(t.api_key_id order by t.index), array_agg(t.workspace_id order by t.index), array_agg(t.provider order by t.index),
      array_agg(t.model order by t.index), array_agg(t.service_tier order by t.index), count(*),
      (array_agg(t.units order by t.index))[p_top]
    into top_keys, top_workspaces, top_providers, top_models, top_service_tiers, found_series, least_units
    from (
      select r.*, row_number() over (order by r.units desc, r.workspace_id, r.api_key_id, r.provider, r.model, r.service_tier) as index
      from (
        select
          coalesce(u.api_key_id, none) as api_key_id,
          case when by_workspace then coalesce(u.workspace_id, none) else none end as workspace_id,
          case when by_provider then u.provider else '' end as provider,
          case when by_model then u.model else '' end as model,
          case when by_service_tier then coalesce(u.service_tier::text, '') else '' end as service_tier,
          sum(u.units) as units
        from (
          select d.api_key_id, d.workspace_id, '' as provider, '' as model, null::service_tier as service_tier, d.units
          from units_of_keys(p_organization_id, p_workspace_id, begins, ends, p_order) d
          where at_once
          union all
          select r.api_key_id, r.workspace_id, r.provider, r.model, r.service_tier,
            case p_order when 'COST' then r.cost_nanos when 'TOKENS' then r.input_tokens + r.output_tokens else r.requests end
          from (select s.* from usage_slices(p_organization_id, begins, ends, p_interval) s where throttle(p_share) offset 0) s
          cross join lateral rolled_up_usage(p_organization_id, p_api_key_ids, s.first, s.last, p_interval = 'HOUR', true, summed) r
          where not at_once
          union all
          select r.api_key_id, r.workspace_id, r.provider, r.model, r.service_tier,
            case p_order when 'COST' then r.cost_nanos when 'TOKENS' then r.input_tokens + r.output_tokens else r.requests end
          from tail_rows(p_organization_id, p_api_key_ids, begins, ends, p_interval, with_denied, false) r
        ) u
        where (p_workspace_id is null or u.workspace_id = p_workspace_id)
          and (p_api_key_ids is null or u.api_key_id = any (p_api_key_ids))
          and (p_models is null or u.model = any (p_models))
          and (p_providers is null or u.provider = any (p_providers))
          and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        group by 1, 2, 3, 4, 5
      ) r
      order by r.units desc, r.workspace_id, r.api_key_id, r.provider, r.model, r.service_tier
      limit p_top + 1
    ) t;
    exit when found_series > p_top and least_units > 0;
  end loop;
  if found_series is null or found_series <= p_top then
    return query select * from usage_report(p_organization_id, p_workspace_id, p_api_key_ids, p_from, p_to, p_models, p_providers,
      p_service_tiers, p_interval, p_dimensions, null, p_order, p_most, p_share);
    return;
  end if;
  perform bound_buckets((p_top + 1) * (
    select count(*) from generate_series(begins at time zone 'UTC', (ends at time zone 'UTC') - interval '1 microsecond', usage_bucket_length(p_interval))),
    p_most);

  return query
  with largest as materialized (
    select l.* from unnest(top_keys[:p_top], top_workspaces[:p_top], top_providers[:p_top], top_models[:p_top],
        top_service_tiers[:p_top])
      with ordinality l (api_key_id, workspace_id, provider, model, service_tier, index)
  ), total as materialized (
    select t.* from usage_series(p_organization_id, p_workspace_id, p_api_key_ids, p_from, p_to, p_models, p_providers,
      p_service_tiers, p_interval, '{}', null, p_share) t
  ), added as materialized ( -- before the join, which would read the roll-up for each of the largest
    select
      coalesce(u.api_key_id, none) as api_key_id,
      case when by_workspace then coalesce(u.workspace_id, none) else none end as workspace_id,
      case when by_provider then u.provider else '' end as provider,
      case when by_model then u.model else '' end as model,
      case when by_service_tier then coalesce(u.service_tier::text, '') else '' end as service_tier,
      u.bucket_start, sum(u.requests) as requests, sum(u.input_tokens) as input_tokens,
      sum(u.output_tokens) as output_tokens, sum(u.cached_input_tokens) as cached_input_tokens,
      sum(u.cache_write_tokens) as cache_write_tokens, sum(u.cost_nanos) as cost_nanos,
      sum(u.cache_write_1h_tokens) as cache_write_1h_tokens, sum(u.reasoning_tokens) as reasoning_tokens,
      sum(u.audio_input_tokens) as audio_input_tokens, sum(u.audio_output_tokens) as audio_output_tokens, sum(u.images) as images,
      sum(u.web_searches) as web_searches, sum(u.unpriced_requests) as unpriced_requests,
      sum(u.unpriced_events) as unpriced_events, sum(u.denied) as denied
    from (
      select coalesce(s.bucket_start, r.bucket_start) as bucket_start, r.api_key_id, r.workspace_id, r.provider, r.model, r.requests,
        r.input_tokens, r.output_tokens, r.cached_input_tokens, r.cache_write_tokens, r.cost_nanos, r.service_tier, r.cache_write_1h_tokens,
        r.reasoning_tokens, r.audio_input_tokens, r.audio_output_tokens, r.images, r.web_searches, r.unpriced_requests, r.unpriced_events, 0 as denied
      from (select s.* from usage_slices(p_organization_id, begins, ends, p_interval) s where throttle(p_share) offset 0) s
      cross join lateral rolled_up_usage(p_organization_id, top_keys[:p_top], s.first, s.last, p_interval = 'HOUR', true, summed) r
      union all
      select r.* from tail_rows(p_organization_id, case when not none = any (top_keys[:p_top]) then top_keys[:p_top] end, begins, ends, p_interval, true, false) r
    ) u
    where (p_workspace_id is null or u.workspace_id = p_workspace_id)
      and (p_api_key_ids is null or u.api_key_id = any (p_api_key_ids))
      and (p_models is null or u.model = any (p_models))
      and (p_providers is null or u.provider = any (p_providers))
      and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
    group by 1, 2, 3, 4, 5, 6
  ), sums as materialized (
    select l.index, a.bucket_start, a.requests, a.input_tokens, a.output_tokens, a.cached_input_tokens, a.cache_write_tokens, a.cost_nanos,
      a.cache_write_1h_tokens, a.reasoning_tokens, a.audio_input_tokens, a.audio_output_tokens, a.images, a.web_searches,
      a.unpriced_requests, a.unpriced_events, a.denied
    from largest l
    join added a on a.api_key_id = l.api_key_id and a.workspace_id = l.workspace_id and a.provider = l.provider and a.model = l.model
      and a.service_tier = l.service_tier
  ), cells as (
    select l.index, nullif(l.api_key_id, none) as api_key_id, nullif(l.workspace_id, none) as workspace_id, l.provider, l.model, l.service_tier,
      t.bucket_start, t.bucket_end, coalesce(s.requests, 0) as requests, coalesce(s.input_tokens, 0) as input_tokens,
      coalesce(s.output_tokens, 0) as output_tokens, coalesce(s.cached_input_tokens, 0) as cached_input_tokens,
      coalesce(s.cache_write_tokens, 0) as cache_write_tokens, coalesce(s.cost_nanos, 0) as cost_nanos,
      coalesce(s.cache_write_1h_tokens, 0) as cache_write_1h_tokens, coalesce(s.reasoning_tokens, 0) as reasoning_tokens,
      coalesce(s.audio_input_tokens, 0) as audio_input_tokens, coalesce(s.audio_output_tokens, 0) as audio_output_tokens,
      coalesce(s.images, 0) as images, coalesce(s.web_searches, 0) as web_searches,
      coalesce(s.unpriced_requests, 0) as unpriced_requests,
      coalesce(s.unpriced_events, 0) as unpriced_events, coalesce(s.denied, 0) as denied, false as others
    from largest l
    cross join total t
    left join sums s on s.index = l.index and s.bucket_start = t.bucket_start
    union all
    select p_top + 1, null, null, '', '', '', t.bucket_start, t.bucket_end, t.requests - coalesce(sum(s.requests), 0),
      t.input_tokens - coalesce(sum(s.input_tokens), 0), t.output_tokens - coalesce(sum(s.output_tokens), 0),
      t.cached_input_tokens - coalesce(sum(s.cached_input_tokens), 0), t.cache_write_tokens - coalesce(sum(s.cache_write_tokens), 0),
      t.cost_nanos - coalesce(sum(s.cost_nanos), 0), t.cache_write_1h_tokens - coalesce(sum(s.cache_write_1h_tokens), 0),
      t.reasoning_tokens - coalesce(sum(s.reasoning_tokens), 0), t.audio_input_tokens - coalesce(sum(s.audio_input_tokens), 0),
      t.audio_output_tokens - coalesce(sum(s.audio_output_tokens), 0), t.images - coalesce(sum(s.images), 0),
      t.web_searches - coalesce(sum(s.web_searches), 0), t.unpriced_requests - coalesce(sum(s.unpriced_requests), 0),
      t.unpriced_events - coalesce(sum(s.unpriced_events), 0),
      t.denied - coalesce(sum(s.denied), 0), true
    from total t
    left join sums s on s.bucket_start = t.bucket_start
    group by t.bucket_start, t.bucket_end, t.requests, t.input_tokens, t.output_tokens, t.cached_input_tokens, t.cache_write_tokens,
      t.cost_nanos, t.cache_write_1h_tokens, t.reasoning_tokens, t.audio_input_tokens, t.audio_output_tokens, t.images, t.web_searches,
      t.unpriced_requests, t.unpriced_events, t.denied
  )
  select c.api_key_id, c.workspace_id, c.provider, c.model, c.bucket_start, c.bucket_end, c.requests, c.input_tokens, c.output_tokens,
    c.cached_input_tokens, c.cache_write_tokens, c.cost_nanos, c.denied, c.others, c.service_tier, c.cache_write_1h_tokens, c.reasoning_tokens,
    c.audio_input_tokens, c.audio_output_tokens, c.images, c.web_searches, c.unpriced_requests, c.unpriced_events
  from cells c
  order by c.index, c.bucket_start;
end
$$;
