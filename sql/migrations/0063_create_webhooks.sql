-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table in use at most.
alter type quota_name add value if not exists 'WEBHOOKS';

-- An address that is told of alerts over HTTP: of all of an organization, or of a workspace's and those of its API keys.
create table if not exists webhooks (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  workspace_id uuid, -- null: of the whole organization
  name text not null,
  url text not null, -- as good as a secret: whoever knows Slack's may write there
  format webhook_format not null,
  events text[] not null, -- names of webhook_event
  enabled boolean not null default true,
  disabled_reason text, -- why Bursar has disabled it; null when a person has
  secret bytea not null,
  previous_secrets bytea[] not null default '{}', -- what is sent before previous_secrets_end_at is signed with these, too; the newest first
  previous_secrets_end_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  created_by_id uuid,
  created_by_token_id uuid,
  version integer not null default 1,
  version_transaction_id bigint default pg_current_xact_id()::text::bigint,
  updated_at timestamptz,
  updated_by text,
  constraint webhooks_pkey primary key (organization_id, id),
  constraint webhooks_name_check check (char_length(name) between 1 and 200),
  constraint webhooks_url_check check (url ~ '^https?://[^[:space:][:cntrl:]]+$' and octet_length(url) <= 2000),
  constraint webhooks_events_check check (cardinality(events) between 1 and 4 and events <@ array['THRESHOLD', 'EXHAUSTED', 'REFUSED', 'RESET']),
  constraint webhooks_secret_check check (octet_length(secret) between 24 and 64),
  constraint webhooks_previous_secrets_check check (cardinality(previous_secrets) <= 4 and (previous_secrets = '{}') = (previous_secrets_end_at is null)),
  constraint webhooks_disabled_reason_check check (disabled_reason is null or not enabled)
);
comment on column webhooks.secret is 'What signs; servers write it and do not read it, workers do.';
create or replace view visible_webhooks with (security_invoker = true) as
  select w.organization_id, w.id, w.workspace_id, w.name, w.url, w.format, w.events, w.enabled, w.disabled_reason, w.previous_secrets_end_at,
    w.created_at, w.created_by_id, w.created_by_token_id, w.version, w.updated_at, w.updated_by
  from webhooks w;
comment on view visible_webhooks is 'Webhooks without their secrets, which servers may not read.';
create index if not exists webhooks_workspace_id_idx on webhooks (organization_id, workspace_id);

-- What is to be told to a webhook, once for each alert and event. It is kept when it has been told, as long as its alert; a test for 31 days.
create table if not exists webhook_deliveries (
  organization_id uuid not null,
  id uuid not null default uuid_v7(), -- webhook-id, the same for each attempt
  webhook_id uuid not null,
  event webhook_event not null,
  alert_id uuid, -- null for a test
  status webhook_delivery_status not null default 'QUEUED',
  body text, -- what is sent, written before the first attempt: each attempt sends the same
  attempts integer not null default 0,
  queued_at timestamptz not null default clock_timestamp(),
  first_attempt_at timestamptz, -- from here on it is tried for a day
  next_attempt_at timestamptz not null default clock_timestamp(),
  claimed_until timestamptz, -- while a worker sends it; null when none does
  status_at timestamptz not null default clock_timestamp(),
  response_status smallint, -- of the last answer; null when there was none
  last_error text,
  constraint webhook_deliveries_pkey primary key (organization_id, id),
  constraint webhook_deliveries_webhook_id_fkey foreign key (organization_id, webhook_id) references webhooks on delete cascade,
  constraint webhook_deliveries_alert_id_key unique (organization_id, webhook_id, alert_id, event),
  constraint webhook_deliveries_event_check check ((event = 'TEST') = (alert_id is null)),
  constraint webhook_deliveries_attempts_check check (attempts >= 0 and (attempts > 0) = (first_attempt_at is not null)),
  constraint webhook_deliveries_claimed_until_check check (claimed_until is null or status = 'QUEUED')
);
create index if not exists webhook_deliveries_next_attempt_at_idx on webhook_deliveries (next_attempt_at) where status = 'QUEUED';
create index if not exists webhook_deliveries_webhook_id_idx on webhook_deliveries (organization_id, webhook_id, id);
create index if not exists webhook_deliveries_alert_id_idx on webhook_deliveries (organization_id, alert_id);
create index if not exists webhook_deliveries_status_at_idx on webhook_deliveries (status_at) where alert_id is null;

-- Each locks the table that it names until it is there; the new ones are empty.
set lock_timeout = '100ms';
alter table webhooks drop constraint if exists webhooks_organization_id_fkey;
alter table webhooks add constraint webhooks_organization_id_fkey foreign key (organization_id) references organizations on delete cascade;
alter table webhooks drop constraint if exists webhooks_workspace_id_fkey;
alter table webhooks add constraint webhooks_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces on delete cascade;
alter table webhook_deliveries drop constraint if exists webhook_deliveries_alert_id_fkey;
alter table webhook_deliveries add constraint webhook_deliveries_alert_id_fkey foreign key (organization_id, alert_id) references alerts on delete cascade;
reset lock_timeout;
