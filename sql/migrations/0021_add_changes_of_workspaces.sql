-- +goose NO TRANSACTION
-- +goose Up

-- Each statement may be run again: the migration is retried as a whole when one of them does not get its lock.

-- A deleted workspace keeps its row, because keys that were revoked, usage and alerts name it.
alter table workspaces
  add column if not exists version integer not null default 1,
  add column if not exists updated_at timestamptz,
  add column if not exists deleted_at timestamptz;
comment on column workspaces.version is 'Goes up by one with every change of name or slug; kept by the trigger workspaces_version.';
comment on column workspaces.updated_at is 'When name or slug were changed last; null when they never were.';
comment on column workspaces.deleted_at is 'When it was deleted; null when it was not. It owns no API key that is not revoked, no limit and no recipient then.';

alter table api_keys add column if not exists former_creator_id uuid;
comment on column api_keys.former_creator_id is 'The member who created the key, once they have been removed: see former_members. created_by_id is null then.';

-- The slug of a deleted workspace is free.
set lock_timeout = 0;
drop index concurrently if exists workspaces_live_slug_key;
create unique index concurrently workspaces_live_slug_key on workspaces (organization_id, slug) where deleted_at is null;
set lock_timeout = '100ms';
-- +goose StatementBegin
do $$
begin
  if exists (select from pg_constraint c where c.conrelid = 'workspaces'::regclass and c.conname = 'workspaces_slug_key') then
    alter table workspaces drop constraint workspaces_slug_key;
    alter index workspaces_live_slug_key rename to workspaces_slug_key;
  end if;
end
$$;
-- +goose StatementEnd
set lock_timeout = 0;
drop index concurrently if exists workspaces_live_slug_key;

-- An API key that is moved has usage in two workspaces in one hour. These become the roll-ups' keys in the next migration.
drop index concurrently if exists usage_hours_key;
create unique index concurrently usage_hours_key
  on usage_hours (organization_id, bucket_start, api_key_id, provider, model, workspace_id) nulls not distinct;
drop index concurrently if exists usage_days_key;
create unique index concurrently usage_days_key
  on usage_days (organization_id, bucket_start, api_key_id, provider, model, workspace_id) nulls not distinct;
reset lock_timeout;
