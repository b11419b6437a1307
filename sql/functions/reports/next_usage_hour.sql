-- next_usage_hour returns the latest hour before p_hour, or with p_backward the earliest one after it, in which some of an organization's API keys,
-- or a workspace (null: any), have used any of some models and providers (null: of all), or with p_unpriced have used without a price, and between which positions the ledger rows of that hour
-- are; null positions when that is not known. No row when there is none. Hours are looked up one by one, key by key.
create or replace function next_usage_hour(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_models text[], p_providers text[],
  p_service_tiers service_tier[], p_unpriced boolean, p_hour timestamptz, p_backward boolean)
returns table (hour timestamptz, first_position bigint, last_position bigint)
language plpgsql stable
as $$
declare
  found_hour timestamptz;
begin
  if p_api_key_ids is null then
    if p_backward then
      select u.bucket_start into found_hour from usage_workspace_hours u
      where u.organization_id = p_organization_id and u.bucket_start > p_hour
        and (p_workspace_id is null or u.workspace_id = p_workspace_id)
        and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
        and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or u.unpriced_events > 0)
      order by u.bucket_start limit 1;
    else
      select u.bucket_start into found_hour from usage_workspace_hours u
      where u.organization_id = p_organization_id and u.bucket_start < p_hour
        and (p_workspace_id is null or u.workspace_id = p_workspace_id)
        and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
        and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or u.unpriced_events > 0)
      order by u.bucket_start desc limit 1;
    end if;
    return query
    select found_hour, case when bool_and(u.last_position is not null) then min(u.first_position) end,
      case when bool_and(u.last_position is not null) then max(u.last_position) end
    from usage_workspace_hours u
    where u.organization_id = p_organization_id and u.bucket_start = found_hour
      and (p_workspace_id is null or u.workspace_id = p_workspace_id)
      and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
      and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or u.unpriced_events > 0)
    having count(*) > 0;
    return;
  end if;
  if p_backward then
    select min(n.bucket_start) into found_hour
    from unnest(p_api_key_ids) k (id)
    cross join lateral (
      select u.bucket_start from usage_hours u
      where u.organization_id = p_organization_id and u.api_key_id = k.id and u.bucket_start > p_hour
        and (p_workspace_id is null or u.workspace_id = p_workspace_id)
        and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
        and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or u.unpriced_events > 0)
      order by u.bucket_start limit 1) n;
  else
    select max(n.bucket_start) into found_hour
    from unnest(p_api_key_ids) k (id)
    cross join lateral (
      select u.bucket_start from usage_hours u
      where u.organization_id = p_organization_id and u.api_key_id = k.id and u.bucket_start < p_hour
        and (p_workspace_id is null or u.workspace_id = p_workspace_id)
        and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
        and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or u.unpriced_events > 0)
      order by u.bucket_start desc limit 1) n;
  end if;
  return query
  select found_hour, case when bool_and(u.last_position is not null) then min(u.first_position) end,
    case when bool_and(u.last_position is not null) then max(u.last_position) end
  from usage_hours u
  where u.organization_id = p_organization_id and u.api_key_id = any (p_api_key_ids) and u.bucket_start = found_hour
    and (p_workspace_id is null or u.workspace_id = p_workspace_id)
    and (p_models is null or u.model = any (p_models)) and (p_providers is null or u.provider = any (p_providers))
    and (p_service_tiers is null or u.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or u.unpriced_events > 0)
  having count(*) > 0;
end
$$;
