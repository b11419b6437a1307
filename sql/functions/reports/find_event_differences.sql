-- find_event_differences returns each hour and day of an organization's roll-ups whose number of ledger rows is not that of the ledger, and each
-- hour with rows outside of its positions. Roll-ups that are older than these columns have none, and are left out. Called in the same
-- statement as find_ledger_differences, both read the same snapshot.
create or replace function find_event_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with ledger as materialized (
    select period_start('HOUR', e.recorded_at) as hour, e.api_key_id, e.workspace_id, e.provider, e.model, e.service_tier, count(*) as events,
      min(e.position) as first_position, max(e.position) as last_position
    from usage_events e
    where e.organization_id = p_organization_id and e.recorded_at >= (select ledger_begin()) and e.corrects is null
      and e.position <= (select w.position from rollup_watermarks w where w.organization_id = p_organization_id)
    group by 1, 2, 3, 4, 5, 6
  ), cells (what, bucket_start, api_key_id, workspace_id, provider, model, service_tier, is_known, stored, expected) as (
    select 'usage_hours', l.hour, l.api_key_id, l.workspace_id, l.provider, l.model, l.service_tier, true, 0::numeric, l.events::numeric from ledger l
    union all
    select 'usage_hours', u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.service_tier, u.events is not null, coalesce(u.events, 0), 0
    from usage_hours u where u.organization_id = p_organization_id and u.bucket_start >= (select ledger_begin())
    union all
    select 'usage_workspace_hours', l.hour, null, l.workspace_id, l.provider, l.model, l.service_tier, true, 0, l.events from ledger l
    union all
    select 'usage_workspace_hours', u.bucket_start, null, u.workspace_id, u.provider, u.model, u.service_tier, u.events is not null, coalesce(u.events, 0), 0
    from usage_workspace_hours u where u.organization_id = p_organization_id and u.bucket_start >= (select ledger_begin())
    union all
    select 'usage_days', period_start('DAY', l.hour), l.api_key_id, l.workspace_id, l.provider, l.model, l.service_tier, true, 0, l.events from ledger l
    union all
    select 'usage_days', u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.service_tier, u.events is not null, coalesce(u.events, 0), 0
    from usage_days u where u.organization_id = p_organization_id and u.bucket_start >= (select ledger_begin())
    union all
    select 'usage_workspace_days', period_start('DAY', l.hour), null, l.workspace_id, l.provider, l.model, l.service_tier, true, 0, l.events from ledger l
    union all
    select 'usage_workspace_days', u.bucket_start, null, u.workspace_id, u.provider, u.model, u.service_tier, u.events is not null, coalesce(u.events, 0), 0
    from usage_workspace_days u where u.organization_id = p_organization_id and u.bucket_start >= (select ledger_begin())
  )
  select p_organization_id, c.what || ' events',
    concat_ws(' ', external_id('key', c.api_key_id), external_id('ws', c.workspace_id), c.bucket_start, c.provider, c.model, c.service_tier),
    sum(c.stored), sum(c.expected)
  from cells c
  group by c.what, c.bucket_start, c.api_key_id, c.workspace_id, c.provider, c.model, c.service_tier
  having bool_and(c.is_known) and sum(c.stored) <> sum(c.expected)
  union all
  select p_organization_id, 'usage_hours positions', concat_ws(' ', external_id('key', l.api_key_id), l.hour, l.provider, l.model, l.service_tier),
    u.last_position - u.first_position, l.last_position - l.first_position
  from ledger l
  join usage_hours u on u.organization_id = p_organization_id and u.bucket_start = l.hour and u.api_key_id = l.api_key_id
    and u.provider = l.provider and u.model = l.model and u.workspace_id is not distinct from l.workspace_id
    and u.service_tier = l.service_tier
  where (u.first_position, u.last_position) <> (l.first_position, l.last_position)
$$;
