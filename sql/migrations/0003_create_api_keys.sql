-- +goose Up

create table workspaces (
  organization_id uuid not null constraint workspaces_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  name text not null constraint workspaces_name_check check (char_length(name) between 1 and 200),
  slug text not null constraint workspaces_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  created_at timestamptz not null default clock_timestamp(),
  constraint workspaces_pkey primary key (organization_id, id),
  constraint workspaces_slug_key unique (organization_id, slug)
);
create index workspaces_id_idx on workspaces using hash (id);

-- Whoever is more than a MEMBER sets disabled_by_administrator and expires_at_most together with the columns that they
-- bound. A MEMBER sets enabled and expires_at alone, and the constraints keep them from undoing what was decided.
create table api_keys (
  organization_id uuid not null constraint api_keys_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  workspace_id uuid,
  created_by_id uuid,
  name text not null constraint api_keys_name_check check (char_length(name) between 1 and 200),
  description text constraint api_keys_description_check check (char_length(description) <= 2000),
  prefix text not null,
  enabled boolean not null default true,
  disabled_by_administrator boolean not null default false,
  email_notifications boolean not null default true,
  metadata jsonb not null default '{}' constraint api_keys_metadata_check check (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  expires_at_most timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  constraint api_keys_pkey primary key (organization_id, id),
  constraint api_keys_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces,
  constraint api_keys_created_by_id_fkey foreign key (organization_id, created_by_id) references members
    on delete set null (created_by_id),
  constraint api_keys_disabled_by_administrator_check check (not (enabled and disabled_by_administrator)),
  constraint api_keys_expires_at_most_check check (expires_at_most is null or expires_at is not null and expires_at <= expires_at_most)
) with (fillfactor = 80);
comment on column api_keys.workspace_id is 'The workspace that owns the key; null when the organization itself does.';
comment on column api_keys.disabled_by_administrator is 'Whether it was last switched off by somebody who is more than a MEMBER.';
comment on column api_keys.expires_at is 'The first instant at which the key is refused; null never.';
comment on column api_keys.expires_at_most is 'The expires_at that somebody set last who is more than a MEMBER; null when they set none.';
comment on column api_keys.last_used_at is 'Written at most once a minute, so that a busy key costs no extra write.';
create index api_keys_id_idx on api_keys using hash (id);
create index api_keys_workspace_id_idx on api_keys (organization_id, workspace_id, id);
create index api_keys_created_by_id_idx on api_keys (organization_id, created_by_id) where created_by_id is not null;
-- The order of the operator's lists, which go through all organizations: the order by id, as an expression that nothing
-- else uses.
create index api_keys_newest_idx on api_keys (uuid_send(id));

-- The secrets of a key: the current one, without an end, and during a rotation's transition the one before, with its end.
create table api_key_secrets (
  organization_id uuid not null,
  api_key_id uuid not null,
  secret_hash bytea not null constraint api_key_secrets_secret_hash_check check (octet_length(secret_hash) = 32),
  transition_ends_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint api_key_secrets_pkey primary key (organization_id, api_key_id, secret_hash),
  constraint api_key_secrets_api_key_id_fkey foreign key (organization_id, api_key_id) references api_keys on delete cascade
);
comment on column api_key_secrets.secret_hash is 'SHA-256 of the secret; the secret itself is shown once and never stored.';
comment on column api_key_secrets.transition_ends_at is 'The first instant at which a rotated secret names nothing; null for the current secret.';
-- The index includes the key, so that finding a key by its secret reads no page of the table.
create index api_key_secrets_secret_hash_idx on api_key_secrets (secret_hash)
  include (organization_id, api_key_id, transition_ends_at);
create unique index api_key_secrets_current_key on api_key_secrets (organization_id, api_key_id) where transition_ends_at is null;
