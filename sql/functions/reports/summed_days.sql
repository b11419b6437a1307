-- summed_days returns the usage of an organization in the days of a time, of one of its workspaces (null: of all), by bucket and by those of the
-- dimensions that usage_workspace_days has; the others are null or empty. It reads the time at once and is planned for it, as units_of_keys.
create or replace function summed_days(
  p_organization_id uuid, p_workspace_id uuid, p_from timestamptz, p_to timestamptz, p_interval usage_interval, p_dimensions usage_dimension[])
returns table (
  bucket_start timestamptz, workspace_id uuid, provider text, model text, requests numeric, input_tokens numeric,
  output_tokens numeric, cached_input_tokens numeric, cache_write_tokens numeric, cost_nanos numeric,
  service_tier service_tier, cache_write_1h_tokens numeric, reasoning_tokens numeric, audio_input_tokens numeric,
  audio_output_tokens numeric, images numeric, web_searches numeric, unpriced_requests numeric, unpriced_events numeric)
language plpgsql stable
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
  period constant limit_period := case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end;
  by_workspace constant boolean := 'WORKSPACE' = any (p_dimensions) or p_workspace_id is not null;
  by_provider constant boolean := 'PROVIDER' = any (p_dimensions);
  by_model constant boolean := 'MODEL' = any (p_dimensions);
  by_service_tier constant boolean := 'SERVICE_TIER' = any (p_dimensions);
begin
  return query
  select period_start(period, d.bucket_start), case when by_workspace then d.workspace_id end, case when by_provider then d.provider else '' end,
    case when by_model then d.model else '' end, sum(d.requests), sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens),
    sum(d.cache_write_tokens), sum(d.cost_nanos), case when by_service_tier then d.service_tier end, sum(d.cache_write_1h_tokens),
    sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens), sum(d.images), sum(d.web_searches),
    sum(d.unpriced_requests), sum(d.unpriced_events)
  from usage_workspace_days d
  where d.organization_id = p_organization_id and d.bucket_start >= p_from and d.bucket_start < p_to
    and (p_workspace_id is null or d.workspace_id = p_workspace_id)
  group by 1, 2, 3, 4, 11;
end
$$;
