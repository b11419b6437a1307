-- +goose Up

-- What was admitted and is not yet known in full. No foreign keys: the function that inserts a row has the organization
-- locked and has just read the key, and a key's row is never deleted.
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
  limit_ids uuid[] not null,
  period_numbers integer[] not null,
  admitted_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz,
  constraint reservations_pkey primary key (organization_id, id),
  constraint reservations_closed_at_check check ((status = 'HELD') = (closed_at is null))
) with (fillfactor = 70);
comment on column reservations.fingerprint is 'SHA-256 of the request''s contents: the same request id with another one is a mismatch.';
comment on column reservations.limit_ids is 'The limits that admitted it, beside period_numbers: where its usage is charged, whenever it settles.';
create unique index reservations_request_id_key on reservations (organization_id, request_id) where request_id is not null;
create index reservations_expires_at_idx on reservations (organization_id, expires_at) where status = 'HELD';
create index reservations_id_idx on reservations (id);
create index reservations_closed_at_idx on reservations (closed_at) where closed_at is not null;

-- The ledger: one row for every usage that was settled or recorded, never changed. Partitioned by month.
create sequence usage_events_position_seq as bigint;
create table usage_events (
  organization_id uuid not null,
  id uuid not null,
  position bigint not null,
  api_key_id uuid not null,
  workspace_id uuid,
  reservation_id uuid,
  request_id text,
  requests bigint not null constraint usage_events_requests_check check (requests >= 0),
  input_tokens bigint not null constraint usage_events_input_tokens_check check (input_tokens >= 0),
  output_tokens bigint not null constraint usage_events_output_tokens_check check (output_tokens >= 0),
  cached_input_tokens bigint not null
    constraint usage_events_cached_input_tokens_check check (cached_input_tokens between 0 and input_tokens),
  cost_nanos bigint not null constraint usage_events_cost_nanos_check check (cost_nanos >= 0),
  provider text not null default '',
  model text not null default '',
  counted_requests bigint not null,
  limit_ids uuid[] not null,
  period_numbers integer[] not null,
  metadata jsonb not null default '{}',
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint usage_events_pkey primary key (organization_id, id, recorded_at)
) partition by range (recorded_at);
comment on column usage_events.position is 'Drawn while the organization is locked: within one organization, rows commit in this order, so that a roll-up that has seen a position has seen all before it.';
comment on column usage_events.provider is 'Empty when the gateway named none; so is model.';
comment on column usage_events.counted_requests is 'Requests that this row added to request windows: all of them unreserved, those above the reservation''s when settled.';
create index usage_events_position_idx on usage_events (organization_id, position);
-- Rows of a month whose partition is missing are never refused; the partition job moves ahead of the clock.
create table usage_events_default partition of usage_events default;

-- Request ids of the ledger: a unique key cannot span partitions. Kept 48 hours at least.
create table usage_event_requests (
  organization_id uuid not null,
  request_id text not null constraint usage_event_requests_request_id_check check (char_length(request_id) between 1 and 255),
  api_key_id uuid not null,
  fingerprint bytea not null,
  usage_event_id uuid not null,
  recorded_at timestamptz not null,
  constraint usage_event_requests_pkey primary key (organization_id, request_id)
);
create index usage_event_requests_recorded_at_idx on usage_event_requests (recorded_at);

-- Usage by UTC hour and by UTC day, derived from the ledger; requests, tokens and nano-dollars.
create table usage_hours (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  api_key_id uuid not null,
  provider text not null,
  model text not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cost_nanos numeric not null,
  constraint usage_hours_pkey primary key (organization_id, bucket_start, api_key_id, provider, model)
);
create table usage_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  api_key_id uuid not null,
  provider text not null,
  model text not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cost_nanos numeric not null,
  constraint usage_days_pkey primary key (organization_id, bucket_start, api_key_id, provider, model)
);
create table rollup_watermarks (
  organization_id uuid not null constraint rollup_watermarks_pkey primary key,
  position bigint not null,
  rolled_up_at timestamptz not null
);
comment on column rollup_watermarks.position is 'The last ledger position that usage_hours and usage_days contain.';

-- +goose Down
drop table rollup_watermarks, usage_days, usage_hours, usage_event_requests, usage_events, reservations;
drop sequence usage_events_position_seq;
