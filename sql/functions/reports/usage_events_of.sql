-- usage_events_of returns ledger rows of an organization that were recorded from p_from to p_to (null: no bound), before a row (null: from the
-- newest), newest first, at most p_limit: of some of its API keys, of a workspace, of models and of providers (null: of all). The order is that
-- of their positions, which is the order in which they were booked.
create or replace function usage_events_of(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_models text[], p_providers text[], p_from timestamptz,
  p_to timestamptz, p_before uuid, p_limit integer)
returns setof usage_events
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
declare
  before_position bigint := 9223372036854775807;
  until timestamptz := coalesce(p_to, 'infinity');
begin
  if p_before is not null then
    -- the id, a UUID of version 7, has the time of recorded_at
    select e.position into before_position
    from usage_events e
    where e.id = p_before and e.organization_id = p_organization_id;
  end if;
  return query
  select e.* from usage_events e
  where e.organization_id = p_organization_id and e.position < before_position
    and e.recorded_at >= coalesce(p_from, '-infinity') and e.recorded_at < until
    and (p_workspace_id is null or e.workspace_id = p_workspace_id)
    and (p_api_key_ids is null or e.api_key_id = any (p_api_key_ids))
    and (p_models is null or e.model = any (p_models))
    and (p_providers is null or e.provider = any (p_providers))
  order by e.position desc limit p_limit;
end
$$;
