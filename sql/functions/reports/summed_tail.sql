-- summed_tail is tail_rows, added up by bucket and by some dimensions; the others are null or empty. Sums of the ledger's integers take a fraction of
-- the time of those of roll-ups. It is inlined into the query that calls it.
create or replace function summed_tail(
  p_organization_id uuid, p_api_key_ids uuid[], p_first timestamptz, p_last timestamptz, p_interval usage_interval, p_kept usage_dimension[])
returns table (
  bucket_start timestamptz, api_key_id uuid, workspace_id uuid, provider text, model text, requests numeric, input_tokens numeric,
  output_tokens numeric, cached_input_tokens numeric, cache_write_tokens numeric, cost_nanos numeric,
  service_tier service_tier, cache_write_1h_tokens numeric, reasoning_tokens numeric, audio_input_tokens numeric,
  audio_output_tokens numeric, images numeric, web_searches numeric, unpriced_requests numeric, unpriced_events numeric, denied numeric)
language sql stable
as $$
  select t.bucket_start, case when 'API_KEY' = any (p_kept) then t.api_key_id end, case when 'WORKSPACE' = any (p_kept) then t.workspace_id end,
    case when 'PROVIDER' = any (p_kept) then t.provider else '' end, case when 'MODEL' = any (p_kept) then t.model else '' end,
    sum(t.requests), sum(t.input_tokens), sum(t.output_tokens), sum(t.cached_input_tokens), sum(t.cache_write_tokens), sum(t.cost_nanos),
    case when 'SERVICE_TIER' = any (p_kept) then t.service_tier end, sum(t.cache_write_1h_tokens), sum(t.reasoning_tokens),
    sum(t.audio_input_tokens), sum(t.audio_output_tokens), sum(t.images), sum(t.web_searches), sum(t.unpriced_requests),
    sum(t.unpriced_events), sum(t.denied)
  from tail_rows(p_organization_id, p_api_key_ids, p_first, p_last, p_interval, true, false) t
  group by 1, 2, 3, 4, 5, 12
$$;
