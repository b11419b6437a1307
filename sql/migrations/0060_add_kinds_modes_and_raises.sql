-- +goose NO TRANSACTION
-- +goose Up

-- Limits of more kinds, switches and raises. Each statement is a transaction of its own, may be repeated, and locks one table at most. A value of
-- an enum cannot be used in the transaction that adds it. The values of periods are those of 0059, which adds the budgets' ones.
alter type limit_type add value if not exists 'PARALLEL_REQUESTS';
alter type limit_period add value if not exists 'SECOND';
alter type limit_period add value if not exists 'WEEK';
alter type limit_period add value if not exists 'DAILY';
alter type limit_period add value if not exists 'QUARTERLY';
alter type limit_period add value if not exists 'YEARLY';
alter type limit_period add value if not exists 'EVERY_DAYS';

-- +goose StatementBegin
do $$
begin
  if to_regtype('limit_mode') is null then
    -- Whether a limit refuses requests, or only says what it would refuse.
    create type limit_mode as enum ('ENFORCE', 'SHADOW');
  end if;
  if to_regtype('unenforced_mode') is null then
    -- Why a counter refuses nothing: its limit is in SHADOW, or it is not enabled.
    create type unenforced_mode as enum ('SHADOW', 'DISABLED');
  end if;
  if to_regtype('budget_raise') is null then
    -- A raise of a budget that is in force, as its counter has it.
    create type budget_raise as (
      id uuid, -- of budget_raises
      units bigint,
      until timestamptz, -- the first instant without it; null: until the generation ends
      of_period boolean -- it ends with the period, also when that is reset by hand
    );
  end if;
  if to_regtype('raise_request_status') is null then
    create type raise_request_status as enum ('OPEN', 'GRANTED', 'DECLINED');
  end if;
end
$$;
-- +goose StatementEnd

set lock_timeout = '100ms';
alter table limits
  add column if not exists enabled boolean not null default true,
  add column if not exists mode limit_mode not null default 'ENFORCE';
comment on column limits.enabled is 'False: it counts, and neither refuses nor alerts.';
comment on column limits.mode is 'SHADOW: it counts and alerts as ever, and refuses nothing; what it would have refused is in denial_counts.';

alter table limits drop constraint if exists limits_type_check;
alter table limits add constraint limits_type_check check (
  case kind when 'BUDGET' then type in ('COST', 'TOKENS', 'REQUESTS') else type in ('REQUESTS', 'TOKENS', 'PARALLEL_REQUESTS') end) not valid;
alter table limits validate constraint limits_type_check;
alter table limits drop constraint if exists limits_period_check;
alter table limits add constraint limits_period_check check (
  case
    when kind = 'BUDGET' then period in ('NONE', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'EVERY_DAYS')
    when type = 'PARALLEL_REQUESTS' then period = 'NONE'
    else period in ('SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK') end) not valid;
alter table limits validate constraint limits_period_check;

-- Both are null for nearly all counters, and cost them nothing then.
alter table counters
  add column if not exists unenforced unenforced_mode,
  add column if not exists raises budget_raise[];
comment on column counters.unenforced is 'Why the limit refuses nothing; null: it is enforced. A copy of enabled and mode that the function keep_counters keeps.';
comment on column counters.raises is 'The raises of the budget that were in force when one was added or a period began last, those that have ended since included; null: none.';

-- Raises of budgets, as they were granted.
create table if not exists budget_raises (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  budget_limit_id uuid not null,
  type limit_type not null,
  units bigint not null,
  until timestamptz,
  of_period boolean not null,
  period_number integer not null,
  reason text,
  granted_by text not null,
  granted_at timestamptz not null,
  ended_at timestamptz,
  constraint budget_raises_pkey primary key (organization_id, id),
  constraint budget_raises_budget_limit_id_fkey foreign key (organization_id, budget_limit_id) references limits on delete cascade,
  constraint budget_raises_units_check check (units > 0),
  constraint budget_raises_until_check check (until > granted_at),
  constraint budget_raises_reason_check check (char_length(reason) <= 500)
);
comment on column budget_raises.type is 'What the budget counted when it was granted.';
comment on column budget_raises.units is 'What it adds to the amount: nano-dollars, tokens or requests.';
comment on column budget_raises.until is 'The first instant without it: that which was named, or the end of the period; null for a period that does not end by itself.';
comment on column budget_raises.of_period is 'It ends with the period, also when that is reset by hand.';
comment on column budget_raises.period_number is 'The period in which it was granted, as its counter numbers them.';
comment on column budget_raises.granted_by is 'Who granted it, as in the audit log.';
comment on column budget_raises.ended_at is 'When a reset by hand, or another type of the budget, ended it before until; null: neither has.';
create index if not exists budget_raises_budget_limit_id_idx on budget_raises (organization_id, budget_limit_id, id);
create index if not exists budget_raises_until_idx on budget_raises (organization_id, until);

-- Wishes for a raise of a budget, by those who may not grant it.
create table if not exists raise_requests (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  budget_limit_id uuid not null,
  member_id uuid not null,
  units bigint not null,
  type limit_type not null,
  until timestamptz,
  reason text,
  status raise_request_status not null default 'OPEN',
  requested_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  decision_reason text,
  raise_id uuid,
  constraint raise_requests_pkey primary key (organization_id, id),
  constraint raise_requests_budget_limit_id_fkey foreign key (organization_id, budget_limit_id) references limits on delete cascade,
  constraint raise_requests_units_check check (units > 0),
  constraint raise_requests_reason_check check (char_length(reason) <= 500),
  constraint raise_requests_decision_reason_check check (char_length(decision_reason) <= 500),
  constraint raise_requests_status_check check ((status = 'OPEN') = (decided_at is null) and (status = 'OPEN') = (decided_by is null)
    and (status = 'GRANTED') = (raise_id is not null))
);
comment on column raise_requests.member_id is 'Who asks; kept when the member is gone.';
comment on column raise_requests.units is 'What is asked for, in the unit of type.';
comment on column raise_requests.type is 'What the budget counted when it was asked for. A request for another type is not granted.';
comment on column raise_requests.decided_by is 'Who granted or declined it, as in the audit log.';
create index if not exists raise_requests_status_idx on raise_requests (organization_id, status, id);
create unique index if not exists raise_requests_open_key on raise_requests (organization_id, budget_limit_id, member_id) where status = 'OPEN';

-- What SHADOW would have refused is counted beside what was refused.
alter table denial_counts add column if not exists shadow boolean not null default false;
comment on column denial_counts.shadow is 'The limit is in SHADOW: it would have refused these requests. They are not among the denied ones: requests is 0.';
reset lock_timeout;
