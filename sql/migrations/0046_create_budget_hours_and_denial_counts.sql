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

-- Denied requests by hour, API key, limit and reason, as servers count them. It is not part of the ledger: a killed server takes its last
-- seconds with it, and nothing is decided by it.
create table denial_counts (
  organization_id uuid not null constraint denial_counts_organization_id_fkey references organizations on delete cascade,
  id uuid not null,
  hour timestamptz not null,
  workspace_id uuid,
  api_key_id uuid,
  limit_id uuid,
  limit_kind limit_kind,
  reason denial_reason not null,
  denials bigint not null,
  requests bigint not null,
  constraint denial_counts_pkey primary key (organization_id, id),
  constraint denial_counts_limit_kind_check check ((limit_id is null) = (limit_kind is null))
) with (fillfactor = 70);
comment on column denial_counts.id is 'Begins with the hour, as a UUID of version 7 does; the rest is a hash of key, workspace, limit and reason. So it is the key of a count, sorts by hour and bounds ranges of time.';
comment on column denial_counts.hour is 'The first instant of the hour, UTC.';
comment on column denial_counts.workspace_id is 'That of the key when the requests were denied; null: none.';
comment on column denial_counts.api_key_id is 'Null: there is no such key. Requests with unknown keys are counted together.';
comment on column denial_counts.limit_id is 'Null: the key, or the reservation of the requestId, was the reason. It may be the id of a limit that was deleted.';
comment on column denial_counts.denials is 'Requests that were denied for this reason. One that several limits refuse is in the rows of all.';
comment on column denial_counts.requests is 'Those of the denials that decided the HTTP status: each denied request is in exactly one row.';
create index denial_counts_api_key_id_idx on denial_counts (organization_id, api_key_id, id);

-- A shape (see limit_statuses): sums of usage in one bucket, as exports have them. Dimensions that were not asked for are empty, or the zero id.
create table exported_usage (
  bucket_start timestamptz not null,
  workspace_id uuid not null,
  api_key_id uuid not null,
  provider text not null,
  model text not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null,
  cost_nanos numeric not null,
  denied numeric not null,
  workspace_name text,
  api_key_name text,
  metadata jsonb,
  constraint exported_usage_shape_check check (false)
);
comment on column exported_usage.metadata is 'That of the API key; null where there is none.';
