-- +goose Up

-- What was admitted and is not yet known in full. No foreign keys: the function that inserts a row has the organization
-- locked and has just read the key, and a key's row is never deleted.
-- One index finds a reservation by its id, within an organization and, for the operator, in any: each index is written twice
-- for every reservation, by the hold and by what settles it. Closed ones are found for deletion by their id, whose first half
-- is the time.
create table reservations (
  organization_id uuid not null,
  id uuid not null,
  api_key_id uuid not null,
  workspace_id uuid,
  request_id text constraint reservations_request_id_check check (char_length(request_id) between 1 and 255),
  fingerprint bytea not null,
  status reservation_status not null default 'HELD',
  requests bigint not null constraint reservations_requests_check check (requests >= 0),
  tokens bigint not null constraint reservations_tokens_check check (tokens >= 0),
  cost_nanos bigint not null constraint reservations_cost_nanos_check check (cost_nanos >= 0),
  counter_ids uuid[] not null,
  period_numbers integer[] not null,
  admitted_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz,
  constraint reservations_pkey primary key (id, organization_id),
  constraint reservations_closed_at_check check ((status = 'HELD') = (closed_at is null))
) with (fillfactor = 70);
comment on column reservations.fingerprint is 'SHA-256 of the request''s contents: the same request id with another one is a mismatch.';
comment on column reservations.counter_ids is 'The counters of the limits that admitted it, beside period_numbers: where its usage is charged, whenever it settles.';
create unique index reservations_request_id_key on reservations (organization_id, request_id) where request_id is not null;
create index reservations_expires_at_idx on reservations (organization_id, expires_at) where status = 'HELD';

-- Up to when an organization's reservations were swept: none that is held expires at or before it. Whoever looks for expired
-- ones starts here, and not among the index entries of a million settled ones that vacuum has not yet removed.
create table reservation_sweeps (
  organization_id uuid not null constraint reservation_sweeps_pkey primary key,
  swept_until timestamptz not null
) with (fillfactor = 50);

-- The counters of the limits that the requests of one key must pass, with the numbers of their current periods: as reservations
-- and ledger rows store them.
create type charged_counters as (counter_ids uuid[], period_numbers integer[]);

-- A shape (see limit_statuses): the answer to one request of a batch of checks, reservations, records, releases or extensions.
create table usage_answers (
  ordinal integer not null,
  error text,
  replayed boolean not null,
  allowed boolean not null,
  decided_at timestamptz not null,
  api_key_id uuid,
  denials jsonb not null,
  limits jsonb not null,
  reservation jsonb,
  usage_event jsonb,
  reservation_id uuid,
  usage_event_id uuid,
  constraint usage_answers_shape_check check (false)
);
comment on column usage_answers.ordinal is 'The request''s index in the batch, from 1.';
comment on column usage_answers.error is 'UNAUTHENTICATED, NOT_FOUND, IDEMPOTENCY_MISMATCH or RESERVATION_CLOSED; null when the request was answered.';
comment on column usage_answers.reservation is 'The whole row of reservation_id; null where the request asked for the id alone. So is usage_event.';
