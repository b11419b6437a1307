-- +goose Up

-- A token of this role is as much as the member whom it is bound to. The constraint that says so is the next migration's: a
-- new value can only be used once it is committed.
alter type token_role add value 'OWNER' before 'ADMIN';

-- +goose Down
delete from access_tokens where role = 'OWNER';
alter type token_role rename to token_role_with_owner;
create type token_role as enum ('ADMIN', 'VIEWER', 'GATEWAY');
alter table access_tokens alter column role type token_role using role::text::token_role;
drop type token_role_with_owner;
