-- +goose Up

-- Usage by UTC hour and by UTC day, derived from the ledger; requests, tokens and nano-dollars.
create table usage_hours (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  api_key_id uuid not null,
  provider text not null,
  model text not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null default 0,
  cost_nanos numeric not null,
  constraint usage_hours_pkey primary key (organization_id, bucket_start, api_key_id, provider, model)
);
create index usage_hours_api_key_id_idx on usage_hours (organization_id, api_key_id, bucket_start);
create table usage_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  api_key_id uuid not null,
  provider text not null,
  model text not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null default 0,
  cost_nanos numeric not null,
  constraint usage_days_pkey primary key (organization_id, bucket_start, api_key_id, provider, model)
);
create index usage_days_api_key_id_idx on usage_days (organization_id, api_key_id, bucket_start);

-- The same by workspace (null: of the keys that belong to none), whichever the key. Reports that do not ask for keys read
-- these: an organization with a thousand keys has a thousandth of the rows here.
create table usage_workspace_hours (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  workspace_id uuid,
  provider text not null,
  model text not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null default 0,
  cost_nanos numeric not null,
  constraint usage_workspace_hours_key unique nulls not distinct (organization_id, bucket_start, workspace_id, provider, model)
);
create table usage_workspace_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  workspace_id uuid,
  provider text not null,
  model text not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null default 0,
  cost_nanos numeric not null,
  constraint usage_workspace_days_key unique nulls not distinct (organization_id, bucket_start, workspace_id, provider, model)
);

-- Up to where an organization's ledger is rolled up.
create table rollup_watermarks (
  organization_id uuid not null constraint rollup_watermarks_pkey primary key,
  position bigint not null,
  rolled_up_at timestamptz not null
);
comment on column rollup_watermarks.position is 'The last ledger position that usage_hours and usage_days contain.';

-- A shape (see limit_statuses): one bucket of one series of a usage query; dimensions that were not asked for are empty.
create table usage_buckets (
  api_key_id uuid,
  workspace_id uuid,
  provider text not null,
  model text not null,
  bucket_start timestamptz not null,
  bucket_end timestamptz not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null,
  cost_nanos numeric not null,
  constraint usage_buckets_shape_check check (false)
);
