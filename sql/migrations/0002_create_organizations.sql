-- +goose Up

-- Every enforcement function and every change of a limit locks its organization's row first, in id order. That one lock
-- makes the counters' own locks needless, and deadlocks between organizations impossible.
create table organizations (
  id uuid not null default uuid_v7() constraint organizations_pkey primary key,
  name text not null constraint organizations_name_check check (char_length(name) between 1 and 200),
  slug text not null constraint organizations_slug_key unique
    constraint organizations_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  plan plan not null,
  governance_enabled boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);
comment on column organizations.governance_enabled is 'Whether the operator opened governance to a PRO organization; it decides nothing for FREE and ENTERPRISE.';

create table workspaces (
  organization_id uuid not null constraint workspaces_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  name text not null constraint workspaces_name_check check (char_length(name) between 1 and 200),
  slug text not null constraint workspaces_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  created_at timestamptz not null default clock_timestamp(),
  constraint workspaces_pkey primary key (organization_id, id),
  constraint workspaces_slug_key unique (organization_id, slug)
);
create index workspaces_id_idx on workspaces (id);

create table members (
  organization_id uuid not null constraint members_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  email text not null constraint members_email_check check (char_length(email) between 3 and 254),
  name text constraint members_name_check check (char_length(name) between 1 and 200),
  role member_role not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint members_pkey primary key (organization_id, id)
);
create unique index members_email_key on members (organization_id, lower(email));
create index members_id_idx on members (id);

create table access_tokens (
  organization_id uuid not null constraint access_tokens_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  member_id uuid,
  name text not null constraint access_tokens_name_check check (char_length(name) between 1 and 200),
  role token_role not null,
  prefix text not null,
  token_hash bytea not null constraint access_tokens_token_hash_check check (octet_length(token_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint access_tokens_expires_at_check check (expires_at > created_at),
  constraint access_tokens_pkey primary key (organization_id, id),
  constraint access_tokens_member_id_fkey foreign key (organization_id, member_id) references members
    on delete set null (member_id)
);
comment on column access_tokens.token_hash is 'SHA-256 of the token; the token itself is shown once and never stored.';
create index access_tokens_token_hash_idx on access_tokens (token_hash);
create index access_tokens_id_idx on access_tokens (id);
create index access_tokens_member_id_idx on access_tokens (organization_id, member_id) where member_id is not null;

-- +goose Down
drop table access_tokens, members, workspaces, organizations;
