-- +goose Up

-- At which of its provider's tiers a request was served: each has prices of its own.
create type service_tier as enum ('STANDARD', 'BATCH', 'FLEX', 'PRIORITY');
alter type usage_dimension add value if not exists 'SERVICE_TIER';

-- Usage in all its parts, and what it was priced by. What earlier rows say of it is nothing: zero, STANDARD, and the cost that they were given.
-- The constraints are validated in the next migration. One is in place of those of release 1: all parts of tokens, and what is left of them, and all
-- other quantities are none or more. An insert reads the text of each constraint anew, so that a few short ones take a batch less than one for each
-- column.
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
  add column prices_unpriced boolean,
  drop constraint usage_events_requests_check,
  drop constraint usage_events_input_tokens_check,
  drop constraint usage_events_output_tokens_check,
  drop constraint usage_events_cached_input_tokens_check,
  drop constraint usage_events_cache_write_tokens_check,
  add constraint usage_events_parts_check check (least(
      requests, counted_requests, priced_requests, cached_input_tokens, cache_write_tokens - cache_write_1h_tokens, cache_write_1h_tokens,
      audio_input_tokens, input_tokens - audio_input_tokens, input_tokens - cached_input_tokens - cache_write_tokens,
      reasoning_tokens, output_tokens - reasoning_tokens, audio_output_tokens, output_tokens - audio_output_tokens, images, web_searches) >= 0) not valid,
  add constraint usage_events_corrects_check check ((corrects is null) = (corrects_recorded_at is null) and case
    when corrects is null then priced_requests = 0 and prices_unpriced is null
    else not unpriced and greatest(requests, counted_requests, input_tokens, output_tokens, images, web_searches) = 0 end) not valid,
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
comment on column usage_events.prices_unpriced is 'True if the corrected row was unpriced: it is unpriced no more, whether it has requests or not. Else null.';
