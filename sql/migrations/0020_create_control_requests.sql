-- +goose Up

-- Request ids of the control plane: a mutation that creates something, or that shows a secret, and carries a request id takes effect
-- once. The row is inserted before anything else in the mutation's transaction, so that a concurrent repeat waits for it. Deleted
-- after 72 hours; clients are promised 48.
create table control_requests (
  organization_id uuid not null,
  request_id text not null constraint control_requests_request_id_check check (char_length(request_id) between 1 and 255),
  fingerprint bytea not null,
  object_id uuid,
  secret_prefix text,
  transition_ends_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint control_requests_pkey primary key (organization_id, request_id)
);
comment on column control_requests.fingerprint is 'SHA-256 of the mutation and its contents: the same request id with another one is a mismatch.';
comment on column control_requests.object_id is 'What was created or changed; null only within the transaction that inserted the row.';
comment on column control_requests.secret_prefix is 'The prefix of the API key''s secret that the first answer showed; null when it showed none, or an access token.';
comment on column control_requests.transition_ends_at is 'When the secret before a rotation ends, as the first answer said; null for all else.';
create index control_requests_created_at_idx on control_requests (created_at);

-- Members as they stood when they were removed, so that it stays readable who created an API key. Written by the trigger
-- members_kept.
create table former_members (
  organization_id uuid not null constraint former_members_organization_id_fkey references organizations on delete cascade,
  id uuid not null,
  email text not null,
  name text,
  role member_role not null,
  created_at timestamptz not null,
  removed_at timestamptz not null default clock_timestamp(),
  constraint former_members_pkey primary key (organization_id, id)
);
create index former_members_id_idx on former_members using hash (id);
