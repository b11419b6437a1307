-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table at most.

-- A limit of a policy has a counter for each group, whose subject is the group.
set lock_timeout = 0;
drop index concurrently if exists counters_limit_id_subject_id_key;
create unique index concurrently counters_limit_id_subject_id_key on counters (limit_id, organization_id, subject_id);
set lock_timeout = '100ms';
alter table counters drop constraint if exists counters_limit_id_key;

-- Alerts of a policy's budgets: once for each group.
alter table alerts
  add column if not exists policy_id uuid,
  add column if not exists counter_id uuid,
  add column if not exists group_by text[],
  add column if not exists group_values text[];
comment on column alerts.policy_id is 'The policy whose budget it is about; null: of none. So are counter_id, group_by and group_values.';
comment on column alerts.counter_id is 'The counter of the group that it is about.';
comment on column alerts.group_by is 'The attributes by which the policy grouped then, beside the group''s values.';
set lock_timeout = 0;
drop index concurrently if exists alerts_group_threshold_key;
create unique index concurrently alerts_group_threshold_key on alerts (organization_id, counter_id, period_number, threshold_units)
  where kind = 'THRESHOLD' and counter_id is not null;
drop index concurrently if exists alerts_limit_threshold_key;
create unique index concurrently alerts_limit_threshold_key on alerts (organization_id, budget_limit_id, period_number, threshold_units)
  where kind = 'THRESHOLD' and counter_id is null;
drop index concurrently if exists alerts_threshold_key;

-- A record whose attributes differ from its reservation's is charged to further groups.
set lock_timeout = '100ms';
alter table usage_events add column if not exists added_counters integer;
comment on column usage_events.added_counters is 'How many of counter_ids, the last ones, are not the reservation''s: all of its requests count in them. Null: none.';
reset lock_timeout;
