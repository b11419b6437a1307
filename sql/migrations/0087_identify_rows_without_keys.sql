-- +goose NO TRANSACTION
-- +goose Up

-- Rows of these tables have no primary key, because a part of what makes them unique may be null: usage of an API key without a workspace. Without
-- an identity PostgreSQL refuses to update and delete rows of a table that is published for logical replication, so that roll-ups would stop. The whole
-- row is one; it is written to the WAL where wal_level is logical, and costs nothing otherwise. Each statement is a transaction of its own, may be
-- repeated, and locks one table.
set lock_timeout = '100ms';
alter table usage_hours replica identity full;
alter table usage_days replica identity full;
alter table usage_key_days replica identity full;
alter table usage_owner_days replica identity full;
alter table usage_workspace_hours replica identity full;
alter table usage_workspace_days replica identity full;
alter table denial_days replica identity full;
alter table estimate_rules replica identity full;
reset lock_timeout;
