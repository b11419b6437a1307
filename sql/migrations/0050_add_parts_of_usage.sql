-- +goose Up

-- At which of its provider's tiers a request was served: each has prices of its own.
create type service_tier as enum ('STANDARD', 'BATCH', 'FLEX', 'PRIORITY');
alter type usage_dimension add value if not exists 'SERVICE_TIER';

-- Usage in all its parts, and what it was priced by. What earlier rows say of it is nothing: zero, STANDARD, and the cost that they were given.
-- The constraints are validated in the next migration.
alter table usage_events
  add column cache_write_1h_tokens bigint not null default 0,
  add column reasoning_tokens bigint not null default 0,
  add column audio_input_tokens bigint not null default 0,
  add column audio_output_tokens bigint not null default 0,
  add column images bigint not null default 0,
  add column web_searches bigint not null default 0,
  add column service_tier service_tier not null default 'STANDARD',
  add column price_id uuid,
  add column price_multiplier numeric,
  add column unpriced boolean not null default false,
  add column corrects uuid,
  add column corrects_recorded_at timestamptz,
  add column priced_requests bigint not null default 0,
  add constraint usage_events_cache_write_1h_tokens_check
    check (cache_write_1h_tokens = 0 or cache_write_1h_tokens between 1 and cache_write_tokens) not valid,
  add constraint usage_events_audio_input_tokens_check
    check (audio_input_tokens = 0 or audio_input_tokens between 1 and input_tokens) not valid,
  add constraint usage_events_reasoning_tokens_check
    check (reasoning_tokens = 0 or reasoning_tokens between 1 and output_tokens) not valid,
  add constraint usage_events_audio_output_tokens_check
    check (audio_output_tokens = 0 or audio_output_tokens between 1 and output_tokens) not valid,
  add constraint usage_events_images_check check (images >= 0) not valid,
  add constraint usage_events_web_searches_check check (web_searches >= 0) not valid,
  add constraint usage_events_price_multiplier_check check (price_multiplier between 0 and 1000) not valid,
  add constraint usage_events_corrects_check check (
    corrects is null and corrects_recorded_at is null and priced_requests = 0
    or corrects is not null and corrects_recorded_at is not null and priced_requests >= 0 and not unpriced
      and requests = 0 and counted_requests = 0 and input_tokens = 0 and output_tokens = 0 and images = 0 and web_searches = 0) not valid,
  drop constraint usage_events_cost_nanos_check,
  add constraint usage_events_cost_nanos_check check (cost_nanos >= 0 or corrects is not null) not valid;
comment on column usage_events.cache_write_1h_tokens is 'Those of cache_write_tokens that the provider keeps for an hour, and not for five minutes.';
comment on column usage_events.reasoning_tokens is 'Those of the output tokens that the model thought with; audio_output_tokens those of sound. A token may be in both: see cost_of.';
comment on column usage_events.audio_input_tokens is 'Those of the input tokens that are sound. Some of them may have been read from a cache or written to one, too: see cost_of.';
comment on column usage_events.price_id is 'The price that its cost was computed by; null: the gateway gave the cost, or there was no price.';
comment on column usage_events.price_multiplier is 'The organization''s multiplier that the cost was computed with; null: none.';
comment on column usage_events.unpriced is 'The gateway gave no cost, and there was no price: the cost is 0 until a later row corrects it.';
comment on column usage_events.corrects is 'The row whose cost this one corrects, by a difference that may be negative: it has a cost alone, and all quantities are 0. It is charged to the counters and periods of that row, and belongs to its hour.';
comment on column usage_events.corrects_recorded_at is 'When the row was recorded that this one corrects: the hour of a row in reports is that of corrects_recorded_at, or that of recorded_at.';
comment on column usage_events.priced_requests is 'Requests of the corrected row if that was unpriced: they are unpriced no more.';
