-- +goose NO TRANSACTION
-- +goose Up

-- Why a repeated request is denied whose reservation is not held any more, and one whose API key would hold more than its organization lets
-- it. The statements may be repeated; a value of an enum cannot be used in the transaction that adds it.
alter type denial_reason add value if not exists 'RESERVATION_CLOSED';
alter type denial_reason add value if not exists 'HOLDS_EXCEEDED';
