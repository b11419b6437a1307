-- reservations_of returns reservations of an organization that have a status at the statement's beginning (see reservations_at), between two of
-- them (null: no bound), newest first, or oldest first with p_backward, at most p_limit: of those that a workspace owned when they were
-- admitted, or of a key (null: of any). It walks the primary key, whatever the organization and the key: an index for closed ones would be
-- written with each reservation.
create or replace function reservations_of(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_status reservation_status, p_after uuid, p_before uuid,
  p_backward boolean, p_limit integer)
returns setof reservations
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
begin
  if p_backward then
    return query
    select r.* from reservations_at(statement_timestamp()) r
    where r.organization_id = p_organization_id and r.status = p_status
      and (p_workspace_id is null or r.workspace_id = p_workspace_id)
      and (p_api_key_id is null or r.api_key_id = p_api_key_id)
      and (p_after is null or r.id < p_after) and (p_before is null or r.id > p_before)
    order by r.id limit p_limit;
  else
    return query
    select r.* from reservations_at(statement_timestamp()) r
    where r.organization_id = p_organization_id and r.status = p_status
      and (p_workspace_id is null or r.workspace_id = p_workspace_id)
      and (p_api_key_id is null or r.api_key_id = p_api_key_id)
      and (p_after is null or r.id < p_after) and (p_before is null or r.id > p_before)
    order by r.id desc limit p_limit;
  end if;
end
$$;
