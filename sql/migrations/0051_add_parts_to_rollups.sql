-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table. The constraints of the last migration hold for all rows:
-- each partition is read once.
alter table usage_events
  validate constraint usage_events_cache_write_1h_tokens_check,
  validate constraint usage_events_reasoning_tokens_check,
  validate constraint usage_events_audio_input_tokens_check,
  validate constraint usage_events_audio_output_tokens_check,
  validate constraint usage_events_images_check,
  validate constraint usage_events_web_searches_check,
  validate constraint usage_events_price_multiplier_check,
  validate constraint usage_events_corrects_check,
  validate constraint usage_events_cost_nanos_check;

-- The parts of usage in the roll-ups, requests without a price, and the service tier, which becomes a part of their keys in the next migration.
alter table usage_hours
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table usage_days
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table usage_workspace_hours
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table usage_workspace_days
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table dropped_usage_months
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0;
comment on column usage_hours.unpriced_requests is 'Requests whose cost is 0 because neither a gateway nor a price said what they cost.';

set lock_timeout = 0;
drop index concurrently if exists usage_hours_tier_key;
create unique index concurrently usage_hours_tier_key
  on usage_hours (organization_id, bucket_start, api_key_id, provider, model, workspace_id, service_tier) nulls not distinct;
drop index concurrently if exists usage_days_tier_key;
create unique index concurrently usage_days_tier_key
  on usage_days (organization_id, bucket_start, api_key_id, provider, model, workspace_id, service_tier) nulls not distinct;
drop index concurrently if exists usage_workspace_hours_tier_key;
create unique index concurrently usage_workspace_hours_tier_key
  on usage_workspace_hours (organization_id, bucket_start, workspace_id, provider, model, service_tier) nulls not distinct;
drop index concurrently if exists usage_workspace_days_tier_key;
create unique index concurrently usage_workspace_days_tier_key
  on usage_workspace_days (organization_id, bucket_start, workspace_id, provider, model, service_tier) nulls not distinct;
reset lock_timeout;
