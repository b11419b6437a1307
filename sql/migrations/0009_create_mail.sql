-- +goose Up

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
