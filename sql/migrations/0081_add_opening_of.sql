-- +goose NO TRANSACTION
-- +goose Up

set lock_timeout = '100ms';
alter table usage_events add column if not exists opening_of text;
comment on column usage_events.opening_of is 'The system from which an import took this usage over, as an opening balance: it has no requests. Null for usage that gateways reported.';
reset lock_timeout;
