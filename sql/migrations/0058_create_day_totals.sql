-- +goose Up

-- Totals of usage_days, whatever the provider, the model and the service tier: by API key and workspace, and by workspace alone (null: of the keys
-- that belong to none). Reports that ask for none of these read them: a key that uses ten models has a tenth of the rows here.
create table usage_key_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  api_key_id uuid not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null,
  cost_nanos numeric not null,
  cache_write_1h_tokens numeric not null,
  reasoning_tokens numeric not null,
  audio_input_tokens numeric not null,
  audio_output_tokens numeric not null,
  images numeric not null,
  web_searches numeric not null,
  unpriced_requests numeric not null,
  constraint usage_key_days_key unique nulls not distinct (organization_id, bucket_start, api_key_id, workspace_id)
);
create index usage_key_days_api_key_id_idx on usage_key_days (organization_id, api_key_id, bucket_start);
create table usage_owner_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null,
  cost_nanos numeric not null,
  cache_write_1h_tokens numeric not null,
  reasoning_tokens numeric not null,
  audio_input_tokens numeric not null,
  audio_output_tokens numeric not null,
  images numeric not null,
  web_searches numeric not null,
  unpriced_requests numeric not null,
  constraint usage_owner_days_key unique nulls not distinct (organization_id, bucket_start, workspace_id)
);

-- The totals of days that are there are made by the roll-up job, when it comes to the organization next.
alter table rollup_watermarks add column has_day_totals boolean not null default false;
comment on column rollup_watermarks.has_day_totals is 'Whether usage_key_days and usage_owner_days have what usage_days has; until then, reports read that.';

-- Denied requests of whole days by API key and workspace, made of denial_counts by the roll-up job once these do not change any more.
create table denial_days (
  organization_id uuid not null constraint denial_days_organization_id_fkey references organizations on delete cascade,
  day timestamptz not null,
  workspace_id uuid,
  api_key_id uuid,
  requests numeric not null,
  constraint denial_days_key unique nulls not distinct (organization_id, day, api_key_id, workspace_id)
);
create index denial_days_api_key_id_idx on denial_days (organization_id, api_key_id, day);
comment on column denial_days.requests is 'As in denial_counts: each denied request is in exactly one row.';
alter table rollup_watermarks add column denials_until timestamptz not null default '-infinity';
comment on column rollup_watermarks.denials_until is 'The first instant of the first day that denial_days does not have.';

-- An estimate of what it costs, so that no plan makes the grams of many texts where an index has them.
alter function text_grams(text) cost 5000;
