-- +goose NO TRANSACTION
-- +goose Up

-- Why a request is denied whose cost nobody knows. The statement may be repeated; a value of an enum cannot be used in the transaction that
-- adds it.
alter type denial_reason add value if not exists 'PRICE_UNKNOWN';
