-- +goose Up

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
