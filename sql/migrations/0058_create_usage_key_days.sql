-- +goose Up

-- usage_days by API key and workspace, whatever the provider, the model and the service tier. Reports that ask for keys and for none of these
-- read it: a key that uses ten models has a tenth of the rows here.
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

-- Those that are there are made of usage_days by the roll-up job, when it comes to the organization next.
alter table rollup_watermarks add column has_key_days boolean not null default false;
comment on column rollup_watermarks.has_key_days is 'Whether usage_key_days has what usage_days has; until then, reports read usage_days.';

-- An estimate of what it costs, so that no plan makes the grams of many texts where an index has them.
alter function text_grams(text) cost 5000;
