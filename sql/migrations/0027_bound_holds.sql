-- +goose Up

-- What an organization lets each of its API keys hold at most, beside its limits; null: no bound.
alter table organizations
  add column key_hold_percent integer
    constraint organizations_key_hold_percent_check check (key_hold_percent between 1 and 100),
  add column key_hold_seconds integer
    constraint organizations_key_hold_seconds_check check (key_hold_seconds between 1 and 86400);
comment on column organizations.key_hold_percent is 'How much of the smallest budget of its organization and its workspace each API key may hold, in percent; null: any.';
comment on column organizations.key_hold_seconds is 'How long a reservation holds at most unless it is extended; null: a day.';

-- What the API keys of a batch's scopes may still hold. All arrays are null when no organization of the batch has a bound.
create type hold_bound_batch as (
  first_scopes integer[],       -- the index of the first scope with the same key; null for a scope without a bound, as all others
  token_rooms numeric[],        -- what the key may hold beside what it holds; below zero when it holds more; null: any
  cost_rooms numeric[],         -- the same in nano-dollars
  token_bounds bigint[],        -- what the key may hold in all
  cost_bounds bigint[],
  token_counter_ids uuid[],     -- the smallest budget of tokens
  cost_counter_ids uuid[]       -- the smallest budget of dollars
);

-- What becomes of each request. For a batch that is admitted as a whole all fields but ids are null. In place of decision_batch, which the
-- functions of release 1 pass.
create type reservation_decision_batch as (
  ids uuid[],                   -- the reservation, stored or to be stored; null for a refused request
  replayed boolean[],           -- the reservation was stored before, under the same request id
  errors text[],                -- UNAUTHENTICATED, IDEMPOTENCY_MISMATCH or RESERVATION_CLOSED; null for a request that is answered
  admitted boolean[],           -- the reservation is to be stored
  counter_ids uuid[],           -- in the order of their ids
  counter_units numeric[],      -- what the admitted requests ask of each counter together
  refused_requests integer[],   -- indexes of requests, beside refused_counter_ids: which counter refused which request
  refused_counter_ids uuid[],
  exceeding_requests integer[], -- indexes of requests, beside exceeding_types: whose keys would hold more than they may
  exceeding_types limit_type[]  -- COST or TOKENS
);
