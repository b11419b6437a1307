-- +goose NO TRANSACTION
-- +goose Up

-- Why a request is denied whose cost nobody knows. The statement may be repeated; a value of an enum cannot be used in the transaction that
-- adds it.
alter type denial_reason add value if not exists 'PRICE_UNKNOWN';

-- Each statement may be run again: the migration is retried as a whole when one of them does not get its lock.

-- Which transaction raised a version last, so that a transaction raises it by one, whatever it changes: see version_after. A thing is made at
-- version 1, with all that its transaction puts on it.
alter table organizations add column if not exists version_transaction_id bigint;
alter table organizations alter column version_transaction_id set default pg_current_xact_id()::text::bigint;
comment on column organizations.version_transaction_id is 'The transaction that made it or raised its version last; null for what is older than this column.';
alter table workspaces add column if not exists version_transaction_id bigint;
alter table workspaces alter column version_transaction_id set default pg_current_xact_id()::text::bigint;
comment on column workspaces.version_transaction_id is 'The transaction that made it or raised its version last; null for what is older than this column.';
alter table api_keys add column if not exists version_transaction_id bigint;
alter table api_keys alter column version_transaction_id set default pg_current_xact_id()::text::bigint;
comment on column api_keys.version_transaction_id is 'The transaction that made it or raised its version last; null for what is older than this column.';

-- A shape (see limit_statuses): a limit as enforcement answers it, without what its definition alone has.
create table if not exists enforced_limits (
  organization_id uuid not null,
  id uuid not null,
  subject_type subject_type not null,
  subject_id uuid not null,
  kind limit_kind not null,
  type limit_type not null,
  period limit_period not null,
  max_units bigint not null,
  alert_units bigint[] not null,
  used_units numeric not null,
  reserved_units bigint not null,
  generation integer not null,
  period_number integer not null,
  period_start timestamptz not null,
  period_end timestamptz,
  counter_id uuid not null,
  constraint enforced_limits_shape_check check (false)
);

set lock_timeout = 0;

-- Lists of deliveries, newest first: see list_deliveries. Of an organization, of every one, and to an address.
drop index concurrently if exists alert_deliveries_newest_idx;
create index concurrently alert_deliveries_newest_idx on alert_deliveries (organization_id, status, queued_at, alert_id, purpose, address);
drop index concurrently if exists alert_deliveries_status_idx;
create index concurrently alert_deliveries_status_idx
  on alert_deliveries (status, (queued_at at time zone 'UTC'), alert_id, purpose, address);
drop index concurrently if exists alert_deliveries_address_idx;
create index concurrently alert_deliveries_address_idx
  on alert_deliveries (address, organization_id, status, queued_at, alert_id, purpose);
reset lock_timeout;

-- Each statement is a transaction of its own, and may be repeated.
--
-- Totals of usage_days, whatever the provider, the model and the service tier: by API key and workspace, and by workspace alone (null: of the keys
-- that belong to none). Reports that ask for none of these read them: a key that uses ten models has a tenth of the rows here.
create table if not exists usage_key_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  api_key_id uuid not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null,
  cost_nanos numeric not null,
  cache_write_1h_tokens numeric not null,
  reasoning_tokens numeric not null,
  audio_input_tokens numeric not null,
  audio_output_tokens numeric not null,
  images numeric not null,
  web_searches numeric not null,
  unpriced_requests numeric not null,
  unpriced_events numeric not null,
  constraint usage_key_days_key unique nulls not distinct (organization_id, bucket_start, api_key_id, workspace_id)
);
create index if not exists usage_key_days_api_key_id_idx on usage_key_days (organization_id, api_key_id, bucket_start);
create table if not exists usage_owner_days (
  organization_id uuid not null,
  bucket_start timestamptz not null,
  workspace_id uuid,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cache_write_tokens numeric not null,
  cost_nanos numeric not null,
  cache_write_1h_tokens numeric not null,
  reasoning_tokens numeric not null,
  audio_input_tokens numeric not null,
  audio_output_tokens numeric not null,
  images numeric not null,
  web_searches numeric not null,
  unpriced_requests numeric not null,
  unpriced_events numeric not null,
  constraint usage_owner_days_key unique nulls not distinct (organization_id, bucket_start, workspace_id)
);

-- The totals of days that are there are made by the roll-up job, when it comes to the organization next.
alter table rollup_watermarks add column if not exists has_day_totals boolean not null default false;
comment on column rollup_watermarks.has_day_totals is 'Whether usage_key_days and usage_owner_days have what usage_days has; until then, reports read that.';

-- Denied requests of whole days by API key and workspace, made of denial_counts by the roll-up job once these do not change any more.
create table if not exists denial_days (
  organization_id uuid not null constraint denial_days_organization_id_fkey references organizations on delete cascade,
  day timestamptz not null,
  workspace_id uuid,
  api_key_id uuid,
  requests numeric not null,
  constraint denial_days_key unique nulls not distinct (organization_id, day, api_key_id, workspace_id)
);
create index if not exists denial_days_api_key_id_idx on denial_days (organization_id, api_key_id, day);
comment on column denial_days.requests is 'As in denial_counts: each denied request is in exactly one row.';
alter table rollup_watermarks add column if not exists denials_until timestamptz not null default '-infinity';
comment on column rollup_watermarks.denials_until is 'The first instant of the first day that denial_days does not have.';

-- Of whom a budget is exhausted in a period that is not over, so that lists find them in order. They are a superset: whether a budget is full its counter says.
create table if not exists exhausted_subjects (
  organization_id uuid not null constraint exhausted_subjects_organization_id_fkey references organizations on delete cascade,
  subject_id uuid not null,
  sort_name text collate "C",
  constraint exhausted_subjects_pkey primary key (organization_id, subject_id)
);
create index if not exists exhausted_subjects_name_idx on exhausted_subjects (organization_id, sort_name, subject_id);
comment on table exhausted_subjects is 'Written with the first EXHAUSTED alert of a subject, and taken away when the period of the last one is closed.';
comment on column exhausted_subjects.sort_name is 'The name of the API key as fold_case makes it; null for a workspace and for the organization.';
-- +goose StatementBegin
create or replace function note_exhausted() returns trigger
language plpgsql
as $$
begin
  insert into exhausted_subjects (organization_id, subject_id, sort_name)
  values (new.organization_id, new.subject_id, (
    select fold_case(k.name) from api_keys k where k.organization_id = new.organization_id and k.id = new.api_key_id))
  on conflict do nothing;
  return null;
end
$$;
-- +goose StatementEnd
create or replace trigger alerts_exhausted after insert on alerts
  for each row when (new.kind = 'EXHAUSTED') execute function note_exhausted();
insert into exhausted_subjects (organization_id, subject_id, sort_name)
select a.organization_id, a.subject_id, fold_case(k.name)
from (
  select distinct a.organization_id, a.subject_id, a.api_key_id from alerts a
  where a.kind = 'EXHAUSTED' and (a.period_end is null or a.period_end > now())) a
left join api_keys k on k.organization_id = a.organization_id and k.id = a.api_key_id
on conflict do nothing;

-- Grams of one character as well, so that an index finds texts with a character that few have. The cost is an estimate, so that no plan makes
-- the grams of many texts where an index has them. The index is made again, beside the one that is there.
-- +goose StatementBegin
create or replace function text_grams(p_text text) returns text[]
language sql immutable strict parallel safe cost 5000
as $$
  select array(
    select distinct (substr(p_text, i, n) collate "C")
    from generate_series(1, char_length(p_text)) i, generate_series(1, 3) n
    where i + n <= char_length(p_text) + 1)
$$;
-- +goose StatementEnd
set lock_timeout = 0;
drop index concurrently if exists api_keys_grams_idx;
create index concurrently api_keys_grams_idx on api_keys
  using gin (text_grams(fold_case(name || e'\x01' || coalesce(description, '') || e'\x01' || prefix)) collate "C") with (gin_pending_list_limit = 64);
drop index concurrently if exists api_keys_text_idx;
alter index api_keys_grams_idx rename to api_keys_text_idx;

-- How many keys are active is counted in an index. Of its columns, enforcement writes none.
drop index concurrently if exists api_keys_active_idx;
create index concurrently api_keys_active_idx on api_keys (organization_id, expires_at) where revoked_at is null and enabled;
reset lock_timeout;

-- Times in which gateways let calls go on although Bursar did not answer: the entry of the audit log is what it is for. A row is never changed.
create table if not exists gateway_outages (
  organization_id uuid not null constraint gateway_outages_organization_id_fkey references organizations on delete cascade,
  id uuid not null default uuid_v7(),
  began_at timestamptz not null,
  ended_at timestamptz not null,
  calls bigint not null constraint gateway_outages_calls_check check (calls > 0),
  cost_nanos bigint not null constraint gateway_outages_cost_nanos_check check (cost_nanos >= 0),
  keys jsonb not null constraint gateway_outages_keys_check check (jsonb_typeof(keys) = 'array'),
  constraint gateway_outages_pkey primary key (organization_id, id),
  constraint gateway_outages_ended_at_check check (ended_at >= began_at)
);
comment on table gateway_outages is 'Written by reportOutage.';
comment on column gateway_outages.began_at is 'By the gateway''s clock, as is ended_at: the first decision that failed, and the first that did not.';
comment on column gateway_outages.calls is 'Calls that went on without a decision.';
comment on column gateway_outages.cost_nanos is 'What they have cost at most; the ledger has what they have cost.';
comment on column gateway_outages.keys is 'API keys that they were made with, each with apiKeyId, calls and cost in dollars; not necessarily all.';
