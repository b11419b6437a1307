-- +goose Up

-- The first request of a key in a minute opens its window: period_end may be in no index, or that request makes an entry in
-- each of the table's indexes. The reset job finds budgets by this copy, which rate limits leave empty.
drop index limits_period_end_idx;
alter table limits add column closes_at timestamptz generated always as (case when kind = 'BUDGET' then period_end end) stored;
comment on column limits.closes_at is 'period_end of a budget, by which the reset job finds it; null for rate limits, and when the period is NONE.';
create index limits_closes_at_idx on limits (organization_id, closes_at) where closes_at is not null;

-- Whose a secret is stands in the index itself: one page less of a table that is too large for memory to have.
drop index api_key_secrets_secret_hash_idx;
create index api_key_secrets_secret_hash_idx on api_key_secrets (secret_hash)
  include (organization_id, api_key_id, transition_ends_at);

-- +goose Down
drop index api_key_secrets_secret_hash_idx;
create index api_key_secrets_secret_hash_idx on api_key_secrets (secret_hash);
drop index limits_closes_at_idx;
alter table limits drop column closes_at;
create index limits_period_end_idx on limits (period_end) where kind = 'BUDGET';
