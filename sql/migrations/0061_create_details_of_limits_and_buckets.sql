-- +goose Up

-- What functions of this release answer with where those of release 1 answer with limit_statuses and usage_buckets, which stay as they are: calls of
-- release 1 may be under way with them while functions are replaced.

-- A shape (see limit_statuses): a limit as it stands at an instant, with its options, and with the thresholds as they were set.
create table limit_details (
  organization_id uuid not null,
  id uuid not null,
  subject_type subject_type not null,
  subject_id uuid not null,
  kind limit_kind not null,
  type limit_type not null,
  period limit_period not null,
  max_units bigint not null,
  alert_units bigint[] not null,
  used_units numeric not null,
  reserved_units bigint not null,
  generation integer not null,
  period_number integer not null,
  period_start timestamptz not null,
  period_end timestamptz,
  counter_id uuid not null,
  version integer not null,
  defined_at timestamptz,
  calendar jsonb,
  raised_units bigint not null,
  enabled boolean not null,
  mode limit_mode not null,
  policy jsonb,
  alert_percents smallint[] not null,
  alert_recipients jsonb not null,
  constraint limit_details_shape_check check (false)
);

-- A shape (see limit_statuses): one bucket of one series of a usage report; dimensions that were not asked for are empty.
create table report_buckets (
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
  denied numeric not null,
  others boolean not null default false,
  service_tier text not null,
  cache_write_1h_tokens numeric not null,
  reasoning_tokens numeric not null,
  audio_input_tokens numeric not null,
  audio_output_tokens numeric not null,
  images numeric not null,
  web_searches numeric not null,
  unpriced_requests numeric not null,
  unpriced_events numeric not null,
  constraint report_buckets_shape_check check (false)
);
