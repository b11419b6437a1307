-- +goose Up

-- Whether gateways may book what several calls have used as one event.
alter table organizations add column merges_allowed boolean not null default false;
comment on column organizations.merges_allowed is 'True: gateways whose operator says so make one usage event of calls of one lease; the ledger has no row for each call then.';
