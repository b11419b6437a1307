-- +goose Up

-- Every change of the control plane, written by triggers in the transaction that made it; append-only.
create table audit_log (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  action text not null,
  actor text not null,
  target_type text not null,
  target_id uuid not null,
  before jsonb,
  after jsonb,
  request_id text,
  reason text,
  at timestamptz not null default clock_timestamp(),
  constraint audit_log_pkey primary key (organization_id, id)
);
comment on column audit_log.actor is 'root, a token''s or a member''s id, a job''s name, or sql:ROLE for a change made behind the server''s back.';
create index audit_log_id_idx on audit_log using hash (id);
create index audit_log_newest_idx on audit_log (uuid_send(id));
-- Ids are unique in the instance: the operator finds the entries of a thing without saying whose it is, in either order.
create index audit_log_target_id_idx on audit_log (target_id, id);
create index audit_log_newest_target_idx on audit_log (target_id, uuid_send(id));
