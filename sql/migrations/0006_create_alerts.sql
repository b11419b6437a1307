-- +goose Up

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
  constraint alerts_pkey primary key (organization_id, id),
  constraint alerts_threshold_units_check check ((kind = 'THRESHOLD') = (threshold_units is not null))
);
comment on table alerts is 'Kept when the budget is deleted, so there is no foreign key to limits.';
comment on column alerts.max_units is 'The amount of the budget when the alert was raised.';
-- Exactly one alert per budget, generation, period and threshold; the period number is the generation and the period in one.
create unique index alerts_threshold_key on alerts (organization_id, budget_limit_id, period_number, threshold_units)
  where kind = 'THRESHOLD';
create index alerts_subject_id_idx on alerts (organization_id, subject_id, id);
create index alerts_id_idx on alerts (id);

-- One row an address: its state is the delivery's. Written with the alert that is mailed, in the same transaction.
create table alert_deliveries (
  organization_id uuid not null,
  alert_id uuid not null,
  address text not null,
  email text not null,
  status delivery_status not null default 'QUEUED',
  attempts integer not null default 0,
  last_error text,
  provider_id text,
  queued_at timestamptz not null,
  next_attempt_at timestamptz not null,
  sent_at timestamptz,
  constraint alert_deliveries_pkey primary key (organization_id, alert_id, address),
  constraint alert_deliveries_alert_id_fkey foreign key (organization_id, alert_id) references alerts on delete cascade
);
comment on column alert_deliveries.next_attempt_at is 'Not tried before; a worker that claims the row pushes it ahead, so that a killed worker''s mail is tried again.';
create index alert_deliveries_next_attempt_at_idx on alert_deliveries (next_attempt_at) where status = 'QUEUED';
create index alert_deliveries_provider_id_idx on alert_deliveries (provider_id) where provider_id is not null;

-- Mail that `bursar dev` kept instead of sending.
create table outbox_mails (
  id uuid not null default uuid_v7() constraint outbox_mails_pkey primary key,
  idempotency_key text not null constraint outbox_mails_idempotency_key_key unique,
  recipient text not null,
  subject text not null,
  html text not null,
  text text not null,
  sent_at timestamptz not null default clock_timestamp()
);

-- Every change of the control plane, written by triggers in the transaction that made it; append-only.
create table audit_log (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  action text not null,
  actor text not null,
  target_type text not null,
  target_id uuid not null,
  before jsonb,
  after jsonb,
  request_id text,
  reason text,
  at timestamptz not null default clock_timestamp(),
  constraint audit_log_pkey primary key (organization_id, id)
);
comment on column audit_log.actor is 'root, a token''s or a member''s id, a job''s name, or sql:ROLE for a change made behind the server''s back.';
create index audit_log_target_id_idx on audit_log (organization_id, target_id, id);
create index audit_log_id_idx on audit_log (id);

-- +goose Down
drop table audit_log, outbox_mails, alert_deliveries, alerts;
