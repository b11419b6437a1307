-- find_key_day_differences returns each sum in which an organization's usage_key_days differ from its usage_days, which find_ledger_differences
-- compares with the ledger. Called in the same statement as that, both read the same snapshot.
create or replace function find_key_day_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with cells as (
    select u.bucket_start, u.api_key_id, u.workspace_id, true as stored,
      u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens,
      u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests
    from usage_key_days u where u.organization_id = p_organization_id
    union all
    select u.bucket_start, u.api_key_id, u.workspace_id, false,
      u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens,
      u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests
    from usage_days u where u.organization_id = p_organization_id
  ), compared as (
    select c.bucket_start, c.api_key_id, c.workspace_id, v.measure,
      coalesce(sum(v.units) filter (where c.stored), 0) as stored, coalesce(sum(v.units) filter (where not c.stored), 0) as expected
    from cells c
    cross join lateral (values
      ('requests', c.requests), ('input_tokens', c.input_tokens), ('output_tokens', c.output_tokens), ('cached_input_tokens', c.cached_input_tokens),
      ('cache_write_tokens', c.cache_write_tokens), ('cost_nanos', c.cost_nanos), ('cache_write_1h_tokens', c.cache_write_1h_tokens),
      ('reasoning_tokens', c.reasoning_tokens), ('audio_input_tokens', c.audio_input_tokens), ('audio_output_tokens', c.audio_output_tokens),
      ('images', c.images), ('web_searches', c.web_searches), ('unpriced_requests', c.unpriced_requests))
      v (measure, units)
    group by 1, 2, 3, 4
  )
  select p_organization_id, 'usage_key_days ' || c.measure,
    concat_ws(' ', external_id('key', c.api_key_id), external_id('ws', c.workspace_id), c.bucket_start), c.stored, c.expected
  from compared c
  where c.stored <> c.expected
    and (select w.has_key_days from rollup_watermarks w where w.organization_id = p_organization_id)
$$;
