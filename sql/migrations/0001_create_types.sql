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

-- Which release's schema this is. One row, written when an upgrade is complete; servers look here whether they may work.
create table schema_release (
  id boolean not null default true constraint schema_release_pkey primary key constraint schema_release_id_check check (id),
  number integer not null,
  oldest integer not null,
  fingerprint text not null,
  applied_at timestamptz not null default clock_timestamp()
);
comment on column schema_release.number is 'Goes up by one with the first change of the schema after a release.';
comment on column schema_release.oldest is 'The oldest release whose servers work on this schema. An upgrade to a schema that closes servers out raises it before it changes anything.';
comment on column schema_release.fingerprint is 'SHA-256 of the names of the migrations and of the text of everything that upgrades make again.';

-- What upgrades have made beside the migrations: an upgrade makes what is new or changed, and drops what its release has no more.
create table schema_objects (
  kind text not null constraint schema_objects_kind_check check (kind in ('FUNCTION', 'TRIGGER', 'POLICY')),
  identity text not null,
  hash text not null,
  release integer not null,
  applied_at timestamptz not null default clock_timestamp(),
  constraint schema_objects_pkey primary key (kind, identity)
);
comment on column schema_objects.identity is 'A function with the types of its arguments, as regprocedure shows it; a trigger or a policy with its table: NAME on TABLE.';
comment on column schema_objects.hash is 'SHA-256 of the statement that made it, without comments outside of literals.';
comment on column schema_objects.release is 'The number of the release that made it as it is.';

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
