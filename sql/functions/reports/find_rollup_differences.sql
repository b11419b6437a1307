-- find_rollup_differences returns each sum in which an organization's roll-ups differ: those of workspaces from those of keys,
-- and those of keys from the totals of months whose ledger was dropped. find_ledger_differences compares the roll-ups of keys
-- with the ledger that is still there. Called in the same statement as that, both read the same snapshot.
create or replace function find_rollup_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with cells as (
    select 'usage_workspace_hours' as what, u.bucket_start, u.workspace_id, u.provider, u.model, u.service_tier::text as service_tier, true as stored, u.requests,
      u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_workspace_hours u where u.organization_id = p_organization_id
    union all
    select 'usage_workspace_days', u.bucket_start, u.workspace_id, u.provider, u.model, u.service_tier::text, true, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_workspace_days u where u.organization_id = p_organization_id
    union all
    select 'usage_workspace_hours', u.bucket_start, u.workspace_id, u.provider, u.model, u.service_tier::text, false, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_hours u where u.organization_id = p_organization_id
    union all
    select 'usage_workspace_days', u.bucket_start, u.workspace_id, u.provider, u.model, u.service_tier::text, false, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_days u where u.organization_id = p_organization_id
    -- months whose ledger was dropped: hours and days of keys, compared with the dropped totals and rows in the default partition
    union all
    select 'usage_hours of a month', period_start('MONTHLY', u.bucket_start), null, '', '', '', true, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_hours u where u.organization_id = p_organization_id and u.bucket_start < (select ledger_begin())
    union all
    select 'usage_days of a month', period_start('MONTHLY', u.bucket_start), null, '', '', '', true, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, u.cache_write_1h_tokens, u.reasoning_tokens, u.audio_input_tokens,
      u.audio_output_tokens, u.images, u.web_searches, u.unpriced_requests, u.unpriced_events
    from usage_days u where u.organization_id = p_organization_id and u.bucket_start < (select ledger_begin())
    union all
    select w.what, l.month, null, '', '', '', false, l.requests, l.input_tokens, l.output_tokens, l.cached_input_tokens, l.cache_write_tokens,
      l.cost_nanos, l.cache_write_1h_tokens, l.reasoning_tokens, l.audio_input_tokens,
      l.audio_output_tokens, l.images, l.web_searches, l.unpriced_requests, l.unpriced_events
    from (values ('usage_hours of a month'), ('usage_days of a month')) w (what)
    cross join (
      select m.month, m.requests, m.input_tokens, m.output_tokens, m.cached_input_tokens, m.cache_write_tokens, m.cost_nanos,
        m.cache_write_1h_tokens, m.reasoning_tokens, m.audio_input_tokens, m.audio_output_tokens, m.images, m.web_searches,
        m.unpriced_requests, m.unpriced_events
      from dropped_usage_months m where m.organization_id = p_organization_id
      union all
      select period_start('MONTHLY', coalesce(e.corrects_recorded_at, e.recorded_at)), e.requests, e.input_tokens, e.output_tokens, e.cached_input_tokens,
        e.cache_write_tokens, e.cost_nanos, e.cache_write_1h_tokens, e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens,
        e.images, e.web_searches, case when e.unpriced then e.requests else -e.priced_requests end,
        case when e.unpriced then 1 when e.prices_unpriced then -1 else 0 end
      from usage_events e
      where e.organization_id = p_organization_id and coalesce(e.corrects_recorded_at, e.recorded_at) < (select ledger_begin())
        and e.position <= (select w.position from rollup_watermarks w where w.organization_id = p_organization_id)
    ) l
  ), compared as (
    select c.what, c.bucket_start, c.workspace_id, c.provider, c.model, c.service_tier, v.measure,
      coalesce(sum(v.units) filter (where c.stored), 0) as stored, coalesce(sum(v.units) filter (where not c.stored), 0) as expected
    from cells c
    cross join lateral (values
      ('requests', c.requests), ('input_tokens', c.input_tokens), ('output_tokens', c.output_tokens),
      ('cached_input_tokens', c.cached_input_tokens), ('cache_write_tokens', c.cache_write_tokens), ('cost_nanos', c.cost_nanos),
      ('cache_write_1h_tokens', c.cache_write_1h_tokens), ('reasoning_tokens', c.reasoning_tokens),
      ('audio_input_tokens', c.audio_input_tokens), ('audio_output_tokens', c.audio_output_tokens), ('images', c.images),
      ('web_searches', c.web_searches), ('unpriced_requests', c.unpriced_requests), ('unpriced_events', c.unpriced_events))
      v (measure, units)
    group by 1, 2, 3, 4, 5, 6, 7
  )
  select p_organization_id, c.what || ' ' || c.measure,
    concat_ws(' ', external_id('ws', c.workspace_id), c.bucket_start, c.provider, c.model, c.service_tier), c.stored, c.expected
  from compared c where c.stored <> c.expected
$$;
