-- +goose NO TRANSACTION
-- +goose Up

-- How many ledger rows an hour or a day has, and between which positions those of an hour are: so are the few rows of a key found among those of
-- its organization, and counted, without an index that would be written with each row. Null for what was rolled up before. Each statement is a
-- transaction of its own, may be repeated, and locks one table.
alter table usage_hours
  add column if not exists first_position bigint, add column if not exists last_position bigint, add column if not exists events bigint;
alter table usage_workspace_hours
  add column if not exists first_position bigint, add column if not exists last_position bigint, add column if not exists events bigint;
alter table usage_days add column if not exists events bigint;
alter table usage_workspace_days add column if not exists events bigint;
comment on column usage_hours.first_position is 'The ledger position of the first row in it; null for an hour that began before there was this column.';
comment on column usage_hours.last_position is 'The ledger position of the last row in it, null as first_position is.';
comment on column usage_hours.events is 'Ledger rows in it, null as first_position is.';
