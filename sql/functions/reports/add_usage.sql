-- add_usage adds the ledger rows of an organization above one position and up to another, recorded at p_from or later, to
-- its hours and days, of keys and of workspaces, and to the totals of days. A row that corrects another one belongs to that one's hour, and is no
-- event. An API key that was moved has an hour or a day for each workspace that its usage
-- belongs to. The ledger is read once. Its caller has locked the organization's watermark.
create or replace function add_usage(p_organization_id uuid, p_after bigint, p_upto bigint, p_from timestamptz) returns void
language sql volatile
as $$
  with hours as materialized (
    select period_start('HOUR', coalesce(e.corrects_recorded_at, e.recorded_at)) as hour, e.api_key_id, e.provider, e.model, e.workspace_id, e.service_tier,
      sum(e.requests) as requests, sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(e.cached_input_tokens) as cached_input_tokens, sum(e.cache_write_tokens) as cache_write_tokens,
      sum(e.cost_nanos) as cost_nanos, sum(e.cache_write_1h_tokens) as cache_write_1h_tokens,
      sum(e.reasoning_tokens) as reasoning_tokens, sum(e.audio_input_tokens) as audio_input_tokens,
      sum(e.audio_output_tokens) as audio_output_tokens, sum(e.images) as images, sum(e.web_searches) as web_searches,
      sum(case when e.unpriced then e.requests else -e.priced_requests end) as unpriced_requests,
      sum(case when e.unpriced then 1 when e.prices_unpriced then -1 else 0 end) as unpriced_events,
      min(e.position) filter (where e.corrects is null) as first_position,
      max(e.position) filter (where e.corrects is null) as last_position, count(*) filter (where e.corrects is null) as events
    from usage_events e
    where e.organization_id = p_organization_id and e.position > p_after and e.position <= p_upto
      and coalesce(e.corrects_recorded_at, e.recorded_at) >= p_from
    group by 1, 2, 3, 4, 5, 6
  ), days as materialized (
    select period_start('DAY', h.hour) as day, h.api_key_id, h.provider, h.model, h.workspace_id, h.service_tier,
      sum(h.requests) as requests,
      sum(h.input_tokens) as input_tokens, sum(h.output_tokens) as output_tokens,
      sum(h.cached_input_tokens) as cached_input_tokens, sum(h.cache_write_tokens) as cache_write_tokens,
      sum(h.cost_nanos) as cost_nanos, sum(h.cache_write_1h_tokens) as cache_write_1h_tokens,
      sum(h.reasoning_tokens) as reasoning_tokens, sum(h.audio_input_tokens) as audio_input_tokens,
      sum(h.audio_output_tokens) as audio_output_tokens, sum(h.images) as images, sum(h.web_searches) as web_searches,
      sum(h.unpriced_requests) as unpriced_requests, sum(h.unpriced_events) as unpriced_events, sum(h.events)::bigint as events
    from hours h group by 1, 2, 3, 4, 5, 6
  ), key_hours as (
    insert into usage_hours as u (organization_id, bucket_start, api_key_id, provider, model, workspace_id,
      service_tier, requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, cache_write_1h_tokens,
      reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events, first_position,
      last_position, events)
    select p_organization_id, h.* from hours h
    on conflict (organization_id, bucket_start, api_key_id, provider, model, workspace_id, service_tier) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      cache_write_1h_tokens = u.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
      reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens,
      audio_input_tokens = u.audio_input_tokens + excluded.audio_input_tokens,
      audio_output_tokens = u.audio_output_tokens + excluded.audio_output_tokens,
      images = u.images + excluded.images,
      web_searches = u.web_searches + excluded.web_searches,
      unpriced_requests = u.unpriced_requests + excluded.unpriced_requests,
      unpriced_events = u.unpriced_events + excluded.unpriced_events,
      last_position = case when u.last_position is not null then greatest(u.last_position, excluded.last_position) end,
      events = u.events + excluded.events
  ), key_days as (
    insert into usage_days as u (organization_id, bucket_start, api_key_id, provider, model, workspace_id,
      service_tier, requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, cache_write_1h_tokens,
      reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events, events)
    select p_organization_id, d.* from days d
    on conflict (organization_id, bucket_start, api_key_id, provider, model, workspace_id, service_tier) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      cache_write_1h_tokens = u.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
      reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens,
      audio_input_tokens = u.audio_input_tokens + excluded.audio_input_tokens,
      audio_output_tokens = u.audio_output_tokens + excluded.audio_output_tokens,
      images = u.images + excluded.images,
      web_searches = u.web_searches + excluded.web_searches,
      unpriced_requests = u.unpriced_requests + excluded.unpriced_requests,
      unpriced_events = u.unpriced_events + excluded.unpriced_events,
      events = u.events + excluded.events
  ), key_totals as (
    insert into usage_key_days as u (
      organization_id, bucket_start, api_key_id, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
      cost_nanos, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests,
      unpriced_events)
    select p_organization_id, d.day, d.api_key_id, d.workspace_id,
      sum(d.requests), sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos),
      sum(d.cache_write_1h_tokens), sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens), sum(d.images),
      sum(d.web_searches), sum(d.unpriced_requests), sum(d.unpriced_events)
    from days d group by d.day, d.api_key_id, d.workspace_id
    on conflict (organization_id, bucket_start, api_key_id, workspace_id) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      cache_write_1h_tokens = u.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
      reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens,
      audio_input_tokens = u.audio_input_tokens + excluded.audio_input_tokens,
      audio_output_tokens = u.audio_output_tokens + excluded.audio_output_tokens,
      images = u.images + excluded.images,
      web_searches = u.web_searches + excluded.web_searches,
      unpriced_requests = u.unpriced_requests + excluded.unpriced_requests,
      unpriced_events = u.unpriced_events + excluded.unpriced_events
  ), owner_days as (
    insert into usage_owner_days as u (
      organization_id, bucket_start, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos,
      cache_write_1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events)
    select p_organization_id, d.day, d.workspace_id,
      sum(d.requests), sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos),
      sum(d.cache_write_1h_tokens), sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens), sum(d.images),
      sum(d.web_searches), sum(d.unpriced_requests), sum(d.unpriced_events)
    from days d group by d.day, d.workspace_id
    on conflict (organization_id, bucket_start, workspace_id) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      cache_write_1h_tokens = u.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
      reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens,
      audio_input_tokens = u.audio_input_tokens + excluded.audio_input_tokens,
      audio_output_tokens = u.audio_output_tokens + excluded.audio_output_tokens,
      images = u.images + excluded.images,
      web_searches = u.web_searches + excluded.web_searches,
      unpriced_requests = u.unpriced_requests + excluded.unpriced_requests,
      unpriced_events = u.unpriced_events + excluded.unpriced_events
  ), workspace_hours as (
    insert into usage_workspace_hours as u (organization_id, bucket_start, workspace_id, provider, model, service_tier,
      requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, cache_write_1h_tokens,
      reasoning_tokens, audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events, first_position,
      last_position, events)
    select p_organization_id, h.hour, h.workspace_id, h.provider, h.model, h.service_tier, sum(h.requests), sum(h.input_tokens),
      sum(h.output_tokens), sum(h.cached_input_tokens), sum(h.cache_write_tokens), sum(h.cost_nanos),
      sum(h.cache_write_1h_tokens), sum(h.reasoning_tokens), sum(h.audio_input_tokens), sum(h.audio_output_tokens),
      sum(h.images), sum(h.web_searches), sum(h.unpriced_requests), sum(h.unpriced_events), min(h.first_position), max(h.last_position), sum(h.events)
    from hours h group by h.hour, h.workspace_id, h.provider, h.model, h.service_tier
    on conflict (organization_id, bucket_start, workspace_id, provider, model, service_tier) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      cache_write_1h_tokens = u.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
      reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens,
      audio_input_tokens = u.audio_input_tokens + excluded.audio_input_tokens,
      audio_output_tokens = u.audio_output_tokens + excluded.audio_output_tokens,
      images = u.images + excluded.images,
      web_searches = u.web_searches + excluded.web_searches,
      unpriced_requests = u.unpriced_requests + excluded.unpriced_requests,
      unpriced_events = u.unpriced_events + excluded.unpriced_events,
      last_position = case when u.last_position is not null then greatest(u.last_position, excluded.last_position) end,
      events = u.events + excluded.events
  )
  insert into usage_workspace_days as u (organization_id, bucket_start, workspace_id, provider, model, service_tier, requests,
    input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, cache_write_1h_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events, events)
  select p_organization_id, d.day, d.workspace_id, d.provider, d.model, d.service_tier, sum(d.requests), sum(d.input_tokens),
    sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos),
    sum(d.cache_write_1h_tokens), sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens),
    sum(d.images), sum(d.web_searches), sum(d.unpriced_requests), sum(d.unpriced_events), sum(d.events)
  from days d group by d.day, d.workspace_id, d.provider, d.model, d.service_tier
  on conflict (organization_id, bucket_start, workspace_id, provider, model, service_tier) do update set
    requests = u.requests + excluded.requests,
    input_tokens = u.input_tokens + excluded.input_tokens,
    output_tokens = u.output_tokens + excluded.output_tokens,
    cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
    cost_nanos = u.cost_nanos + excluded.cost_nanos,
    cache_write_1h_tokens = u.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens,
    audio_input_tokens = u.audio_input_tokens + excluded.audio_input_tokens,
    audio_output_tokens = u.audio_output_tokens + excluded.audio_output_tokens,
    images = u.images + excluded.images,
    web_searches = u.web_searches + excluded.web_searches,
    unpriced_requests = u.unpriced_requests + excluded.unpriced_requests,
    unpriced_events = u.unpriced_events + excluded.unpriced_events,
    events = u.events + excluded.events
$$;
