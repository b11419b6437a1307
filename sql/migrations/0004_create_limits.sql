-- +goose Up

-- Limits: what people set. Budget limits and rate limits on an API key, a workspace or an organization. Units are nano-dollars
-- (COST), tokens (TOKENS) or requests (REQUESTS). What is used is in counters, which follow each change of a limit (see the
-- function keep_counters).
create table limits (
  organization_id uuid not null constraint limits_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  workspace_id uuid,
  api_key_id uuid,
  subject_id uuid not null generated always as (coalesce(api_key_id, workspace_id, organization_id)) stored,
  subject_type subject_type not null generated always as (
    case
      when api_key_id is not null then 'API_KEY'::subject_type
      when workspace_id is not null then 'WORKSPACE'::subject_type
      else 'ORGANIZATION'::subject_type
    end) stored,
  kind limit_kind not null,
  type limit_type not null,
  period limit_period not null,
  max_units bigint not null,
  alert_units bigint[] not null default '{}',
  generation integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  generation_started_at timestamptz not null default clock_timestamp(),
  constraint limits_pkey primary key (organization_id, id),
  constraint limits_subject_type_period_key unique (organization_id, subject_id, kind, type, period),
  constraint limits_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces,
  constraint limits_api_key_id_fkey foreign key (organization_id, api_key_id) references api_keys,
  constraint limits_subject_check check (num_nonnulls(workspace_id, api_key_id) <= 1),
  constraint limits_type_check check (
    case kind when 'BUDGET' then type in ('COST', 'TOKENS') else type in ('REQUESTS', 'TOKENS') end),
  constraint limits_period_check check (
    case kind when 'BUDGET' then period in ('NONE', 'WEEKLY', 'MONTHLY') else period in ('MINUTE', 'HOUR', 'DAY') end),
  constraint limits_max_units_check check (max_units > 0),
  constraint limits_cost_minimum_check check (type <> 'COST' or max_units >= 1000000000),
  constraint limits_alert_units_check check (
    0 < all (alert_units) and max_units > all (alert_units) and (kind = 'BUDGET' or alert_units = '{}')
    and array_position(alert_units, null) is null)
);
comment on column limits.max_units is 'The amount of a budget, the limit of a rate: nano-dollars, tokens or requests.';
comment on column limits.alert_units is 'Alert thresholds, ascending, each above zero and below max_units; budgets only.';
comment on column limits.generation is 'Goes up by one with a manual reset and with a change of type or period: its counters start again at zero.';
comment on column limits.generation_started_at is 'When the current generation began: created_at, the last manual reset or the last change of type or period.';

-- Counters: what enforcement reads and writes, one for each limit, with copies of what decides in the limit. One look-up by
-- subject and one heap-only update per limit and request: no index has a column that a charge changes, or the update would
-- write an entry into every index of the table. The first request of a window changes period_end; the reset job finds budgets
-- by closes_at, which is null for rate limits. No trigger fires before an update, because it would lock the row once more.
create table counters (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  limit_id uuid not null,
  -- copies
  subject_id uuid not null,
  subject_type subject_type not null,
  kind limit_kind not null,
  type limit_type not null,
  period limit_period not null,
  max_units bigint not null,
  alert_units bigint[] not null,
  generation integer not null,
  -- the current period
  period_number integer not null default 1,
  period_start timestamptz not null,
  period_end timestamptz,
  closes_at timestamptz generated always as (case when kind = 'BUDGET' then period_end end) stored,
  used_units numeric not null default 0,
  reserved_units bigint not null default 0,
  alerted_units bigint[] not null default '{}',
  exhaustion_alerted boolean not null default false,
  -- the id first: one index finds a counter with and without its organization
  constraint counters_pkey primary key (id, organization_id),
  constraint counters_limit_id_key unique (limit_id, organization_id),
  -- deferred, because keep_counters deletes a limit's counters after the limit, when its last state is in the audit log
  constraint counters_limit_id_fkey foreign key (organization_id, limit_id) references limits deferrable initially deferred,
  constraint counters_period_end_check check ((period = 'NONE') = (period_end is null) and period_start < period_end),
  constraint counters_used_units_check check (used_units >= 0),
  constraint counters_reserved_units_check check (reserved_units >= 0)
) with (fillfactor = 50);
comment on column counters.max_units is 'The limit''s, as are subject_id, subject_type, kind, type, period, alert_units and generation: copies that the function keep_counters keeps.';
comment on column counters.period_number is 'Goes up by one with every period, window and generation; what reservations and ledger rows refer to.';
comment on column counters.period_start is 'First instant of the current calendar period or window; the generation''s start when the period is NONE.';
comment on column counters.period_end is 'First instant after it; null when the period is NONE. The first touch at or after it opens the next.';
comment on column counters.closes_at is 'period_end of a budget, by which the reset job finds it; null for rate limits, and when the period is NONE.';
comment on column counters.used_units is 'Settled in this period. Numeric: what is used is booked in full, whatever the sum.';
comment on column counters.reserved_units is 'Held by open reservations of this period, those past their expiry included until they are swept.';
comment on column counters.alerted_units is 'Thresholds that raised their alert in this period.';
comment on column counters.exhaustion_alerted is 'Whether EXHAUSTED was raised in this period since the amount was last raised.';
create index counters_subject_id_idx on counters (organization_id, subject_id);
create index counters_closes_at_idx on counters (organization_id, closes_at) where closes_at is not null;

-- Periods of budgets' counters that are over. What was admitted in them and is settled late is still charged here.
create table budget_periods (
  organization_id uuid not null,
  counter_id uuid not null,
  budget_limit_id uuid not null,
  period_number integer not null,
  generation integer not null,
  type limit_type not null,
  period limit_period not null,
  period_start timestamptz not null,
  period_end timestamptz,
  max_units bigint not null,
  alert_units bigint[] not null,
  used_units numeric not null,
  reserved_units bigint not null,
  alerted_units bigint[] not null,
  exhaustion_alerted boolean not null,
  closed_at timestamptz,
  constraint budget_periods_pkey primary key (organization_id, counter_id, period_number),
  constraint budget_periods_counter_id_fkey foreign key (organization_id, counter_id)
    references counters (organization_id, id) on delete cascade,
  constraint budget_periods_used_units_check check (used_units >= 0),
  constraint budget_periods_reserved_units_check check (reserved_units >= 0)
);
comment on column budget_periods.budget_limit_id is 'The counter''s limit.';
comment on column budget_periods.closed_at is 'When the reset job, or the reset that ended the generation, closed it; null until then.';
create index budget_periods_closed_at_idx on budget_periods (organization_id, counter_id) where closed_at is null;

-- A shape: a table that never holds a row. A function that RETURNS SETOF a shape gives sqlc a struct with types and
-- nullability, which RETURNS TABLE does not. Functions fill shapes by position: new columns go to the end.

-- A limit as it stands at an instant: the period that contains it, holds past their expiry left out.
create table limit_statuses (
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
  constraint limit_statuses_shape_check check (false)
);
