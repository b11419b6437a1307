-- +goose NO TRANSACTION
-- +goose Up

-- Why a request is denied whose cost nobody knows. The statement may be repeated; a value of an enum cannot be used in the transaction that
-- adds it.
alter type denial_reason add value if not exists 'PRICE_UNKNOWN';

-- Each statement may be run again: the migration is retried as a whole when one of them does not get its lock.

-- Which transaction raised a version last, so that a transaction raises it by one, whatever it changes: see version_after. A thing is made at
-- version 1, with all that its transaction puts on it.
alter table organizations add column if not exists version_transaction_id bigint;
alter table organizations alter column version_transaction_id set default pg_current_xact_id()::text::bigint;
comment on column organizations.version_transaction_id is 'The transaction that made it or raised its version last; null for what is older than this column.';
alter table workspaces add column if not exists version_transaction_id bigint;
alter table workspaces alter column version_transaction_id set default pg_current_xact_id()::text::bigint;
comment on column workspaces.version_transaction_id is 'The transaction that made it or raised its version last; null for what is older than this column.';
alter table api_keys add column if not exists version_transaction_id bigint;
alter table api_keys alter column version_transaction_id set default pg_current_xact_id()::text::bigint;
comment on column api_keys.version_transaction_id is 'The transaction that made it or raised its version last; null for what is older than this column.';

-- A shape (see limit_statuses): a limit as enforcement answers it, without what its definition alone has.
create table if not exists enforced_limits (
  organization_id uuid not null,
  id uuid not null,
  subject_type subject_type not null,
  subject_id uuid not null,
  kind limit_kind not null,
  type limit_type not null,
  period limit_period not null,
  max_units bigint not null,
  alert_units bigint[] not null,
  used_units numeric not null,
  reserved_units bigint not null,
  generation integer not null,
  period_number integer not null,
  period_start timestamptz not null,
  period_end timestamptz,
  counter_id uuid not null,
  constraint enforced_limits_shape_check check (false)
);

set lock_timeout = 0;

-- Lists of deliveries, newest first: see list_deliveries. Of an organization, of every one, and to an address.
drop index concurrently if exists alert_deliveries_newest_idx;
create index concurrently alert_deliveries_newest_idx on alert_deliveries (organization_id, status, queued_at, alert_id, purpose, address);
drop index concurrently if exists alert_deliveries_status_idx;
create index concurrently alert_deliveries_status_idx
  on alert_deliveries (status, (queued_at at time zone 'UTC'), alert_id, purpose, address);
drop index concurrently if exists alert_deliveries_address_idx;
create index concurrently alert_deliveries_address_idx
  on alert_deliveries (address, organization_id, status, queued_at, alert_id, purpose);
reset lock_timeout;
