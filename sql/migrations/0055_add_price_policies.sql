-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table.

-- Why a request is denied whose cost nobody knows.
alter type denial_reason add value if not exists 'PRICE_UNKNOWN';

-- What becomes of requests of which there is no price, and how much of what a request may cost at most is held.
-- +goose StatementBegin
do $$
begin
  if to_regtype('unpriced_policy') is null then
    create type unpriced_policy as enum ('DENY', 'ALLOW_UNPRICED');
  end if;
  if to_regtype('estimate_policy') is null then
    create type estimate_policy as enum ('UPPER_BOUND', 'SHARE', 'PERCENTILE');
  end if;
end
$$;
-- +goose StatementEnd
alter table organizations
  add column if not exists unpriced_policy unpriced_policy not null default 'DENY',
  add column if not exists estimate_policy estimate_policy not null default 'UPPER_BOUND',
  add column if not exists estimate_percent integer not null default 100
    constraint organizations_estimate_percent_check check (estimate_percent between 1 and 100);
comment on column organizations.unpriced_policy is 'What becomes of requests that a budget of dollars would have to be charged with and of which there is no price.';
comment on column organizations.estimate_policy is 'How much of the output that a request may have at most its reservation holds.';
comment on column organizations.estimate_percent is 'How much that is for SHARE, in percent.';
