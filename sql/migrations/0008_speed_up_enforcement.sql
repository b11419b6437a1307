-- +goose Up

-- One index finds a reservation by its id, within an organization and, for the operator, in any: each index is written twice
-- for every reservation, by the hold and by what settles it. Closed ones are found for deletion by their id, too, whose first
-- half is the time.
alter table reservations drop constraint reservations_pkey;
alter table reservations add constraint reservations_pkey primary key (id, organization_id);
drop index reservations_id_idx, reservations_closed_at_idx;

-- The same for the ledger, where the organization's other index, on position, once passed for the better one.
alter table usage_events drop constraint usage_events_pkey;
alter table usage_events add constraint usage_events_pkey primary key (id, recorded_at, organization_id);

-- Up to when an organization's reservations were swept: none that is held expires at or before it. Whoever looks for expired
-- ones starts here, and not among the index entries of a million settled ones that vacuum has not yet taken away.
create table reservation_sweeps (
  organization_id uuid not null constraint reservation_sweeps_pkey primary key,
  swept_until timestamptz not null
) with (fillfactor = 50);

-- Rows come and go in this order: blocks are told apart by it, and an insert costs nothing.
drop index usage_event_requests_recorded_at_idx;
create index usage_event_requests_recorded_at_idx on usage_event_requests using brin (recorded_at);

alter table usage_answers add column reservation_id uuid;
alter table usage_answers add column usage_event_id uuid;
comment on column usage_answers.error is 'UNAUTHENTICATED, NOT_FOUND, IDEMPOTENCY_MISMATCH or RESERVATION_CLOSED; null when the request was answered.';
comment on column usage_answers.reservation is 'The whole row of reservation_id; null where the request asked for the id alone. So is usage_event.';

-- The limits that one key passes, with the numbers of their current periods: as reservations and ledger rows store them.
create type charged_limits as (limit_ids uuid[], period_numbers integer[]);

-- +goose Down
drop type charged_limits;
alter table usage_answers drop column reservation_id, drop column usage_event_id;
drop index usage_event_requests_recorded_at_idx;
create index usage_event_requests_recorded_at_idx on usage_event_requests (recorded_at);
drop table reservation_sweeps;
alter table usage_events drop constraint usage_events_pkey;
alter table usage_events add constraint usage_events_pkey primary key (organization_id, id, recorded_at);
create index reservations_id_idx on reservations (id);
create index reservations_closed_at_idx on reservations (closed_at) where closed_at is not null;
alter table reservations drop constraint reservations_pkey;
alter table reservations add constraint reservations_pkey primary key (organization_id, id);
