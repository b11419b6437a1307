-- export_usage returns sums of an organization's usage in whole buckets, of which the first begins at p_first and the last ends at p_last: of
-- one of its workspaces, of some of its API keys, of models, of providers and of service tiers (null: of all), by the dimensions that are
-- asked for. Buckets without usage are left out, and so are denied requests unless p_with_denied. Rows come in the order of buckets, workspaces,
-- keys, providers, models and service tiers, from the one after a row on, at most p_limit. The zero id stands for no workspace and no key.
-- p_starts are the first instants of the buckets, ascending, at whole hours of UTC: those of a time zone; null: of p_interval, UTC.
create or replace function export_usage(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_first timestamptz, p_last timestamptz, p_models text[],
  p_providers text[], p_service_tiers service_tier[], p_interval usage_interval, p_dimensions usage_dimension[], p_with_denied boolean,
  p_after_start timestamptz, p_after_workspace_id uuid, p_after_api_key_id uuid, p_after_provider text, p_after_model text,
  p_after_service_tier text, p_limit integer, p_starts timestamptz[])
returns setof exported_usage
language sql stable
set jit = off -- compiling takes longer than what it compiles
set work_mem = '32MB'
as $$
  with constants as (
    select '00000000-0000-0000-0000-000000000000'::uuid as none,
      (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period as period
  ), rows as (
    select r.*, 0::numeric as denied
    from rolled_up_usage(p_organization_id, p_api_key_ids, p_first, p_last, p_interval = 'HOUR' or p_starts is not null,
      'API_KEY' = any (p_dimensions) or p_api_key_ids is not null, false) r
    union all
    select t.* from tail_rows(p_organization_id, p_api_key_ids, p_first, p_last, case when p_starts is null then p_interval else 'HOUR' end, p_with_denied, true) t
  ), sums as (
    select
      case when p_starts is null then period_start((select c.period from constants c), r.bucket_start)
        else p_starts[width_bucket(r.bucket_start, p_starts)] end as bucket_start,
      coalesce(case when 'WORKSPACE' = any (p_dimensions) then r.workspace_id end, (select c.none from constants c)) as workspace_id,
      coalesce(case when 'API_KEY' = any (p_dimensions) then r.api_key_id end, (select c.none from constants c)) as api_key_id,
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
    group by 1, 2, 3, 4, 5, 6
  ), page as (
    select s.* from sums s
    where (s.bucket_start, s.workspace_id, s.api_key_id, s.provider, s.model, s.service_tier)
      > (p_after_start, p_after_workspace_id, p_after_api_key_id, p_after_provider, p_after_model, p_after_service_tier)
    order by s.bucket_start, s.workspace_id, s.api_key_id, s.provider, s.model, s.service_tier
    limit p_limit
  )
  select p.bucket_start, p.workspace_id, p.api_key_id, p.provider, p.model, p.requests, p.input_tokens, p.output_tokens, p.cached_input_tokens,
    p.cache_write_tokens, p.cost_nanos, p.denied, w.name, k.name, k.metadata, p.service_tier, p.cache_write_1h_tokens, p.reasoning_tokens,
    p.audio_input_tokens, p.audio_output_tokens, p.images, p.web_searches, p.unpriced_requests, p.unpriced_events
  from page p
  left join api_keys k on k.organization_id = p_organization_id and k.id = p.api_key_id
  left join workspaces w on w.organization_id = p_organization_id and w.id = p.workspace_id
  order by p.bucket_start, p.workspace_id, p.api_key_id, p.provider, p.model, p.service_tier
$$;

alter table exported_usage add column if not exists service_tier text not null;
alter table exported_usage add column if not exists cache_write_1h_tokens numeric not null;
alter table exported_usage add column if not exists reasoning_tokens numeric not null;
alter table exported_usage add column if not exists audio_input_tokens numeric not null;
alter table exported_usage add column if not exists audio_output_tokens numeric not null;
alter table exported_usage add column if not exists images numeric not null;
alter table exported_usage add column if not exists web_searches numeric not null;
alter table exported_usage add column if not exists unpriced_requests numeric not null;
alter table exported_usage add column if not exists unpriced_events numeric not null;
