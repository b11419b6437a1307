-- +goose Up

-- Spans of an organization's ledger that are priced again, by the prices that are known by then. A job works them off, some rows of the ledger
-- in each transaction, in which the position moves on: each row is looked at once, whatever is killed.
create table repricings (
  organization_id uuid not null constraint repricings_organization_id_fkey references organizations on delete cascade,
  id uuid not null default uuid_v7(),
  model text constraint repricings_model_check check (char_length(model) between 1 and 200),
  from_time timestamptz not null,
  to_time timestamptz not null,
  requested_at timestamptz not null default clock_timestamp(),
  position bigint,
  first_position bigint,
  last_position bigint,
  events bigint not null default 0,
  corrections bigint not null default 0,
  difference_nanos numeric not null default 0,
  finished_at timestamptz,
  constraint repricings_pkey primary key (organization_id, id),
  constraint repricings_to_time_check check (to_time > from_time)
);
comment on column repricings.model is 'In lower case: usage of this model alone; null: of all.';
comment on column repricings.from_time is 'Usage that was recorded from this instant on, and before to_time.';
comment on column repricings.position is 'The last ledger position that was looked at; null: it has not begun. It goes from first_position to last_position.';
comment on column repricings.events is 'Ledger rows that were looked at and have a price to be compared with.';
comment on column repricings.corrections is 'Correcting rows that it has written, difference_nanos their sum.';
create index repricings_unfinished_idx on repricings (organization_id) where finished_at is null;

-- What ledger rows that were corrected cost now. A row is there once for each corrected row of the ledger, and goes when that is dropped.
create table repriced_events (
  organization_id uuid not null,
  usage_event_id uuid not null,
  recorded_at timestamptz not null,
  cost_nanos bigint not null constraint repriced_events_cost_nanos_check check (cost_nanos >= 0),
  price_id uuid not null,
  price_multiplier numeric,
  constraint repriced_events_pkey primary key (organization_id, usage_event_id)
);
comment on column repriced_events.recorded_at is 'That of the ledger row.';
comment on column repriced_events.cost_nanos is 'The cost of the ledger row and of all rows that correct it.';
create index repriced_events_recorded_at_idx on repriced_events using brin (recorded_at);
