-- +goose NO TRANSACTION
-- +goose Up

-- Which transaction wrote an entry of the audit log, raised an alert, changed what became of a delivery, or counted denied requests. Whoever has seen a snapshot
-- asks by it for what was not visible then: ids and times are given before the commit, and become visible in another order. Null for
-- what is older than this column. Each statement is a transaction of its own, may be repeated, and locks one table at most.
alter table audit_log add column if not exists transaction_id bigint;
alter table audit_log alter column transaction_id set default pg_current_xact_id()::text::bigint;
comment on column audit_log.transaction_id is 'The transaction that made the change; null for entries that are older than this column.';

alter table alerts add column if not exists transaction_id bigint;
alter table alerts alter column transaction_id set default pg_current_xact_id()::text::bigint;
comment on column alerts.transaction_id is 'The transaction that raised it; null for alerts that are older than this column.';

alter table alert_deliveries add column if not exists transaction_id bigint;
alter table alert_deliveries alter column transaction_id set default pg_current_xact_id()::text::bigint;
comment on column alert_deliveries.transaction_id is 'The transaction that set its status; kept by the trigger alert_deliveries_status_at.';

alter table denial_counts add column if not exists transaction_id bigint;
alter table denial_counts alter column transaction_id set default pg_current_xact_id()::text::bigint;
comment on column denial_counts.transaction_id is 'The transaction that changed it last.';

-- A shape (see limit_statuses): what has changed in an organization, and up to where that is known.
create table if not exists organization_changes (
  organization_id uuid not null,
  server_started_at timestamptz not null,
  looked_at timestamptz not null,
  snapshot text not null,
  position bigint not null,
  locked_by bigint not null,
  more boolean not null,
  prefixes text[] not null,
  ids uuid[] not null,
  member_ids uuid[] not null,
  constraint organization_changes_shape_check check (false)
);
comment on column organization_changes.server_started_at is 'When PostgreSQL was started: transactions and positions of another start are not compared with this one''s.';
comment on column organization_changes.snapshot is 'What is visible: all of it has been told.';
comment on column organization_changes.position is 'The last ledger position that has been told.';
comment on column organization_changes.locked_by is 'Who locked the organization last, as the row''s xmax has it: a transaction, or several of them.';
comment on column organization_changes.more is 'Whether there were more changes than were asked for; then ids has a part of them.';
comment on column organization_changes.prefixes is 'What kind of thing each of ids is, as external ids begin. An id of zeros names none: things of that kind have changed.';
comment on column organization_changes.member_ids is 'Who of the members with the role MEMBER may know: zeros for all, ones for none, else the member who created the API key.';

-- Changes of an organization by the transaction that made them.
set lock_timeout = 0;
drop index concurrently if exists audit_log_transaction_id_idx;
create index concurrently audit_log_transaction_id_idx on audit_log (organization_id, transaction_id) where transaction_id is not null;
drop index concurrently if exists alerts_transaction_id_idx;
create index concurrently alerts_transaction_id_idx on alerts (organization_id, transaction_id) where transaction_id is not null;
drop index concurrently if exists alert_deliveries_transaction_id_idx;
create index concurrently alert_deliveries_transaction_id_idx on alert_deliveries (organization_id, transaction_id)
  where transaction_id is not null;
drop index concurrently if exists denial_counts_transaction_id_idx;
create index concurrently denial_counts_transaction_id_idx on denial_counts (organization_id, transaction_id)
  where transaction_id is not null;
reset lock_timeout;
