-- fill_day_totals makes an organization's usage_key_days and usage_owner_days anew of its usage_days. Its caller has locked the organization's
-- watermark.
create or replace function fill_day_totals(p_organization_id uuid) returns void
language sql volatile
as $$
  delete from usage_key_days u where u.organization_id = p_organization_id;
  delete from usage_owner_days u where u.organization_id = p_organization_id;
  insert into usage_key_days (
      organization_id, bucket_start, api_key_id, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
      cost_nanos, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests,
      unpriced_events)
  select d.organization_id, d.bucket_start, d.api_key_id, d.workspace_id,
      sum(d.requests), sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos),
      sum(d.cache_write_1h_tokens), sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens), sum(d.images),
      sum(d.web_searches), sum(d.unpriced_requests), sum(d.unpriced_events)
  from usage_days d where d.organization_id = p_organization_id group by 1, 2, 3, 4;
  insert into usage_owner_days (
      organization_id, bucket_start, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos,
      cache_write_1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events)
  select d.organization_id, d.bucket_start, d.workspace_id,
      sum(d.requests), sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos),
      sum(d.cache_write_1h_tokens), sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens), sum(d.images),
      sum(d.web_searches), sum(d.unpriced_requests), sum(d.unpriced_events)
  from usage_key_days d where d.organization_id = p_organization_id group by 1, 2, 3;
$$;
