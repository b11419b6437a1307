-- count_usage_events counts what usage_events_of returns without bounds of rows. Whole days and hours that are rolled up are counted in the
-- roll-ups, what is left of the time and what is not rolled up in the ledger. Where roll-ups are older than their count, all of it is counted
-- in the ledger.
create or replace function count_usage_events(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_models text[], p_providers text[],
  p_service_tiers service_tier[], p_unpriced boolean, p_from timestamptz, p_to timestamptz)
returns bigint
language plpgsql stable
set jit = off
set plan_cache_mode = force_custom_plan
as $$
declare
  watermark constant bigint := coalesce((select w.position from rollup_watermarks w where w.organization_id = p_organization_id), 0);
  -- the ledger is dropped by the month
  beginning constant timestamptz := period_start('MONTHLY', (
    select e.recorded_at from usage_events e where e.organization_id = p_organization_id order by e.position limit 1));
  begins constant timestamptz := greatest(p_from, beginning);
  ends constant timestamptz := coalesce(p_to, 'infinity');
  first_hour constant timestamptz := period_start('HOUR', begins + interval '1 hour' - interval '1 microsecond');
  last_hour constant timestamptz := greatest(period_start('HOUR', ends), first_hour);
  first_day constant timestamptz := least(period_start('DAY', first_hour + interval '1 day' - interval '1 microsecond'), last_hour);
  last_day constant timestamptz := greatest(period_start('DAY', last_hour), first_day);
  events numeric;
  is_known boolean;
begin
  if beginning is null then
    return 0;
  end if;
  if p_unpriced then -- of which roll-ups count the requests alone
    return (
      select count(*) from usage_events_of(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers,
        true, p_from, p_to, null, null, false, 2147483647));
  end if;
  select coalesce(sum(u.events), 0), coalesce(bool_and(u.events is not null), true) into events, is_known
  from (
    select u.events, u.api_key_id, u.workspace_id, u.model, u.provider, u.service_tier from usage_days u
    where p_api_key_ids is not null and u.organization_id = p_organization_id and u.api_key_id = any (p_api_key_ids)
      and u.bucket_start >= first_day and u.bucket_start < last_day
    union all
    select u.events, u.api_key_id, u.workspace_id, u.model, u.provider, u.service_tier from usage_hours u
    where p_api_key_ids is not null and u.organization_id = p_organization_id and u.api_key_id = any (p_api_key_ids)
      and (u.bucket_start >= first_hour and u.bucket_start < first_day or u.bucket_start >= last_day and u.bucket_start < last_hour)
    union all
    select u.events, null, u.workspace_id, u.model, u.provider, u.service_tier from usage_workspace_days u
    where p_api_key_ids is null and u.organization_id = p_organization_id and u.bucket_start >= first_day and u.bucket_start < last_day
    union all
    select u.events, null, u.workspace_id, u.model, u.provider, u.service_tier from usage_workspace_hours u
    where p_api_key_ids is null and u.organization_id = p_organization_id
      and (u.bucket_start >= first_hour and u.bucket_start < first_day or u.bucket_start >= last_day and u.bucket_start < last_hour)
  ) u
  where (p_workspace_id is null or u.workspace_id = p_workspace_id)
    and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
    and (p_service_tiers is null or u.service_tier = any (p_service_tiers));
  if not is_known then
    return (
      select count(*) from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
        begins, ends, -1, 9223372036854775807, false, null));
  end if;
  return events
    + (select count(*) from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
        begins, least(first_hour, ends), ledger_position_at(p_organization_id, begins - interval '1 hour') - 1,
        least(watermark + 1, ledger_position_at(p_organization_id, first_hour + interval '1 hour')), false, null) where begins < first_hour)
    + (select count(*) from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
        last_hour, ends, ledger_position_at(p_organization_id, last_hour - interval '1 hour') - 1,
        least(watermark + 1, ledger_position_at(p_organization_id, ends + interval '1 hour')), false, null)
      where last_hour < ends and last_hour >= begins and ends < 'infinity')
    + (select count(*) from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
        begins, ends, watermark, 9223372036854775807, false, null));
end
$$;
