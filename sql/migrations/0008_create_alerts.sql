-- +goose Up

-- Recipients that someone added. Owners, admins and the key's creator are found when an alert is raised.
create table recipients (
  organization_id uuid not null constraint recipients_organization_id_fkey references organizations,
  workspace_id uuid,
  api_key_id uuid,
  subject_id uuid not null generated always as (coalesce(api_key_id, workspace_id, organization_id)) stored,
  email text not null constraint recipients_email_check check (char_length(email) between 3 and 254),
  address text not null generated always as (lower(email)) stored,
  created_at timestamptz not null default clock_timestamp(),
  constraint recipients_pkey primary key (organization_id, subject_id, address),
  constraint recipients_subject_check check (num_nonnulls(workspace_id, api_key_id) <= 1),
  constraint recipients_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces,
  constraint recipients_api_key_id_fkey foreign key (organization_id, api_key_id) references api_keys
);
comment on column recipients.address is 'The e-mail address in lower case: two that differ in case are one recipient.';

create table alerts (
  organization_id uuid not null constraint alerts_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  budget_limit_id uuid not null,
  workspace_id uuid,
  api_key_id uuid,
  subject_id uuid not null generated always as (coalesce(api_key_id, workspace_id, organization_id)) stored,
  kind alert_kind not null,
  type limit_type not null,
  period limit_period not null,
  threshold_units bigint,
  max_units bigint not null,
  used_units numeric not null,
  generation integer not null,
  period_number integer not null,
  period_start timestamptz not null,
  period_end timestamptz,
  raised_at timestamptz not null,
  reset_notified_at timestamptz,
  constraint alerts_pkey primary key (organization_id, id),
  constraint alerts_threshold_units_check check ((kind = 'THRESHOLD') = (threshold_units is not null))
);
comment on table alerts is 'Kept when the budget is deleted, so there is no foreign key to limits.';
comment on column alerts.max_units is 'The amount of the budget when the alert was raised.';
comment on column alerts.reset_notified_at is 'When the mail was queued that the budget of an EXHAUSTED alert has reset; set once, so that nobody is told of a reset twice.';
-- Exactly one alert per budget, generation, period and threshold; the period number stands for generation and period.
create unique index alerts_threshold_key on alerts (organization_id, budget_limit_id, period_number, threshold_units)
  where kind = 'THRESHOLD';
create index alerts_subject_id_idx on alerts (organization_id, subject_id, id);
create index alerts_id_idx on alerts using hash (id);
create index alerts_newest_idx on alerts (uuid_send(id));

-- One row per address: its status is the delivery's. Written with the alert that is mailed, in the same transaction.
create table alert_deliveries (
  organization_id uuid not null,
  alert_id uuid not null,
  purpose delivery_purpose not null default 'ALERT',
  address text not null,
  email text not null,
  status delivery_status not null default 'QUEUED',
  status_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  last_error text,
  mail_id uuid,
  provider_id text,
  queued_at timestamptz not null,
  next_attempt_at timestamptz not null,
  first_attempt_at timestamptz,
  sent_at timestamptz,
  constraint alert_deliveries_pkey primary key (organization_id, alert_id, purpose, address),
  constraint alert_deliveries_alert_id_fkey foreign key (organization_id, alert_id) references alerts on delete cascade
);
comment on column alert_deliveries.status_at is 'Since when it has its status; kept by the trigger alert_deliveries_status_at.';
comment on column alert_deliveries.mail_id is 'The mail that carries it, written before the mail is sent; null while it waits. Stays when the mail is gone, since the provider''s events name it.';
comment on column alert_deliveries.next_attempt_at is 'Not tried before; a worker that claims the row pushes it ahead, so that a killed worker''s mail is tried again.';
comment on column alert_deliveries.first_attempt_at is 'From here on the mail is tried for a day: however long it waited before, the first failure is not the last.';
create index alert_deliveries_next_attempt_at_idx on alert_deliveries (next_attempt_at) where status = 'QUEUED';
create index alert_deliveries_waiting_idx on alert_deliveries (next_attempt_at) where status = 'QUEUED' and mail_id is null;
create index alert_deliveries_waiting_address_idx on alert_deliveries (organization_id, address) where status = 'QUEUED' and mail_id is null;
create index alert_deliveries_mail_id_idx on alert_deliveries (mail_id) where mail_id is not null;
create index alert_deliveries_provider_id_idx on alert_deliveries (provider_id) where provider_id is not null;
-- The operator sees the last day's by status without a scan of all years'.
create index alert_deliveries_status_at_idx on alert_deliveries (status_at);

-- Addresses that are not written to until someone adds them as recipients again.
create table suppressed_addresses (
  organization_id uuid not null constraint suppressed_addresses_organization_id_fkey references organizations,
  address text not null,
  reason suppression_reason not null,
  detail text,
  suppressed_at timestamptz not null default clock_timestamp(),
  constraint suppressed_addresses_pkey primary key (organization_id, address),
  constraint suppressed_addresses_address_check check (address = lower(address))
);
comment on column suppressed_addresses.detail is 'What the recipient''s server said; null when it said nothing.';

-- A shape (see limit_statuses): a recipient of a subject's alerts, each address once.
create table subject_recipients (
  subject_id uuid not null,
  email text not null,
  source recipient_source not null,
  suppressed_at timestamptz,
  suppressed_reason suppression_reason,
  constraint subject_recipients_shape_check check (false)
);
