-- +goose NO TRANSACTION
-- +goose Up

-- Raises of policies' budgets, and counts of denials by limit. Each statement is a transaction of its own, may be repeated, and locks one table at most.
set lock_timeout = '100ms';
alter table budget_raises
  add column if not exists group_id uuid,
  add column if not exists group_by text[],
  add column if not exists group_values text[];
comment on column budget_raises.group_id is 'The group of a policy that is raised; null: all of them, and of a budget of no policy.';
comment on column budget_raises.group_by is 'The attributes by which the policy grouped then, beside the group''s values; null where group_id is.';
alter table raise_requests
  add column if not exists group_id uuid,
  add column if not exists group_by text[],
  add column if not exists group_values text[];
comment on column raise_requests.group_id is 'The group of a policy that is to be raised; null: all of them, and of a budget of no policy.';
comment on column raise_requests.group_by is 'The attributes by which the policy grouped then, beside the group''s values; null where group_id is.';
set lock_timeout = 0;
drop index concurrently if exists budget_raises_group_id_idx;
create index concurrently budget_raises_group_id_idx on budget_raises (organization_id, budget_limit_id, group_id, until) where ended_at is null;
drop index concurrently if exists raise_requests_open_group_key;
create unique index concurrently raise_requests_open_group_key
  on raise_requests (organization_id, budget_limit_id, member_id, coalesce(group_id, '00000000-0000-0000-0000-000000000000')) where status = 'OPEN';
drop index concurrently if exists raise_requests_open_key;
drop index concurrently if exists denial_counts_limit_id_idx;
create index concurrently denial_counts_limit_id_idx on denial_counts (organization_id, limit_id, id) where limit_id is not null;
reset lock_timeout;
