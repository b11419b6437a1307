-- +goose Up

-- uuid_v7 returns a UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, then
-- random bits. Ids sort by creation, also those that one session makes within a millisecond. They are inserted at the right
-- edge of their indexes and serve as keyset cursors. PostgreSQL 18 has uuidv7(); 15 has not.
-- The function is defined here and not under functions/ because column defaults need it.
-- +goose StatementBegin
create function uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql volatile parallel safe
as $$
  select encode(
    overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(t.ms)::bigint) from 3) || int2send((28672 + floor((t.ms - floor(t.ms)) * 4096))::smallint)
      from 1 for 8),
    'hex')::uuid
  from (select extract(epoch from at) * 1000 as ms) t
$$;
-- +goose StatementEnd

-- One row: the hash of the functions that were applied last.
create table schema_functions (
  hash text not null,
  applied_at timestamptz not null default clock_timestamp()
);

-- Organizations, people and what they present.
create type plan as enum ('FREE', 'PRO', 'ENTERPRISE');
create type member_role as enum ('OWNER', 'ADMIN', 'MEMBER');
create type token_role as enum ('OWNER', 'ADMIN', 'VIEWER', 'GATEWAY');
create type api_key_status as enum ('ACTIVE', 'DISABLED', 'EXHAUSTED', 'EXPIRED', 'REVOKED');

-- Limits and what enforcement answers.
create type subject_type as enum ('ORGANIZATION', 'WORKSPACE', 'API_KEY');
create type limit_kind as enum ('BUDGET', 'RATE');
create type limit_type as enum ('COST', 'TOKENS', 'REQUESTS');
create type limit_period as enum ('NONE', 'WEEKLY', 'MONTHLY', 'MINUTE', 'HOUR', 'DAY');
create type reservation_status as enum ('HELD', 'SETTLED', 'RELEASED', 'EXPIRED');
create type denial_reason as enum (
  'KEY_NOT_FOUND', 'KEY_DISABLED', 'KEY_EXPIRED', 'KEY_REVOKED', 'BUDGET_EXHAUSTED', 'RATE_LIMITED', 'ESTIMATE_EXCEEDS_LIMIT');

-- Usage reports.
create type usage_interval as enum ('HOUR', 'DAY', 'WEEK', 'MONTH');
create type usage_dimension as enum ('API_KEY', 'WORKSPACE', 'MODEL', 'PROVIDER');

-- Alerts and mail. A delivery of purpose RESET tells that the budget which the alert was about has reset.
create type alert_kind as enum ('THRESHOLD', 'EXHAUSTED');
create type recipient_source as enum ('OWNER', 'ADMIN', 'CREATOR', 'ADDED');
create type delivery_purpose as enum ('ALERT', 'RESET');
create type delivery_status as enum ('QUEUED', 'SENT', 'DELIVERED', 'BOUNCED', 'COMPLAINED', 'FAILED');
create type suppression_reason as enum ('BOUNCED', 'COMPLAINED');

-- Periodic jobs.
create type job_state as enum ('RUNNING', 'SUCCEEDED', 'FAILED', 'INTERRUPTED');
