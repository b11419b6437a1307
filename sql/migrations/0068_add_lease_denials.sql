-- +goose NO TRANSACTION
-- +goose Up

-- Why no lease is granted, although the API key may be used and no limit is full. The statements may be repeated; a value of an enum cannot be
-- used in the transaction that adds it.
alter type denial_reason add value if not exists 'LEASES_NOT_ALLOWED';
alter type denial_reason add value if not exists 'LEASE_TOO_SMALL';
