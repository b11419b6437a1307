-- find_day_total_differences returns each sum in which an organization's usage_key_days differ from its usage_days, which find_ledger_differences
-- compares with the ledger, and its usage_owner_days from its usage_key_days, and each day of denied requests that
-- differs from denial_counts, from the oldest day on. Called in the same statement as that, all read the same snapshot.
create or replace function find_day_total_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with cells as (
    select 'usage_key_days' as what, u.bucket_start, u.api_key_id, u.workspace_id, true as stored,
      u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens,
      u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_key_days u where u.organization_id = p_organization_id
    union all
    select 'usage_key_days', u.bucket_start, u.api_key_id, u.workspace_id, false,
      u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens,
      u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_days u where u.organization_id = p_organization_id
    union all
    select 'usage_owner_days', u.bucket_start, null, u.workspace_id, true,
      u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens,
      u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_owner_days u where u.organization_id = p_organization_id
    union all
    select 'usage_owner_days', u.bucket_start, null, u.workspace_id, false,
      u.requests, u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens,
      u.reasoning_tokens, u.audio_input_tokens, u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_key_days u where u.organization_id = p_organization_id
  ), compared as (
    select c.what, c.bucket_start, c.api_key_id, c.workspace_id, v.measure,
      coalesce(sum(v.units) filter (where c.stored), 0) as stored, coalesce(sum(v.units) filter (where not c.stored), 0) as expected
    from cells c
    cross join lateral (values
      ('requests', c.requests), ('input_tokens', c.input_tokens), ('output_tokens', c.output_tokens), ('cached_input_tokens', c.cached_input_tokens),
      ('cache_write_tokens', c.cache_write_tokens), ('cost_nanos', c.cost_nanos), ('cache_write_1h_tokens', c.cache_write_1h_tokens),
      ('reasoning_tokens', c.reasoning_tokens), ('audio_input_tokens', c.audio_input_tokens), ('audio_output_tokens', c.audio_output_tokens),
      ('images', c.images), ('web_searches', c.web_searches), ('unpriced_requests', c.unpriced_requests), ('unpriced_events', c.unpriced_events))
      v (measure, units)
    group by 1, 2, 3, 4, 5
  )
  select p_organization_id, c.what || ' ' || c.measure,
    concat_ws(' ', external_id('key', c.api_key_id), external_id('ws', c.workspace_id), c.bucket_start), c.stored, c.expected
  from compared c
  where c.stored <> c.expected
    and (select w.has_day_totals from rollup_watermarks w where w.organization_id = p_organization_id)
  union all
  select p_organization_id, 'denial_days requests', concat_ws(' ', external_id('key', d.api_key_id), external_id('ws', d.workspace_id), d.day),
    sum(d.stored), sum(d.expected)
  from (
    select d.day, d.api_key_id, d.workspace_id, d.requests as stored, 0 as expected
    from denial_days d where d.organization_id = p_organization_id
    union all
    select period_start('DAY', d.hour), d.api_key_id, d.workspace_id, 0, d.requests
    from denial_counts d
    where d.organization_id = p_organization_id and d.requests > 0
      and d.id >= (select first_id_at(min(o.day)) from denial_days o where o.organization_id = p_organization_id)
      and d.id < (select first_id_at(denied_until(p_organization_id, 'DAY')))
  ) d
  group by d.day, d.api_key_id, d.workspace_id
  having sum(d.stored) <> sum(d.expected)
$$;
