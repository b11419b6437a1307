-- +goose NO TRANSACTION
-- +goose Up

set lock_timeout = 0;

-- API keys that count against API_KEYS: revoked ones stay in the table.
drop index concurrently if exists api_keys_live_idx;
create index concurrently api_keys_live_idx on api_keys (organization_id) where revoked_at is null;

-- The oldest waiting delivery of each organization, and those that wait in one.
drop index concurrently if exists alert_deliveries_waiting_organization_idx;
create index concurrently alert_deliveries_waiting_organization_idx on alert_deliveries (organization_id, next_attempt_at)
  where status = 'QUEUED' and mail_id is null;
reset lock_timeout;
