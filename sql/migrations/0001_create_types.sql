-- +goose Up

-- uuid_v7 returns a UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. Ids sort by creation, so
-- they are inserted at the right edge of their indexes and double as keyset cursors. PostgreSQL 18 has uuidv7(); 15 has not.
-- It stands here and not under functions/ because column defaults need it.
-- +goose StatementBegin
create function uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql volatile parallel safe
as $$
  select encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send(floor(extract(epoch from at) * 1000)::bigint) from 3)
          from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid
$$;
-- +goose StatementEnd

-- The hash of the functions that were applied last; one row.
create table schema_functions (
  hash text not null,
  applied_at timestamptz not null default clock_timestamp()
);

create type plan as enum ('FREE', 'PRO', 'ENTERPRISE');
create type member_role as enum ('OWNER', 'ADMIN', 'MEMBER');
create type token_role as enum ('ADMIN', 'VIEWER', 'GATEWAY');
create type api_key_status as enum ('ACTIVE', 'DISABLED', 'EXHAUSTED', 'EXPIRED', 'REVOKED');
create type subject_type as enum ('ORGANIZATION', 'WORKSPACE', 'API_KEY');
create type limit_kind as enum ('BUDGET', 'RATE');
create type limit_type as enum ('COST', 'TOKENS', 'REQUESTS');
create type limit_period as enum ('NONE', 'WEEKLY', 'MONTHLY', 'MINUTE', 'HOUR', 'DAY');
create type recipient_source as enum ('OWNER', 'ADMIN', 'CREATOR', 'ADDED');
create type reservation_status as enum ('HELD', 'SETTLED', 'RELEASED', 'EXPIRED');
create type denial_reason as enum (
  'KEY_NOT_FOUND', 'KEY_DISABLED', 'KEY_EXPIRED', 'KEY_REVOKED', 'BUDGET_EXHAUSTED', 'RATE_LIMITED', 'ESTIMATE_EXCEEDS_LIMIT');
create type alert_kind as enum ('THRESHOLD', 'EXHAUSTED');
create type delivery_status as enum ('QUEUED', 'SENT', 'DELIVERED', 'BOUNCED', 'COMPLAINED', 'FAILED');
create type usage_interval as enum ('HOUR', 'DAY', 'WEEK', 'MONTH');
create type usage_dimension as enum ('API_KEY', 'WORKSPACE', 'MODEL', 'PROVIDER');

-- +goose Down
drop type usage_dimension, usage_interval, delivery_status, alert_kind, denial_reason, reservation_status, recipient_source,
  limit_period, limit_type, limit_kind, subject_type, api_key_status, token_role, member_role, plan;
drop table schema_functions;
drop function uuid_v7(timestamptz);
