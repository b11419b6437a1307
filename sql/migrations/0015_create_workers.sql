-- +goose Up

-- The workers that run, as the others see them: a job whose worker has not been seen for a while is taken from it.
create table workers (
  id text not null constraint workers_pkey primary key,
  seen_at timestamptz not null,
  clock_offset interval not null
) with (fillfactor = 50);
comment on column workers.id is 'As river_job.attempted_by has it.';
comment on column workers.clock_offset is 'How far the worker''s clock is ahead of the database''s; negative: behind.';

-- One row: what the reset job last found out about the database's clock.
create table clock_checks (
  id boolean not null default true constraint clock_checks_pkey primary key constraint clock_checks_id_check check (id),
  future_budgets bigint not null default 0,
  checked_at timestamptz not null
);
comment on column clock_checks.future_budgets is 'Budgets whose current period begins in the future: the clock was ahead when it was opened.';
insert into clock_checks (checked_at) values (clock_timestamp());

alter table mail_pace add column quota_used_up_since timestamptz;
comment on column mail_pace.quota_used_up_since is 'When the provider first said that the quota of mails is used up; null when it has taken mail since.';
