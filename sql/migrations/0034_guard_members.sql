-- +goose Up

alter table access_tokens add constraint access_tokens_owner_check
  check (role <> 'OWNER' or member_id is not null or revoked_at is not null);

-- People who sign in are known by their address, before their organization is.
create index members_address_idx on members (lower(email));

-- +goose Down
drop index members_address_idx;
alter table access_tokens drop constraint access_tokens_owner_check;
