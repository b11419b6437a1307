-- +goose Up

create type simulation_status as enum ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELED');

-- What limits that do not exist would have refused of an organization's usage, as somebody asked. A job works it off. It is forgotten some days after it
-- was asked for.
create table simulations (
  organization_id uuid not null constraint simulations_organization_id_fkey references organizations on delete cascade,
  id uuid not null default uuid_v7(),
  workspace_id uuid,
  api_key_id uuid,
  subject_id uuid not null generated always as (coalesce(api_key_id, workspace_id, organization_id)) stored,
  limits jsonb not null,
  from_time timestamptz not null,
  to_time timestamptz not null,
  requested_at timestamptz not null default clock_timestamp(),
  actor text not null default coalesce(nullif(current_setting('bursar.actor', true), ''), 'sql:' || session_user),
  status simulation_status not null default 'QUEUED',
  attempts integer not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  events_total bigint,
  events_done bigint not null default 0,
  failure text,
  replayed_events bigint,
  replayed_tokens numeric,
  replayed_cost_nanos numeric,
  constraint simulations_pkey primary key (organization_id, id),
  constraint simulations_to_time_check check (to_time > from_time),
  constraint simulations_status_check check ((status in ('DONE', 'FAILED', 'CANCELED')) = (finished_at is not null)),
  constraint simulations_replayed_check check ((status = 'DONE') = (replayed_events is not null)),
  constraint simulations_failure_check check ((status = 'FAILED') = (failure is not null))
);
comment on column simulations.workspace_id is 'Usage of this workspace alone; null, and api_key_id too: of the whole organization.';
comment on column simulations.limits is 'The limits, budgets first, as set_limits takes new ones, with all that they say of their calendars.';
comment on column simulations.from_time is 'Usage that was admitted from this instant on, and before to_time; the limits begin to count at it.';
comment on column simulations.actor is 'Who asked for it, as in the audit log.';
comment on column simulations.attempts is 'How many runs have begun with it. One that was interrupted is begun again, a few times.';
comment on column simulations.events_total is 'Rows of the organization''s ledger that are to be read; null before it has begun. events_done of them are.';
comment on column simulations.replayed_events is 'Usage events of the subject that were decided on, with replayed_tokens and replayed_cost_nanos; null unless it is DONE.';
-- an organization has one at a time
create unique index simulations_unfinished_key on simulations (organization_id) where status in ('QUEUED', 'RUNNING');
create index simulations_subject_id_idx on simulations (organization_id, subject_id, id);

-- What was refused: by each limit of a simulation that is DONE, and by one or more of them that are in ENFORCE.
create table simulation_results (
  organization_id uuid not null,
  simulation_id uuid not null,
  limit_number integer not null,
  events bigint not null,
  tokens numeric not null,
  cost_nanos numeric not null,
  first_at timestamptz,
  last_at timestamptz,
  refused_keys integer not null,
  buckets jsonb not null,
  keys jsonb not null,
  alerts jsonb not null,
  constraint simulation_results_pkey primary key (organization_id, simulation_id, limit_number),
  constraint simulation_results_simulation_id_fkey foreign key (organization_id, simulation_id) references simulations on delete cascade,
  constraint simulation_results_first_at_check check ((events = 0) = (first_at is null) and (events = 0) = (last_at is null))
);
comment on column simulation_results.limit_number is 'The limit''s place in the simulation''s limits, from 1 on; 0: what was refused by any that are in ENFORCE.';
comment on column simulation_results.refused_keys is 'Of how many API keys usage was refused; keys has those of which most was.';
comment on column simulation_results.buckets is 'What was refused by the hour, or by the day if the simulation is a long one, without those in which nothing was.';
comment on column simulation_results.alerts is 'Alerts that a budget would have raised: by kind and threshold, in how many periods, and when first.';
