-- api_key_scope_sql returns the conditions on api_keys k that an equality decides, for statements that list_api_keys and count_api_keys make:
-- its parameters are $1 the organization, $2 the workspace, $3 the creator, also one who was removed, and $4 the prefix.
create or replace function api_key_scope_sql(
  p_organization_id uuid, p_workspace_id uuid, p_unassigned boolean, p_created_by_id uuid, p_prefix text) returns text
language plpgsql stable
as $$
declare
  creator text;
begin
  if p_created_by_id is not null then
    creator := case when exists (select from members m where m.id = p_created_by_id) then 'k.created_by_id' else 'k.former_creator_id' end;
  end if;
  return concat_ws(' and ', 'true',
    case when p_organization_id is not null then 'k.organization_id = $1' end,
    case when p_workspace_id is not null then 'k.workspace_id = $2' end,
    case when p_unassigned then 'k.workspace_id is null' end,
    creator || ' = $3',
    case when p_prefix is not null then 'k.prefix = $4' end);
end
$$;
