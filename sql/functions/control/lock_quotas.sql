-- lock_quotas is the trigger that locks the organization before a row is added that counts against one of its quotas, until the
-- transaction ends. So additions to an organization are made one after the other, and keep_quotas counts what is committed and its own.
-- The lock is taken before all others of the row, as everywhere: by their names, these triggers fire before those that lock a workspace,
-- and before the foreign keys. Raises UB005 for an organization that is not HERE (see refuse_moved).
create or replace function lock_quotas() returns trigger
language plpgsql
as $$
begin
  perform lock_organizations(array[new.organization_id]);
  return new;
end
$$;

create or replace trigger members_add before insert on members for each row execute function lock_quotas();
create or replace trigger workspaces_add before insert on workspaces for each row execute function lock_quotas();
create or replace trigger api_keys_add before insert on api_keys for each row execute function lock_quotas();
create or replace trigger access_tokens_add before insert on access_tokens for each row execute function lock_quotas();
create or replace trigger limits_add before insert on limits for each row execute function lock_quotas();
create or replace trigger recipients_add before insert on recipients for each row execute function lock_quotas();
