-- +goose NO TRANSACTION
-- +goose Up

-- Each statement may be run again: the migration is retried as a whole when one of them does not get its lock.

-- What people change in forms has a version, so that of two who change what both have read the second is told. The triggers of
-- count_change and count_change_of_subject keep it. Usage, resets and last use do not count.
alter table organizations
  add column if not exists version integer not null default 1,
  add column if not exists updated_at timestamptz,
  add column if not exists updated_by text;
comment on column organizations.version is 'Goes up with every change of the organization, of the definition of its own limits, of its own added recipients and of its quotas.';
comment on column organizations.updated_at is 'When version went up last; null when it never did.';
comment on column organizations.updated_by is 'Who made that change, as in the audit log; null when nobody did.';

alter table workspaces add column if not exists updated_by text;
comment on column workspaces.version is 'Goes up with every change of the workspace, of the definition of its own limits and of its own added recipients.';
comment on column workspaces.updated_at is 'When version went up last; null when it never did.';
comment on column workspaces.updated_by is 'Who made that change, as in the audit log; null when nobody did, or a server of release 1.';

alter table api_keys
  add column if not exists version integer not null default 1,
  add column if not exists updated_at timestamptz,
  add column if not exists updated_by text;
comment on column api_keys.version is 'Goes up with every change of the API key, of the definition of its own limits and of its own added recipients; not with its use.';
comment on column api_keys.updated_at is 'When version went up last; null when it never did.';
comment on column api_keys.updated_by is 'Who made that change, as in the audit log; null when nobody did.';

-- Not updated_at: the functions of release 1 have a variable of that name where they change limits, and would not know which is meant until
-- they are replaced.
alter table limits
  add column if not exists version integer not null default 1,
  add column if not exists defined_at timestamptz,
  add column if not exists defined_by text;
comment on column limits.version is 'Goes up by one with every change of type, period, amount or thresholds; not with a reset.';
comment on column limits.defined_at is 'When version went up last; null when it never did.';
comment on column limits.defined_by is 'Who made that change, as in the audit log; null when nobody did.';

-- Two limits of a subject exchange their kinds in one statement: that a kind is there once is checked when the statement ends, and not
-- after each row. Each statement may be run again. The constraint keeps its name, which servers know.
set lock_timeout = 0;
drop index concurrently if exists limits_deferrable_key;
create unique index concurrently limits_deferrable_key on limits (organization_id, subject_id, kind, type, period);
set lock_timeout = '100ms';
-- +goose StatementBegin
do $$
begin
  if not exists (
    select from pg_constraint c
    where c.conrelid = 'limits'::regclass and c.conname = 'limits_subject_type_period_key' and c.condeferrable) then
    alter table limits drop constraint limits_subject_type_period_key;
    alter table limits add constraint limits_subject_type_period_key unique using index limits_deferrable_key deferrable initially immediate;
  end if;
end
$$;
-- +goose StatementEnd
set lock_timeout = 0;
drop index concurrently if exists limits_deferrable_key;
reset lock_timeout;
