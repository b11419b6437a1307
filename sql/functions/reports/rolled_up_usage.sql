-- rolled_up_usage returns the usage of an organization, or of some of its API keys (null: of all), in buckets that begin in
-- [p_first, p_last). p_hours chooses the roll-up by hour, else by day; p_keys the one by key, else by workspace. p_summed says that
-- neither providers nor models nor service tiers matter, see reads_day_totals: days come from their totals, without any of these. It is inlined into the
-- query that calls it.
create or replace function rolled_up_usage(
  p_organization_id uuid, p_api_key_ids uuid[], p_first timestamptz, p_last timestamptz, p_hours boolean, p_keys boolean,
  p_summed boolean)
returns table (
  bucket_start timestamptz, api_key_id uuid, workspace_id uuid, provider text, model text, requests numeric, input_tokens numeric,
  output_tokens numeric, cached_input_tokens numeric, cache_write_tokens numeric, cost_nanos numeric,
  service_tier service_tier, cache_write_1h_tokens numeric, reasoning_tokens numeric, audio_input_tokens numeric,
  audio_output_tokens numeric, images numeric, web_searches numeric, unpriced_requests numeric, unpriced_events numeric)
language sql stable
as $$
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_hours u
  where p_hours and p_keys and p_api_key_ids is null and u.organization_id = p_organization_id
    and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_days u
  where not p_hours and p_keys and not p_summed and p_api_key_ids is null and u.organization_id = p_organization_id
    and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_hours u
  where p_hours and p_keys and p_api_key_ids is not null and u.organization_id = p_organization_id
    and u.api_key_id = any (p_api_key_ids) and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_days u
  where not p_hours and p_keys and not p_summed and p_api_key_ids is not null and u.organization_id = p_organization_id
    and u.api_key_id = any (p_api_key_ids) and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, '', '', u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, null::service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_key_days u
  where not p_hours and p_keys and p_summed and p_api_key_ids is null and u.organization_id = p_organization_id
    and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, '', '', u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, null::service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_key_days u
  where not p_hours and p_keys and p_summed and p_api_key_ids is not null and u.organization_id = p_organization_id
    and u.api_key_id = any (p_api_key_ids) and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, null, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_workspace_hours u
  where p_hours and not p_keys and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, null, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_workspace_days u
  where not p_hours and not p_keys and not p_summed and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, null, u.workspace_id, '', '', u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, null::service_tier, u.cache_write_1h_tokens, u.reasoning_tokens,
    u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
  from usage_owner_days u
  where not p_hours and not p_keys and p_summed and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
$$;
