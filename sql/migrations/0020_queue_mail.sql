-- +goose Up

-- What a delivery tells: its alert, or that the budget which the alert was about has reset.
create type delivery_purpose as enum ('ALERT', 'RESET');
create type suppression_reason as enum ('BOUNCED', 'COMPLAINED');

alter table alerts add column reset_notified_at timestamptz;
comment on column alerts.reset_notified_at is 'When the end of what an EXHAUSTED alert told was queued; once, so that nobody hears of a reset twice.';

alter table alert_deliveries
  add column purpose delivery_purpose not null default 'ALERT',
  add column mail_id uuid,
  add column first_attempt_at timestamptz,
  drop constraint alert_deliveries_pkey,
  add constraint alert_deliveries_pkey primary key (organization_id, alert_id, purpose, address);
comment on column alert_deliveries.mail_id is 'The mail that carries it, written before the mail is sent; null while it waits. Stays when the mail is gone, since the provider''s events name it.';
comment on column alert_deliveries.first_attempt_at is 'From here on the mail is tried for a day: however long it waited before, the first failure is not the last.';
create index alert_deliveries_mail_id_idx on alert_deliveries (mail_id) where mail_id is not null;
create index alert_deliveries_waiting_idx on alert_deliveries (next_attempt_at) where status = 'QUEUED' and mail_id is null;
create index alert_deliveries_waiting_address_idx on alert_deliveries (organization_id, address) where status = 'QUEUED' and mail_id is null;

-- A call to the mail provider, written before it is made and deleted when its outcome is known. Its id is the idempotency
-- key and its mails are the contents, so that after a crash the very same call is made again and nothing arrives twice.
create table mail_calls (
  id uuid not null default uuid_v7() constraint mail_calls_pkey primary key,
  attempts integer not null default 0,
  attempted_at timestamptz,
  uncertain_since timestamptz,
  next_attempt_at timestamptz not null,
  last_error text
);
comment on column mail_calls.attempted_at is 'When the last attempt began; whoever notes a failure of another attempt changes nothing.';
comment on column mail_calls.uncertain_since is 'The first attempt that the provider may have accepted; it forgets the key a day after that.';
create index mail_calls_next_attempt_at_idx on mail_calls (next_attempt_at);

create table mails (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  call_id uuid not null constraint mails_call_id_fkey references mail_calls on delete cascade,
  position integer not null,
  message jsonb not null,
  constraint mails_pkey primary key (organization_id, id)
);
comment on column mails.message is 'As it is sent, whatever has become of names, templates and recipients since.';
create index mails_call_id_idx on mails (call_id, position);

-- One row: when the next call may be made, by whichever worker. Whoever begins a call holds its lock.
create table mail_pace (
  id boolean not null default true constraint mail_pace_pkey primary key constraint mail_pace_id_check check (id),
  next_call_at timestamptz not null
);
insert into mail_pace (next_call_at) values (clock_timestamp());

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

alter table subject_recipients
  add column suppressed_at timestamptz,
  add column suppressed_reason suppression_reason;

-- +goose Down
alter table subject_recipients drop column suppressed_at, drop column suppressed_reason;
drop table suppressed_addresses, mail_pace, mails, mail_calls;
delete from alert_deliveries where purpose = 'RESET';
alter table alert_deliveries
  drop constraint alert_deliveries_pkey,
  drop column purpose, drop column mail_id, drop column first_attempt_at,
  add constraint alert_deliveries_pkey primary key (organization_id, alert_id, address);
alter table alerts drop column reset_notified_at;
drop type suppression_reason, delivery_purpose;
