-- +goose Up

-- Whether gateways may lease from the limits of an organization, and for how long.
alter table organizations
  add column leases_allowed boolean not null default true,
  add column lease_seconds integer not null default 10
    constraint organizations_lease_seconds_check check (lease_seconds between 1 and 60);
comment on column organizations.leases_allowed is 'False: lease_usage grants nothing, so that gateways ask for each request.';
comment on column organizations.lease_seconds is 'How long a lease lasts at most.';
