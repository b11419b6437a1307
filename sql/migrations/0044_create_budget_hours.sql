-- +goose Up

-- By what the series of a usage report are ordered.
create type usage_order as enum ('COST', 'TOKENS', 'REQUESTS');

-- What was charged to the current periods of budgets, by the UTC hour in which it was recorded, derived from the ledger: nano-dollars or
-- tokens. The clean-up job deletes rows of periods that are over and of deleted budgets. No foreign key: its check would lock the hot rows of
-- counters.
create table budget_hours (
  organization_id uuid not null,
  counter_id uuid not null,
  period_number integer not null,
  bucket_start timestamptz not null,
  units numeric not null,
  constraint budget_hours_pkey primary key (organization_id, counter_id, period_number, bucket_start)
);

-- Up to where an organization's ledger is in budget_hours. It has a position of its own because it begins at 0 also where usage was rolled
-- up before: the roll-up job reads the older ledger once.
alter table rollup_watermarks add column budget_position bigint not null default 0;
comment on column rollup_watermarks.budget_position is 'The last ledger position that budget_hours contains.';

-- A shape (see limit_statuses): what was used of a budget at an instant.
create table burn_down_points (
  budget_limit_id uuid not null,
  type limit_type not null,
  max_units bigint not null,
  at timestamptz not null,
  used_units numeric not null,
  constraint burn_down_points_shape_check check (false)
);

-- A shape (see limit_statuses): when a budget will be used up.
create table projected_exhaustions (
  budget_limit_id uuid not null,
  exhausted_at timestamptz not null,
  constraint projected_exhaustions_shape_check check (false)
);
