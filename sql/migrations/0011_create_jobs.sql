-- +goose Up

-- The periodic jobs as the operator sees them. River deletes finished jobs within the hour; this table keeps the last run.
create table jobs (
  kind text not null constraint jobs_pkey primary key,
  queue text not null,
  schedule text not null,
  next_run_at timestamptz not null,
  state job_state,
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  last_succeeded_at timestamptz,
  runs bigint not null default 0,
  failures bigint not null default 0,
  constraint jobs_started_at_check check ((state is null) = (started_at is null)),
  constraint jobs_finished_at_check check ((state is null or state = 'RUNNING') = (finished_at is null)),
  constraint jobs_error_check check (error is null or state in ('FAILED', 'INTERRUPTED'))
) with (fillfactor = 50);
comment on column jobs.schedule is 'When it runs, in words.';
comment on column jobs.next_run_at is 'When it is next enqueued, or looked at for anything to do.';
comment on column jobs.state is 'Of the last run; null before the first. One that stays RUNNING was killed or is stuck.';
comment on column jobs.runs is 'Runs that ended, whichever way; failures are those of them that failed.';
