-- +goose Up

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
  cache_write_tokens bigint not null default 0 constraint usage_events_cache_write_tokens_check
    check (cache_write_tokens = 0 or cache_write_tokens between 1 and input_tokens - cached_input_tokens),
  cost_nanos bigint not null constraint usage_events_cost_nanos_check check (cost_nanos >= 0),
  provider text not null default '',
  model text not null default '',
  counted_requests bigint not null,
  counter_ids uuid[] not null,
  period_numbers integer[] not null,
  metadata jsonb not null default '{}',
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint usage_events_pkey primary key (id, recorded_at, organization_id)
) partition by range (recorded_at);
comment on column usage_events.position is 'Drawn while the organization is locked: within one organization, rows commit in this order, so that a roll-up that has seen a position has seen all before it.';
comment on column usage_events.provider is 'Empty when the gateway named none; so is model.';
comment on column usage_events.cached_input_tokens is 'Those of the input tokens that the provider read from its cache; cache_write_tokens those that it wrote to it.';
comment on column usage_events.counter_ids is 'The counters that it was charged to, beside period_numbers: its reservation''s, else those of the limits that the key passed then.';
comment on column usage_events.counted_requests is 'Requests that this row added to request windows: all of them unreserved, those above the reservation''s when settled.';
create index usage_events_position_idx on usage_events (organization_id, position);
-- Rows of a month whose partition is missing are never refused; the partition job makes partitions ahead of time.
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
-- Rows are inserted and deleted in this order: a BRIN index finds the old blocks, and an insert costs nothing.
create index usage_event_requests_recorded_at_idx on usage_event_requests using brin (recorded_at);

-- What is left of ledger rows and reservations that were deleted past their retention, written in the transaction that
-- deleted them, so that counters and roll-ups can still be proved: the usage of a month whose partition was dropped, and what
-- was charged to a counter in a period, by dropped ledger rows and, to request windows, by deleted reservations.
create table dropped_usage_months (
  organization_id uuid not null,
  month timestamptz not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null default 0,
  cost_nanos numeric not null,
  constraint dropped_usage_months_pkey primary key (organization_id, month)
);
comment on column dropped_usage_months.month is 'First instant of the month, UTC.';
create index dropped_usage_months_month_idx on dropped_usage_months (month);
create table dropped_charges (
  organization_id uuid not null,
  counter_id uuid not null,
  period_number integer not null,
  requests numeric not null,
  tokens numeric not null,
  cost_nanos numeric not null,
  constraint dropped_charges_pkey primary key (organization_id, counter_id, period_number),
  constraint dropped_charges_counter_id_fkey foreign key (organization_id, counter_id)
    references counters (organization_id, id) on delete cascade
);

-- A shape (see limit_statuses): a difference between what is stored and what the ledger says.
create table ledger_differences (
  organization_id uuid not null,
  what text not null,
  subject text not null,
  stored numeric not null,
  expected numeric not null,
  constraint ledger_differences_shape_check check (false)
);
