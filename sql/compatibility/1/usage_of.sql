-- usage_of is usage_series with one API key, or none, for servers of release 1.
create or replace function usage_of(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_from timestamptz, p_to timestamptz,
  p_models text[], p_providers text[], p_interval usage_interval, p_dimensions usage_dimension[], p_most integer default null,
  p_share real default null)
returns setof usage_buckets
language sql stable
as $$
  select b.api_key_id, b.workspace_id, b.provider, b.model, b.bucket_start, b.bucket_end, b.requests, b.input_tokens, b.output_tokens,
    b.cached_input_tokens, b.cache_write_tokens, b.cost_nanos
  from usage_series(p_organization_id, p_workspace_id, case when p_api_key_id is not null then array[p_api_key_id] end, p_from, p_to,
    p_models, p_providers, null, p_interval, p_dimensions, p_most, p_share) b
$$;
