-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table in use at most. A value of an enum cannot be used in
-- the transaction that adds it.
alter type subject_type add value if not exists 'POLICY';
alter type denial_reason add value if not exists 'POLICY_GROUPS_EXHAUSTED';
alter type quota_name add value if not exists 'POLICIES';

-- Limits of all requests that fall under conditions: of an organization, or of a workspace. The limits are rows of limits, with policy_id;
-- each group of the policy has counters of its own.
create table if not exists policies (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  workspace_id uuid,
  name text not null,
  mode limit_mode not null default 'ENFORCE',
  group_by text[] not null default '{}',
  max_groups integer not null default 100000,
  group_count integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  version integer not null default 1,
  version_transaction_id bigint default pg_current_xact_id()::text::bigint,
  updated_at timestamptz,
  updated_by text,
  constraint policies_pkey primary key (organization_id, id),
  constraint policies_name_check check (char_length(name) between 1 and 200),
  constraint policies_group_by_check check (cardinality(group_by) <= 5 and array_position(group_by, null) is null),
  constraint policies_max_groups_check check (max_groups between 1 and 1000000),
  constraint policies_group_count_check check (group_count >= 0)
) with (fillfactor = 70);
comment on column policies.workspace_id is 'The workspace whose API keys'' requests may fall under it; null: those of all of the organization.';
comment on column policies.mode is 'SHADOW: its limits count and alert, and refuse nothing, whatever their own mode is.';
comment on column policies.group_by is 'The attributes whose values make a group; empty: one group for all requests.';
comment on column policies.group_count is 'How many groups there are, so that nobody counts them; written by whoever makes or deletes some, under the organization''s lock.';

-- What must hold of a request that falls under a policy: all of its conditions.
create table if not exists policy_conditions (
  organization_id uuid not null,
  policy_id uuid not null,
  position smallint not null,
  attribute text not null,
  allowed text[] not null default '{}',
  refused text[] not null default '{}',
  allowed_patterns text[] not null,
  refused_patterns text[] not null,
  constraint policy_conditions_pkey primary key (organization_id, policy_id, position),
  constraint policy_conditions_attribute_check check (attribute in ('model', 'provider', 'apiKey', 'workspace') or attribute ~ '^metadata\..+'),
  constraint policy_conditions_values_check check (cardinality(allowed) + cardinality(refused) between 1 and 200)
);
comment on column policy_conditions.allowed is 'The value is one of these; empty: any, also none. An asterisk ends a beginning.';
comment on column policy_conditions.refused is 'The value is none of these.';
comment on column policy_conditions.allowed_patterns is 'The same for the operator LIKE: see patterns_of.';

-- Combinations of values of which a policy has counters. The id is computed from the policy and the values (see policy_group_id), so that a
-- decision finds a group's counters without this table.
create table if not exists policy_groups (
  organization_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  group_values text[] not null,
  created_at timestamptz not null,
  constraint policy_groups_pkey primary key (organization_id, id)
);
comment on column policy_groups.group_values is 'The values of the policy''s group_by, in that order; null for an attribute that requests do not have.';
create index if not exists policy_groups_policy_id_idx on policy_groups (organization_id, policy_id, id);

-- Amounts of single groups, also of groups that do not exist yet.
create table if not exists policy_overrides (
  organization_id uuid not null,
  policy_id uuid not null,
  limit_id uuid not null,
  group_id uuid not null,
  group_values text[] not null,
  max_units bigint not null,
  constraint policy_overrides_pkey primary key (organization_id, limit_id, group_id),
  constraint policy_overrides_max_units_check check (max_units > 0)
);
comment on column policy_overrides.max_units is 'In place of the limit''s: nano-dollars, tokens or requests.';

-- The tables that are named lock the one that they reference; the new ones are empty.
set lock_timeout = '100ms';
alter table policies drop constraint if exists policies_organization_id_fkey;
alter table policies add constraint policies_organization_id_fkey foreign key (organization_id) references organizations;
alter table policies drop constraint if exists policies_workspace_id_fkey;
alter table policies add constraint policies_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces;
alter table policy_conditions drop constraint if exists policy_conditions_policy_id_fkey;
alter table policy_conditions add constraint policy_conditions_policy_id_fkey foreign key (organization_id, policy_id) references policies on delete cascade;
alter table policy_groups drop constraint if exists policy_groups_policy_id_fkey;
alter table policy_groups add constraint policy_groups_policy_id_fkey foreign key (organization_id, policy_id) references policies on delete cascade;
alter table policy_overrides drop constraint if exists policy_overrides_limit_id_fkey;
alter table policy_overrides add constraint policy_overrides_limit_id_fkey foreign key (organization_id, limit_id) references limits on delete cascade;

alter table limits
  add column if not exists policy_id uuid,
  add column if not exists policy_mode limit_mode;
comment on column limits.policy_id is 'The policy that it is of, on which it stands then; null: none.';
comment on column limits.policy_mode is 'The policy''s mode, a copy; null for a limit of no policy.';
alter table limits drop constraint if exists limits_policy_id_fkey;
alter table limits add constraint limits_policy_id_fkey foreign key (organization_id, policy_id) references policies on delete cascade not valid;
alter table limits validate constraint limits_policy_id_fkey;
alter table limits drop constraint if exists limits_policy_check;
alter table limits add constraint limits_policy_check check (
  (policy_id is null) = (policy_mode is null) and (policy_id is null or (workspace_id is null and api_key_id is null))) not valid;
alter table limits validate constraint limits_policy_check;
reset lock_timeout;

-- A shape (see limit_statuses): a group of a policy with the largest share that is used of one of its amounts.
create table if not exists listed_groups (
  organization_id uuid not null,
  policy_id uuid not null,
  id uuid not null,
  group_by text[] not null,
  group_values text[] not null,
  created_at timestamptz not null,
  share numeric not null,
  constraint listed_groups_shape_check check (false)
);

-- A shape: how many groups were deleted, and after which one to go on; null: there is none left.
create table if not exists forgotten_groups (
  forgotten bigint not null,
  after_id uuid,
  constraint forgotten_groups_shape_check check (false)
);
