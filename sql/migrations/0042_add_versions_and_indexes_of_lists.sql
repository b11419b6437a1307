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

-- text_grams returns the grams of a text, by which an index finds texts that contain another one: its pairs of characters and its sequences of
-- three, each once. A text of one character has none. The extension pg_trgm has sequences of three alone, of letters and digits alone, and
-- is not installed everywhere. Indexes depend on this function: with another text, they are made again. It calls built-in
-- functions alone, because a restore builds indexes without a search path, and is defined here and not under functions/ because indexes
-- need it.
-- +goose StatementBegin
create or replace function text_grams(p_text text) returns text[]
language sql immutable strict parallel safe
as $$
  select array(
    select distinct (substr(p_text, i, n) collate "C")
    from generate_series(1, char_length(p_text)) i, generate_series(2, 3) n
    where i + n <= char_length(p_text) + 1)
$$;
-- +goose StatementEnd

set lock_timeout = 0;

-- Of API keys none has last_used_at, which enforcement writes: its updates stay heap-only.
-- The order by name.
drop index concurrently if exists api_keys_name_idx;
create index concurrently api_keys_name_idx on api_keys (organization_id, (fold_case(name) collate "C"), id);

-- Texts that contain another one. A search reads the whole list of pending entries, of at most so many KiB.
drop index concurrently if exists api_keys_text_idx;
create index concurrently api_keys_text_idx on api_keys
  using gin (text_grams(fold_case(name || e'\x01' || coalesce(description, '') || e'\x01' || prefix)) collate "C") with (gin_pending_list_limit = 64);

drop index concurrently if exists api_keys_prefix_idx;
create index concurrently api_keys_prefix_idx on api_keys (prefix);

-- Statuses that few keys may have.
drop index concurrently if exists api_keys_revoked_idx;
create index concurrently api_keys_revoked_idx on api_keys (organization_id, id) where revoked_at is not null;
drop index concurrently if exists api_keys_disabled_idx;
create index concurrently api_keys_disabled_idx on api_keys (organization_id, id) where revoked_at is null and not enabled;

drop index concurrently if exists api_keys_former_creator_id_idx;
create index concurrently api_keys_former_creator_id_idx on api_keys (organization_id, former_creator_id) where former_creator_id is not null;

-- Budgets that settled usage has filled: see full_subjects_at.
drop index concurrently if exists alerts_exhausted_idx;
create index concurrently alerts_exhausted_idx on alerts (organization_id, period_end, budget_limit_id)
  where kind = 'EXHAUSTED';

-- What one member or access token did.
drop index concurrently if exists audit_log_actor_idx;
create index concurrently audit_log_actor_idx on audit_log (organization_id, actor, id);
reset lock_timeout;
