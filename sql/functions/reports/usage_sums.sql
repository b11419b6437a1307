-- usage_sums returns the sums of the series of a report, one row for each, over whole hours: from the hour that contains p_from to the one that
-- contains the last instant before p_to, which are its bucket_start and bucket_end. What it sums is what usage_series does; no rows where nothing was
-- used. Days that are wholly in that time are read from the roll-ups by day, the hours before and after them from those by hour.
-- bound_buckets refuses more than p_most series (null: no limit).
create or replace function usage_sums(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_from timestamptz, p_to timestamptz,
  p_models text[], p_providers text[], p_service_tiers service_tier[], p_dimensions usage_dimension[],
  p_most integer default null, p_share real default null)
returns setof report_buckets
language plpgsql stable
set jit = off
set work_mem = '32MB'
set plan_cache_mode = force_generic_plan -- planning takes longer than executing
as $$
#variable_conflict use_column
declare
  summed constant boolean := reads_day_totals(p_organization_id, p_models, p_providers, p_service_tiers, p_dimensions);
  by_key constant boolean := p_api_key_ids is not null or 'API_KEY' = any (p_dimensions);
  begins constant timestamptz := usage_bucket_start('HOUR', p_from);
  ends constant timestamptz := usage_bucket_end('HOUR', p_to - interval '1 microsecond');
begin
  return query
  with rows as (
    select u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens,
      u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events, 0 as denied
    from (
      select s.first, s.last from usage_slices(p_organization_id, begins, ends, 'HOUR') s
      where s.last - s.first = interval '24 hours' and throttle(p_share) offset 0) s
    cross join lateral rolled_up_usage(p_organization_id, p_api_key_ids, s.first, s.last, false, by_key, summed) u
    union all
    select u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens,
      u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events, 0
    from (
      select s.first, s.last from usage_slices(p_organization_id, begins, ends, 'HOUR') s
      where s.last - s.first < interval '24 hours' and throttle(p_share) offset 0) s
    cross join lateral rolled_up_usage(p_organization_id, p_api_key_ids, s.first, s.last, true, by_key, summed) u
    union all
    select t.api_key_id, t.workspace_id, t.provider, t.model, t.requests, t.input_tokens, t.output_tokens, t.cached_input_tokens,
      t.cache_write_tokens, t.cost_nanos, t.service_tier, t.cache_write_1h_tokens, t.reasoning_tokens, t.audio_input_tokens,
      t.audio_output_tokens, t.images, t.web_searches, t.unpriced_requests, t.unpriced_events, t.denied
    from tail_rows(p_organization_id, p_api_key_ids, begins, ends, 'HOUR', true, false) t
  ), sums as materialized (
    select
      case when 'API_KEY' = any (p_dimensions) then r.api_key_id end as api_key_id,
      case when 'WORKSPACE' = any (p_dimensions) then r.workspace_id end as workspace_id,
      case when 'PROVIDER' = any (p_dimensions) then r.provider else '' end as provider,
      case when 'MODEL' = any (p_dimensions) then r.model else '' end as model,
      case when 'SERVICE_TIER' = any (p_dimensions) then coalesce(r.service_tier::text, '') else '' end as service_tier,
      sum(r.requests) as requests, sum(r.input_tokens) as input_tokens, sum(r.output_tokens) as output_tokens,
      sum(r.cached_input_tokens) as cached_input_tokens, sum(r.cache_write_tokens) as cache_write_tokens,
      sum(r.cost_nanos) as cost_nanos, sum(r.cache_write_1h_tokens) as cache_write_1h_tokens,
      sum(r.reasoning_tokens) as reasoning_tokens, sum(r.audio_input_tokens) as audio_input_tokens,
      sum(r.audio_output_tokens) as audio_output_tokens, sum(r.images) as images, sum(r.web_searches) as web_searches,
      sum(r.unpriced_requests) as unpriced_requests, sum(r.unpriced_events) as unpriced_events, sum(r.denied) as denied
    from rows r
    where (p_workspace_id is null or r.workspace_id = p_workspace_id)
      and (p_api_key_ids is null or r.api_key_id = any (p_api_key_ids))
      and (p_models is null or r.model = any (p_models))
      and (p_providers is null or r.provider = any (p_providers))
      and (p_service_tiers is null or r.service_tier = any (p_service_tiers))
    group by 1, 2, 3, 4, 5
  )
  select s.api_key_id, s.workspace_id, s.provider, s.model, begins, ends, s.requests, s.input_tokens, s.output_tokens, s.cached_input_tokens,
    s.cache_write_tokens, s.cost_nanos, s.denied, false, s.service_tier, s.cache_write_1h_tokens, s.reasoning_tokens, s.audio_input_tokens,
    s.audio_output_tokens, s.images, s.web_searches, s.unpriced_requests, s.unpriced_events
  from sums s
  where (select bound_buckets((select count(*) from sums), p_most))
  order by s.workspace_id nulls first, s.api_key_id nulls first, s.provider, s.model, s.service_tier;
end
$$;
