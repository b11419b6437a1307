-- require_live_workspace is the trigger that refuses API keys, limits and recipients of a workspace that was deleted, as the foreign
-- key refuses those of one that does not exist. It locks the workspace: delete_workspace, which locks it before it looks for keys,
-- either sees the new key or has deleted the workspace before.
create or replace function require_live_workspace() returns trigger
language plpgsql
as $$
begin
  perform from workspaces w
  where w.organization_id = new.organization_id and w.id = new.workspace_id and w.deleted_at is null for share;
  if not found then
    raise exception 'there is no workspace %, or it was deleted', new.workspace_id
      using errcode = 'foreign_key_violation', table = tg_table_name, constraint = tg_table_name || '_workspace_id_fkey';
  end if;
  return new;
end
$$;

create or replace trigger api_keys_live_workspace before insert or update of workspace_id on api_keys
  for each row when (new.workspace_id is not null) execute function require_live_workspace();
create or replace trigger limits_live_workspace before insert or update of workspace_id on limits
  for each row when (new.workspace_id is not null) execute function require_live_workspace();
create or replace trigger recipients_live_workspace before insert or update of workspace_id on recipients
  for each row when (new.workspace_id is not null) execute function require_live_workspace();
