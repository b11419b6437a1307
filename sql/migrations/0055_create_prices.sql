-- +goose Up

-- What a rate is for one of.
create type price_unit as enum ('INPUT_TOKENS', 'CACHED_INPUT_TOKENS', 'CACHE_WRITE_TOKENS', 'CACHE_WRITE_1H_TOKENS', 'OUTPUT_TOKENS',
  'REASONING_TOKENS', 'AUDIO_INPUT_TOKENS', 'AUDIO_OUTPUT_TOKENS', 'IMAGES', 'REQUESTS', 'WEB_SEARCHES');

-- What a provider takes for a model, or for all models whose names begin so. A row is never changed but for its end, once: a new price
-- closes the old one, so that history stays as it was. Rates are in the row, because enforcement reads all rates of a price with one
-- look-up: as they were given, and computed for each step of input size, service tier and unit.
--
-- Two ranges of time of one provider and model never overlap. The constraint compares a hash, because a GiST index has no equality of
-- texts without an extension.
create table prices (
  id uuid not null default uuid_v7() constraint prices_pkey primary key,
  organization_id uuid constraint prices_organization_id_fkey references organizations on delete cascade,
  provider text collate "C" not null
    constraint prices_provider_check check (provider = lower(provider) and char_length(provider) between 1 and 200),
  model text collate "C" not null constraint prices_model_check check (model = lower(model) and char_length(model) <= 200),
  is_prefix boolean not null,
  effective_from timestamptz not null,
  effective_to timestamptz,
  source text not null default '',
  checked_at timestamptz,
  max_output_tokens bigint constraint prices_max_output_tokens_check check (max_output_tokens between 1 and 1000000000000),
  rates jsonb not null constraint prices_rates_check check (jsonb_typeof(rates) = 'array' and jsonb_array_length(rates) between 1 and 200),
  steps bigint[] not null,
  step_rates bigint[] not null constraint prices_picos_check check (0 <= all (step_rates)),
  created_at timestamptz not null default clock_timestamp(),
  constraint prices_whole_model_check check (is_prefix or model <> ''),
  constraint prices_effective_to_check check (effective_to >= effective_from),
  constraint prices_overlap_excl exclude using gist (
    int8range(hashtextextended(coalesce(organization_id::text, '') || ' ' || is_prefix::text || ' ' || provider || ' ' || model, 0) >> 1,
      hashtextextended(coalesce(organization_id::text, '') || ' ' || is_prefix::text || ' ' || provider || ' ' || model, 0) >> 1, '[]') with &&,
    tstzrange(effective_from, effective_to) with &&)
);
comment on table prices is 'What providers take for models. Written by set_price, import_prices and end_price alone.';
comment on column prices.organization_id is 'Whose price it is; null: everybody''s.';
comment on column prices.provider is 'In lower case, as is model.';
comment on column prices.is_prefix is 'The price is that of all models whose names begin with model.';
comment on column prices.effective_to is 'The first instant at which it is not in effect any more; null: not known. Equal to effective_from: withdrawn before it was in effect.';
comment on column prices.source is 'Where the price was read; empty when not said.';
comment on column prices.max_output_tokens is 'What the model writes at most in one answer; null: not known.';
comment on column prices.rates is 'As they were given, ordered: unit; service_tier, for which it is; above_input_tokens, for requests with more input than this; picos, pico-dollars for one unit, which is dollars for a million, times a million.';
comment on column prices.steps is 'The sizes of input above which rates differ, in ascending order, as resolve_rates computes them.';
comment on column prices.step_rates is 'What each unit costs, in pico-dollars: for each step from 0, for each service tier, for each unit in the order of price_unit.';
-- finds the price of a model by its name, and by all beginnings of its name where the provider is not known
create index prices_model_idx on prices (model, provider);
-- finds the longest beginning of a model's name
create index prices_prefix_idx on prices (provider, model) where is_prefix and organization_id is null;
create index prices_list_idx on prices (provider, model, id);
create index prices_organization_id_idx on prices (organization_id, provider, model) where organization_id is not null;

-- An organization's discount or mark-up on prices. What is set for a provider applies in place of what is set for all.
create table price_multipliers (
  organization_id uuid not null constraint price_multipliers_organization_id_fkey references organizations on delete cascade,
  id uuid not null default uuid_v7(),
  provider text collate "C" not null default ''
    constraint price_multipliers_provider_check check (provider = lower(provider) and char_length(provider) <= 200),
  multiplier numeric not null
    constraint price_multipliers_multiplier_check check (multiplier between 0 and 1000 and multiplier = round(multiplier, 9)),
  effective_from timestamptz not null,
  effective_to timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint price_multipliers_pkey primary key (organization_id, id),
  constraint price_multipliers_effective_to_check check (effective_to >= effective_from),
  constraint price_multipliers_overlap_excl exclude using gist (
    int8range(hashtextextended(organization_id::text || ' ' || provider, 0) >> 1,
      hashtextextended(organization_id::text || ' ' || provider, 0) >> 1, '[]') with &&,
    tstzrange(effective_from, effective_to) with &&)
);
comment on column price_multipliers.provider is 'In lower case; empty: all providers for which nothing else is set.';
comment on column price_multipliers.effective_to is 'The first instant at which it is not in effect any more; null: not known.';

-- A shape (see limit_statuses): what import_prices has done with one price of its list.
create table imported_prices (
  ordinal integer not null,
  change text not null,
  price_id uuid,
  previous_id uuid,
  constraint imported_prices_shape_check check (false)
);
comment on column imported_prices.ordinal is 'The price''s index in the list, from 1.';
comment on column imported_prices.change is 'NEW: there was none; CHANGED: it closes another one; UNCHANGED: the same is in effect; KEPT: it is of a time for which there is another one already, which stays.';
comment on column imported_prices.price_id is 'The price that is in effect then.';
comment on column imported_prices.previous_id is 'The price that was closed; null: none.';

-- A shape (see limit_statuses): the price of one kind of usage. All columns are null where there is no price.
create table found_prices (
  id uuid,
  multiplier numeric,
  max_output_tokens bigint,
  steps bigint[],
  step_rates bigint[],
  constraint found_prices_shape_check check (false)
);
comment on column found_prices.multiplier is 'The organization''s; null: 1.';

-- Spans of an organization's ledger that are priced again, by the prices that are known by then. A job works them off, some rows of the ledger
-- in each transaction, in which the position moves on: each row is looked at once, whatever is killed.
create table repricings (
  organization_id uuid not null constraint repricings_organization_id_fkey references organizations on delete cascade,
  id uuid not null default uuid_v7(),
  model text constraint repricings_model_check check (char_length(model) between 1 and 200),
  from_time timestamptz not null,
  to_time timestamptz not null,
  requested_at timestamptz not null default clock_timestamp(),
  actor text not null default coalesce(nullif(current_setting('bursar.actor', true), ''), 'sql:' || session_user),
  position bigint,
  first_position bigint,
  last_position bigint,
  first_correction bigint,
  last_correction bigint,
  events bigint not null default 0,
  corrections bigint not null default 0,
  difference_nanos numeric not null default 0,
  finished_at timestamptz,
  constraint repricings_pkey primary key (organization_id, id),
  constraint repricings_to_time_check check (to_time > from_time)
);
comment on column repricings.model is 'In lower case: usage of this model alone; null: of all.';
comment on column repricings.from_time is 'Usage that was recorded from this instant on, and before to_time.';
comment on column repricings.position is 'The last ledger position that was looked at; null: it has not begun. It goes from first_position to last_position.';
comment on column repricings.actor is 'Who asked for it, as in the entry of the audit log, whose trigger says who may be named.';
comment on column repricings.first_correction is 'The ledger position of the first correcting row that it has written, last_correction that of the last one; null: none.';
comment on column repricings.events is 'Ledger rows that were looked at and have a price to be compared with.';
comment on column repricings.corrections is 'Correcting rows that it has written, difference_nanos their sum.';
create index repricings_unfinished_idx on repricings (organization_id) where finished_at is null;

-- What ledger rows that were corrected cost now. A row is there once for each corrected row of the ledger, and goes when that is dropped.
create table repriced_events (
  organization_id uuid not null,
  usage_event_id uuid not null,
  recorded_at timestamptz not null,
  cost_nanos bigint not null constraint repriced_events_cost_nanos_check check (cost_nanos >= 0),
  price_id uuid not null,
  price_multiplier numeric,
  constraint repriced_events_pkey primary key (organization_id, usage_event_id)
);
comment on column repriced_events.recorded_at is 'That of the ledger row.';
comment on column repriced_events.cost_nanos is 'The cost of the ledger row and of all rows that correct it.';
create index repriced_events_recorded_at_idx on repriced_events using brin (recorded_at);

-- Between which positions an organization's ledger has rows that correct others and none that do not, so that lists of the others read past them. Where
-- nothing is recorded in between, repricings make one span of all their corrections.
create table correction_spans (
  organization_id uuid not null,
  first_position bigint not null,
  last_position bigint not null,
  constraint correction_spans_pkey primary key (organization_id, first_position)
);

create type unpriced_policy as enum ('DENY', 'ALLOW_UNPRICED');
alter table organizations add column unpriced_policy unpriced_policy not null default 'DENY';
comment on column organizations.unpriced_policy is 'What becomes of requests that a budget of dollars would have to be charged with and of which there is no price.';

-- How much of the output that a request may have is held for it, where that is not all of it: for an organization's API keys, or for one of them.
create type estimate_policy as enum ('UPPER_BOUND', 'SHARE', 'PERCENTILE');
create table estimate_rules (
  organization_id uuid not null constraint estimate_rules_organization_id_fkey references organizations on delete cascade,
  api_key_id uuid,
  policy estimate_policy not null,
  percent integer not null default 100 constraint estimate_rules_percent_check check (percent between 1 and 100),
  set_at timestamptz not null default clock_timestamp(),
  constraint estimate_rules_key unique nulls not distinct (organization_id, api_key_id)
);
comment on column estimate_rules.api_key_id is 'The API key; null: all keys of the organization that have none of their own.';
comment on column estimate_rules.percent is 'Of SHARE: how much of the output is held.';

-- What the last calls of API keys with the policy PERCENTILE wrote, model by model. Written by the roll-up.
create table recent_outputs (
  organization_id uuid not null constraint recent_outputs_organization_id_fkey references organizations on delete cascade,
  api_key_id uuid not null,
  model text collate "C" not null,
  tokens bigint[] not null,
  percentile bigint not null,
  constraint recent_outputs_pkey primary key (organization_id, api_key_id, model)
);
comment on column recent_outputs.model is 'In lower case.';
comment on column recent_outputs.tokens is 'Output tokens of each of the last 1,000 calls, the newest first.';
comment on column recent_outputs.percentile is 'The 99th percentile of them: 99 of 100 calls wrote no more.';
