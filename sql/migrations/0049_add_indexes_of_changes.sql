-- +goose NO TRANSACTION
-- +goose Up

-- Changes of an organization by the transaction that made them; see 0048.
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
