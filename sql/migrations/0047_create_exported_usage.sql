-- +goose Up

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
