-- +goose Up

-- What an organization may have at most; the function default_quota says how much without a row in organization_quotas.
create type quota_name as enum ('MEMBERS', 'ADMINISTRATORS', 'WORKSPACES', 'API_KEYS', 'ACCESS_TOKENS', 'LIMITS_PER_SUBJECT',
  'RECIPIENTS_PER_SUBJECT', 'MAILS_PER_HOUR');

-- The quotas that the operator has set in place of the defaults.
create table organization_quotas (
  organization_id uuid not null constraint organization_quotas_organization_id_fkey references organizations on delete cascade,
  name quota_name not null,
  maximum integer not null,
  constraint organization_quotas_pkey primary key (organization_id, name),
  constraint organization_quotas_maximum_check check (maximum >= case name when 'MAILS_PER_HOUR' then 1 else 0 end)
);
comment on column organization_quotas.maximum is 'How many there may be. What is above it stays, and nothing is added.';

-- What organizations have had mailed in the current hour, and when they had their last turn. Written by whoever holds the lock of
-- mail_pace.
create table organization_mails (
  organization_id uuid not null constraint organization_mails_pkey primary key
    constraint organization_mails_organization_id_fkey references organizations on delete cascade,
  hour_start timestamptz not null,
  mails integer not null,
  last_turn_at timestamptz not null,
  merge_until timestamptz
) with (fillfactor = 50);
comment on column organization_mails.hour_start is 'When the hour began in which mails are counted: with the first mail after the hour before.';
comment on column organization_mails.mails is 'How many mails were handed to the provider in that hour.';
comment on column organization_mails.last_turn_at is 'When a mail of the organization was last chosen to be sent.';
comment on column organization_mails.merge_until is 'Deliveries that were due by then waited because of MAILS_PER_HOUR: they are merged into one mail for each address. Null: none has waited yet.';

-- A shape (see limit_statuses): a quota of an organization.
create table quota_statuses (
  organization_id uuid not null,
  name quota_name not null,
  maximum integer not null,
  default_maximum integer not null,
  used bigint not null,
  constraint quota_statuses_shape_check check (false)
);

-- A shape (see limit_statuses): a mail that is to go out next.
create table chosen_mails (
  position integer not null,
  organization_id uuid not null,
  address text not null,
  budget_limit_id uuid,
  subject_id uuid,
  constraint chosen_mails_shape_check check (false)
);
comment on column chosen_mails.budget_limit_id is 'The budget that the mail is about; null, as is subject_id, when it is a digest of all that waits for the address.';
