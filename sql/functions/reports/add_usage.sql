-- add_usage adds the ledger rows of an organization above one position and up to another, recorded at p_from or later, to
-- its hours and days, of keys and of workspaces. An API key that was moved has an hour or a day for each workspace that its usage
-- belongs to. The ledger is read once. Its caller has locked the organization's watermark.
create or replace function add_usage(p_organization_id uuid, p_after bigint, p_upto bigint, p_from timestamptz) returns void
language sql volatile
as $$
  with hours as materialized (
    select period_start('HOUR', e.recorded_at) as hour, e.api_key_id, e.provider, e.model, e.workspace_id,
      sum(e.requests) as requests, sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(e.cached_input_tokens) as cached_input_tokens, sum(e.cache_write_tokens) as cache_write_tokens,
      sum(e.cost_nanos) as cost_nanos, min(e.position) as first_position, max(e.position) as last_position,
      count(*) as events
    from usage_events e
    where e.organization_id = p_organization_id and e.position > p_after and e.position <= p_upto and e.recorded_at >= p_from
    group by 1, 2, 3, 4, 5
  ), days as materialized (
    select period_start('DAY', h.hour) as day, h.api_key_id, h.provider, h.model, h.workspace_id, sum(h.requests) as requests,
      sum(h.input_tokens) as input_tokens, sum(h.output_tokens) as output_tokens,
      sum(h.cached_input_tokens) as cached_input_tokens, sum(h.cache_write_tokens) as cache_write_tokens,
      sum(h.cost_nanos) as cost_nanos, sum(h.events)::bigint as events
    from hours h group by 1, 2, 3, 4, 5
  ), key_hours as (
    insert into usage_hours as u (organization_id, bucket_start, api_key_id, provider, model, workspace_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, first_position, last_position,
      events)
    select p_organization_id, h.* from hours h
    on conflict (organization_id, bucket_start, api_key_id, provider, model, workspace_id) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      last_position = case when u.last_position is not null then greatest(u.last_position, excluded.last_position) end,
      events = u.events + excluded.events
  ), key_days as (
    insert into usage_days as u (organization_id, bucket_start, api_key_id, provider, model, workspace_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, events)
    select p_organization_id, d.* from days d
    on conflict (organization_id, bucket_start, api_key_id, provider, model, workspace_id) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      events = u.events + excluded.events
  ), workspace_hours as (
    insert into usage_workspace_hours as u (organization_id, bucket_start, workspace_id, provider, model, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, first_position, last_position,
      events)
    select p_organization_id, h.hour, h.workspace_id, h.provider, h.model, sum(h.requests), sum(h.input_tokens),
      sum(h.output_tokens), sum(h.cached_input_tokens), sum(h.cache_write_tokens), sum(h.cost_nanos), min(h.first_position),
      max(h.last_position), sum(h.events)
    from hours h group by h.hour, h.workspace_id, h.provider, h.model
    on conflict (organization_id, bucket_start, workspace_id, provider, model) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos,
      last_position = case when u.last_position is not null then greatest(u.last_position, excluded.last_position) end,
      events = u.events + excluded.events
  )
  insert into usage_workspace_days as u (organization_id, bucket_start, workspace_id, provider, model, requests,
    input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, events)
  select p_organization_id, d.day, d.workspace_id, d.provider, d.model, sum(d.requests), sum(d.input_tokens),
    sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos), sum(d.events)
  from days d group by d.day, d.workspace_id, d.provider, d.model
  on conflict (organization_id, bucket_start, workspace_id, provider, model) do update set
    requests = u.requests + excluded.requests,
    input_tokens = u.input_tokens + excluded.input_tokens,
    output_tokens = u.output_tokens + excluded.output_tokens,
    cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
    cost_nanos = u.cost_nanos + excluded.cost_nanos,
    events = u.events + excluded.events
$$;
