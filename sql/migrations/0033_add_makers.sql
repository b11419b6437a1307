-- +goose NO TRANSACTION
-- +goose Up

-- Who made an access token, and who was shown an API key's secret. There are no foreign keys: both are kept when the member is removed.
-- Each statement is a transaction of its own, may be repeated, and locks one table at most.
alter table access_tokens
  add column if not exists created_by_id uuid,
  add column if not exists created_by_token_id uuid;
comment on column access_tokens.created_by_id is 'The member who created it, by signing in or with a token that is bound to them; null for one that the operator or an unbound token created, or a server of release 1.';
comment on column access_tokens.created_by_token_id is 'The access token with which it was created; null for none.';

alter table api_key_secrets
  add column if not exists created_by_id uuid,
  add column if not exists created_by_token_id uuid;
comment on column api_key_secrets.created_by_id is 'The member who was shown it, by creating or rotating the key; null as in access_tokens.';
comment on column api_key_secrets.created_by_token_id is 'The access token with which it was made; null for none.';
