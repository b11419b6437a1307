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

-- What an organization may have at most; the function default_quota says how much without a row in organization_quotas.
create type quota_name as enum ('MEMBERS', 'ADMINISTRATORS', 'WORKSPACES', 'API_KEYS', 'ACCESS_TOKENS', 'LIMITS_PER_SUBJECT',
  'RECIPIENTS_PER_SUBJECT', 'MAILS_PER_HOUR');

-- The quotas that the operator has set in place of the defaults.
create table organization_quotas (
  organization_id uuid not null constraint organization_quotas_organization_id_fkey references organizations on delete cascade,
  name quota_name not null,
  maximum integer not null,
  constraint organization_quotas_pkey primary key (organization_id, name),
  constraint organization_quotas_maximum_check check (maximum >= case name when 'MAILS_PER_HOUR' then 1 else 0 end)
);
comment on column organization_quotas.maximum is 'How many there may be. What is above it stays, and nothing is added.';

-- What organizations have had mailed in the current hour, and when they had their last turn. Written by whoever holds the lock of
-- mail_pace.
create table organization_mails (
  organization_id uuid not null constraint organization_mails_pkey primary key
    constraint organization_mails_organization_id_fkey references organizations on delete cascade,
  hour_start timestamptz not null,
  mails integer not null,
  last_turn_at timestamptz not null,
  merge_until timestamptz
) with (fillfactor = 50);
comment on column organization_mails.hour_start is 'When the hour began in which mails are counted: with the first mail after the hour before.';
comment on column organization_mails.mails is 'How many mails were handed to the provider in that hour.';
comment on column organization_mails.last_turn_at is 'When a mail of the organization was last chosen to be sent.';
comment on column organization_mails.merge_until is 'Deliveries that were due by then waited because of MAILS_PER_HOUR: they are merged into one mail for each address. Null: none has waited yet.';

-- A shape (see limit_statuses): a quota of an organization.
create table quota_statuses (
  organization_id uuid not null,
  name quota_name not null,
  maximum integer not null,
  default_maximum integer not null,
  used bigint not null,
  constraint quota_statuses_shape_check check (false)
);

-- A shape (see limit_statuses): a mail that is to go out next.
create table chosen_mails (
  position integer not null,
  organization_id uuid not null,
  address text not null,
  budget_limit_id uuid,
  subject_id uuid,
  constraint chosen_mails_shape_check check (false)
);
comment on column chosen_mails.budget_limit_id is 'The budget that the mail is about; null, as is subject_id, when it is a digest of all that waits for the address.';
