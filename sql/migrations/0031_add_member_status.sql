-- +goose Up

-- A person whom an administrator adds is not drawn into the organization: where people sign in at an issuer, they are invited, and
-- accept. Who was a member before is one.
create type member_status as enum ('INVITED', 'ACTIVE');
alter table members add column status member_status not null default 'ACTIVE';
comment on column members.status is 'INVITED until the person accepts: signing in does not find the member, no alert is mailed to them, and they count as no owner.';
