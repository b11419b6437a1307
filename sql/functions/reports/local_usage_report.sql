-- local_usage_report is usage_report in days, weeks and months of a time zone, whose weeks begin on p_week_starts_on (0 Sunday); hours are those of the
-- UTC clock. It adds up hours, and so is exact where each bucket begins and ends at a whole hour, UTC. Where one does not, as in Asia/Kolkata, it
-- raises usage_time_zone_check: an hour is never divided, nor counted in a day that it is not in. p_time_zone is a name that
-- unknown_time_zones does not refuse.
create or replace function local_usage_report(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_from timestamptz, p_to timestamptz,
  p_models text[], p_providers text[], p_service_tiers service_tier[], p_interval usage_interval, p_dimensions usage_dimension[],
  p_top integer, p_order usage_order, p_most integer, p_share real, p_time_zone text, p_week_starts_on smallint)
returns setof report_buckets
language plpgsql stable
set jit = off
set work_mem = '32MB'
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  starts timestamptz[];
  ends timestamptz[];
begin
  select array_agg(b.bucket_start order by b.bucket_start), array_agg(b.bucket_end order by b.bucket_start) into starts, ends
  from local_buckets(p_interval, (p_time_zone, p_week_starts_on, 1, null, null)::calendar, p_from, p_to - interval '1 microsecond') b;
  if exists (select from unnest(starts || ends) b (at) where b.at <> period_start('HOUR', b.at)) then
    raise exception 'days of % do not begin at whole hours', p_time_zone
      using errcode = 'check_violation', table = 'usage_hours', constraint = 'usage_time_zone_check';
  end if;
  perform bound_buckets(cardinality(starts), p_most);
  return query
  select nullif(s.api_key_id, none), nullif(s.workspace_id, none), s.provider, s.model, starts[s.bucket], ends[s.bucket], s.requests,
    s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.cost_nanos, s.denied, s.others, s.service_tier,
    s.cache_write_1h_tokens, s.reasoning_tokens, s.audio_input_tokens, s.audio_output_tokens, s.images, s.web_searches, s.unpriced_requests, s.unpriced_events
  from (
    select coalesce(r.api_key_id, none) as api_key_id, coalesce(r.workspace_id, none) as workspace_id, r.provider, r.model, r.service_tier, r.others,
      width_bucket(r.bucket_start, starts) as bucket, min(r.ordinality) as place, sum(r.requests) as requests, sum(r.input_tokens) as input_tokens,
      sum(r.output_tokens) as output_tokens, sum(r.cached_input_tokens) as cached_input_tokens, sum(r.cache_write_tokens) as cache_write_tokens,
      sum(r.cost_nanos) as cost_nanos, sum(r.denied) as denied, sum(r.cache_write_1h_tokens) as cache_write_1h_tokens,
      sum(r.reasoning_tokens) as reasoning_tokens, sum(r.audio_input_tokens) as audio_input_tokens,
      sum(r.audio_output_tokens) as audio_output_tokens, sum(r.images) as images, sum(r.web_searches) as web_searches,
      sum(r.unpriced_requests) as unpriced_requests, sum(r.unpriced_events) as unpriced_events, count(*) over () as buckets
    from usage_report(p_organization_id, p_workspace_id, p_api_key_ids, starts[1], ends[cardinality(ends)], p_models, p_providers,
      p_service_tiers, 'HOUR', p_dimensions, p_top, p_order, 25 * p_most, p_share) with ordinality r
    group by 1, 2, 3, 4, 5, 6, 7
  ) s
  where bound_buckets(s.buckets, p_most)
  order by s.place;
end
$$;
