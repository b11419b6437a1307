-- +goose Up

-- Shapes: tables that never hold a row. A function that RETURNS SETOF one of them gives sqlc a typed struct with its
-- nullability; RETURNS TABLE would give it nothing to work with.

-- A limit as it stands at an instant: the period that contains it, holds past their expiry left out.
create table limit_statuses (
  organization_id uuid not null,
  id uuid not null,
  subject_type subject_type not null,
  subject_id uuid not null,
  kind limit_kind not null,
  type limit_type not null,
  period limit_period not null,
  max_units bigint not null,
  alert_units bigint[] not null,
  used_units numeric not null,
  reserved_units bigint not null,
  generation integer not null,
  period_number integer not null,
  period_start timestamptz not null,
  period_end timestamptz,
  constraint limit_statuses_shape_check check (false)
);

-- The answer to one request of a batch of checks, reservations, records, releases or extensions.
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
  constraint usage_answers_shape_check check (false)
);
comment on column usage_answers.ordinal is 'The request''s place in the batch, from 1.';
comment on column usage_answers.error is 'NOT_FOUND, IDEMPOTENCY_MISMATCH or RESERVATION_CLOSED; null when the request was answered.';

-- One bucket of one series of a usage query; dimensions that were not asked for are empty.
create table usage_buckets (
  api_key_id uuid,
  workspace_id uuid,
  provider text not null,
  model text not null,
  bucket_start timestamptz not null,
  bucket_end timestamptz not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cost_nanos numeric not null,
  constraint usage_buckets_shape_check check (false)
);

-- A recipient of a subject's alerts, each address once.
create table subject_recipients (
  subject_id uuid not null,
  email text not null,
  source recipient_source not null,
  constraint subject_recipients_shape_check check (false)
);

-- A difference between what is stored and what the ledger says.
create table ledger_differences (
  organization_id uuid not null,
  what text not null,
  subject text not null,
  stored numeric not null,
  expected numeric not null,
  constraint ledger_differences_shape_check check (false)
);

-- +goose Down
drop table ledger_differences, subject_recipients, usage_buckets, usage_answers, limit_statuses;
