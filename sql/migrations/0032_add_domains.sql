-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table at most.
alter table former_members add column if not exists status member_status not null default 'ACTIVE';

alter table organizations
  add column if not exists member_domains text[] not null default '{}',
  add column if not exists recipient_domains text[] not null default '{}';
comment on column organizations.member_domains is 'E-mail domains whose people become members without an invitation, as fold_case makes them; set by the operator.';
comment on column organizations.recipient_domains is 'E-mail domains of which recipients may be added, as fold_case makes them; empty: any.';
