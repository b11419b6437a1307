-- +goose Up

create table api_keys (
  organization_id uuid not null constraint api_keys_organization_id_fkey references organizations,
  id uuid not null default uuid_v7(),
  workspace_id uuid,
  created_by_id uuid,
  name text not null constraint api_keys_name_check check (char_length(name) between 1 and 200),
  description text constraint api_keys_description_check check (char_length(description) <= 2000),
  prefix text not null,
  enabled boolean not null default true,
  email_notifications boolean not null default true,
  metadata jsonb not null default '{}' constraint api_keys_metadata_check check (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  constraint api_keys_pkey primary key (organization_id, id),
  constraint api_keys_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces,
  constraint api_keys_created_by_id_fkey foreign key (organization_id, created_by_id) references members
    on delete set null (created_by_id)
) with (fillfactor = 80);
comment on column api_keys.workspace_id is 'The workspace that owns the key; null when the organization itself does.';
comment on column api_keys.expires_at is 'The first instant at which the key is refused; null never.';
comment on column api_keys.last_used_at is 'Written at most once a minute, so that a busy key costs no extra write.';
create index api_keys_id_idx on api_keys (id);
create index api_keys_workspace_id_idx on api_keys (organization_id, workspace_id, id);
create index api_keys_created_by_id_idx on api_keys (organization_id, created_by_id) where created_by_id is not null;

-- A key has one secret without an end and, during a rotation's transition, the one before with its end.
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
create index api_key_secrets_secret_hash_idx on api_key_secrets (secret_hash);
create unique index api_key_secrets_current_key on api_key_secrets (organization_id, api_key_id) where transition_ends_at is null;

-- Addresses that someone added; owners, admins and the key's creator are found when an alert is raised.
create table recipients (
  organization_id uuid not null constraint recipients_organization_id_fkey references organizations,
  workspace_id uuid,
  api_key_id uuid,
  subject_id uuid not null generated always as (coalesce(api_key_id, workspace_id, organization_id)) stored,
  email text not null constraint recipients_email_check check (char_length(email) between 3 and 254),
  address text not null generated always as (lower(email)) stored,
  created_at timestamptz not null default clock_timestamp(),
  constraint recipients_pkey primary key (organization_id, subject_id, address),
  constraint recipients_subject_check check (num_nonnulls(workspace_id, api_key_id) <= 1),
  constraint recipients_workspace_id_fkey foreign key (organization_id, workspace_id) references workspaces,
  constraint recipients_api_key_id_fkey foreign key (organization_id, api_key_id) references api_keys
);
comment on column recipients.address is 'The e-mail address without its case: what makes a recipient one.';

-- +goose Down
drop table recipients, api_key_secrets, api_keys;
