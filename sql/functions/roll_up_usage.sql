-- roll_up_usage adds the ledger rows of an organization that are not yet rolled up, at most p_limit of them, to its hours
-- and days, and moves the watermark in the same transaction: each row is added exactly once. Rows of one organization
-- commit in the order of their positions, because positions are drawn under the organization's lock; so no row can
-- appear below a position that was seen. Returns how many rows it added.
create or replace function roll_up_usage(p_organization_id uuid, p_limit integer) returns bigint
language plpgsql volatile
as $$
declare
  first bigint;
  last bigint;
  added bigint;
begin
  insert into rollup_watermarks (organization_id, position, rolled_up_at)
  values (p_organization_id, 0, clock_timestamp()) on conflict do nothing;
  select w.position into first from rollup_watermarks w where w.organization_id = p_organization_id for update;
  select max(t.position), count(*) into last, added
  from (
    select e.position from usage_events e
    where e.organization_id = p_organization_id and e.position > first
    order by e.position limit p_limit) t;
  if added = 0 then
    return 0;
  end if;

  insert into usage_hours as h (organization_id, bucket_start, api_key_id, provider, model, workspace_id, requests,
    input_tokens, output_tokens, cached_input_tokens, cost_nanos)
  select e.organization_id, period_start('HOUR', e.recorded_at), e.api_key_id, e.provider, e.model, e.workspace_id,
    sum(e.requests), sum(e.input_tokens), sum(e.output_tokens), sum(e.cached_input_tokens), sum(e.cost_nanos)
  from usage_events e
  where e.organization_id = p_organization_id and e.position > first and e.position <= last
  group by 1, 2, 3, 4, 5, 6
  on conflict (organization_id, bucket_start, api_key_id, provider, model) do update set
    requests = h.requests + excluded.requests,
    input_tokens = h.input_tokens + excluded.input_tokens,
    output_tokens = h.output_tokens + excluded.output_tokens,
    cached_input_tokens = h.cached_input_tokens + excluded.cached_input_tokens,
    cost_nanos = h.cost_nanos + excluded.cost_nanos;

  insert into usage_days as d (organization_id, bucket_start, api_key_id, provider, model, workspace_id, requests,
    input_tokens, output_tokens, cached_input_tokens, cost_nanos)
  select e.organization_id, period_start('DAY', e.recorded_at), e.api_key_id, e.provider, e.model, e.workspace_id,
    sum(e.requests), sum(e.input_tokens), sum(e.output_tokens), sum(e.cached_input_tokens), sum(e.cost_nanos)
  from usage_events e
  where e.organization_id = p_organization_id and e.position > first and e.position <= last
  group by 1, 2, 3, 4, 5, 6
  on conflict (organization_id, bucket_start, api_key_id, provider, model) do update set
    requests = d.requests + excluded.requests,
    input_tokens = d.input_tokens + excluded.input_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens,
    cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
    cost_nanos = d.cost_nanos + excluded.cost_nanos;

  update rollup_watermarks w set position = last, rolled_up_at = clock_timestamp()
  where w.organization_id = p_organization_id;
  return added;
end
$$;
