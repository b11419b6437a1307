-- +goose Up

-- Whether this database decides for an organization. See set_residence.
create type residence as enum ('HERE', 'LEAVING', 'LEFT', 'ARRIVING');
alter table organizations
  add column residence residence not null default 'HERE',
  add column residence_generation integer not null default 1;
comment on column organizations.residence is 'HERE: this database decides for the organization. Otherwise nothing is granted, booked or changed for it: LEAVING while its rows are copied elsewhere, LEFT afterwards, ARRIVING while they are written here.';
comment on column organizations.residence_generation is 'Goes up by one with every change of residence; no limit''s generation.';
