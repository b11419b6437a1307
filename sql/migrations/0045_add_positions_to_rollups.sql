-- +goose NO TRANSACTION
-- +goose Up

-- Between which positions the ledger rows of an hour are: so are the few rows of a key found among those of its organization, without an index
-- that would be written with each row. Null for what was rolled up before. Each statement is a transaction of its own, may be repeated, and
-- locks one table.
alter table usage_hours add column if not exists first_position bigint, add column if not exists last_position bigint;
alter table usage_workspace_hours add column if not exists first_position bigint, add column if not exists last_position bigint;
comment on column usage_hours.first_position is 'The ledger position of the first row in it; null for an hour that began before there was this column.';
comment on column usage_hours.last_position is 'The ledger position of the last row in it, null as first_position is.';
