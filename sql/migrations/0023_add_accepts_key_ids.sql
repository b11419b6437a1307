-- +goose Up

-- Tokens that were made before, and those that servers of the last release make, go on taking ids.
alter table access_tokens add column accepts_key_ids boolean not null default true;
comment on column access_tokens.accepts_key_ids is
  'Whether the input "key" of enforcement calls may be an API key''s id with this token. Never changes: servers cache it with the token.';
