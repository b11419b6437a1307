-- +goose Up

-- An index on an id alone finds a row without its organization. Such indexes are hash indexes. A B-tree has an order: the
-- planner would walk it for "the newest of an organization" and pass over the newer rows of all other organizations.

-- Every enforcement function and every change of a limit locks its organization's row first, in id order. This lock makes
-- locks on counters unnecessary, and deadlocks between organizations impossible.
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
create index members_id_idx on members using hash (id);
-- Single sign-on finds people by their address, before their organization is known.
create index members_address_idx on members (lower(email));

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
  constraint access_tokens_pkey primary key (organization_id, id),
  constraint access_tokens_member_id_fkey foreign key (organization_id, member_id) references members
    on delete set null (member_id),
  constraint access_tokens_expires_at_check check (expires_at > created_at),
  -- an OWNER token has the rights of its member, so it needs one
  constraint access_tokens_owner_check check (role <> 'OWNER' or member_id is not null or revoked_at is not null)
);
comment on column access_tokens.token_hash is 'SHA-256 of the token; the token itself is shown once and never stored.';
create index access_tokens_token_hash_idx on access_tokens (token_hash);
create index access_tokens_id_idx on access_tokens using hash (id);
create index access_tokens_member_id_idx on access_tokens (organization_id, member_id) where member_id is not null;
