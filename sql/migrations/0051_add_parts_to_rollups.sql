-- +goose NO TRANSACTION
-- +goose Up

-- How many ledger rows an hour or a day has, and between which positions those of an hour are: so are the few rows of a key found among those of
-- its organization, and counted, without an index that would be written with each row. Null for what was rolled up before. Each statement is a
-- transaction of its own, may be repeated, and locks one table.
alter table usage_hours
  add column if not exists first_position bigint, add column if not exists last_position bigint, add column if not exists events bigint;
alter table usage_workspace_hours
  add column if not exists first_position bigint, add column if not exists last_position bigint, add column if not exists events bigint;
alter table usage_days add column if not exists events bigint;
alter table usage_workspace_days add column if not exists events bigint;
comment on column usage_hours.first_position is 'The ledger position of the first row in it; null for an hour that began before there was this column.';
comment on column usage_hours.last_position is 'The ledger position of the last row in it, null as first_position is.';
comment on column usage_hours.events is 'Ledger rows in it, null as first_position is.';

-- Each statement is a transaction of its own, may be repeated, and locks one table at a time. The constraints of the last migration hold for all
-- rows: each partition is read once.
alter table usage_events
  validate constraint usage_events_parts_check,
  validate constraint usage_events_corrects_check,
  validate constraint usage_events_cost_nanos_check;

-- The parts of usage in the roll-ups, requests without a price, and the service tier, which becomes a part of their keys.
alter table usage_hours
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists unpriced_events numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table usage_days
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists unpriced_events numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table usage_workspace_hours
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists unpriced_events numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table usage_workspace_days
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists unpriced_events numeric not null default 0,
  add column if not exists service_tier service_tier not null default 'STANDARD';
alter table dropped_usage_months
  add column if not exists cache_write_1h_tokens numeric not null default 0,
  add column if not exists reasoning_tokens numeric not null default 0,
  add column if not exists audio_input_tokens numeric not null default 0,
  add column if not exists audio_output_tokens numeric not null default 0,
  add column if not exists images numeric not null default 0,
  add column if not exists web_searches numeric not null default 0,
  add column if not exists unpriced_requests numeric not null default 0,
  add column if not exists unpriced_events numeric not null default 0;
comment on column usage_hours.unpriced_requests is 'Requests whose cost is 0 because neither a gateway nor a price said what they cost.';
comment on column usage_hours.unpriced_events is 'Ledger rows whose cost is 0 for that reason: a row may have no requests.';

set lock_timeout = 0;
drop index concurrently if exists usage_hours_tier_key;
create unique index concurrently usage_hours_tier_key
  on usage_hours (organization_id, bucket_start, api_key_id, provider, model, workspace_id, service_tier) nulls not distinct;
drop index concurrently if exists usage_days_tier_key;
create unique index concurrently usage_days_tier_key
  on usage_days (organization_id, bucket_start, api_key_id, provider, model, workspace_id, service_tier) nulls not distinct;
drop index concurrently if exists usage_workspace_hours_tier_key;
create unique index concurrently usage_workspace_hours_tier_key
  on usage_workspace_hours (organization_id, bucket_start, workspace_id, provider, model, service_tier) nulls not distinct;
drop index concurrently if exists usage_workspace_days_tier_key;
create unique index concurrently usage_workspace_days_tier_key
  on usage_workspace_days (organization_id, bucket_start, workspace_id, provider, model, service_tier) nulls not distinct;
set lock_timeout = '100ms';

-- The keys keep their names. Each table is a transaction of its own, and is left alone when the statement is repeated. It is tried 50 times
-- within 10 seconds, so that the indexes are seldom built in vain.
--
-- The function that adds to the roll-ups names their keys. Servers of the release before go on calling it until the upgrade replaces it, so
-- its text is changed in the same transaction. It adds rows of the STANDARD tier alone until then, as there are no others. A new database has
-- no function yet.
-- +goose StatementBegin
do $$
declare
  signature constant text := 'add_usage(uuid, bigint, bigint, timestamptz)';
  rollup text;
begin
  foreach rollup in array array['usage_hours', 'usage_days', 'usage_workspace_hours', 'usage_workspace_days'] loop
    continue when exists (
      select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indexrelid = to_regclass(rollup || '_key') and a.attname = 'service_tier');
    for attempt in 1 .. 50 loop
      begin
        execute format('alter table %1$s drop constraint %1$s_key', rollup);
        execute format('alter table %1$s add constraint %1$s_key unique using index %1$s_tier_key', rollup);
        if to_regprocedure(signature) is not null then
          set local check_function_bodies = off;
          execute regexp_replace(pg_get_functiondef(signature::regprocedure),
            format('(insert into %s as .*?on conflict \([^)]*)\)', rollup), '\1, service_tier)');
        end if;
        exit;
      exception when lock_not_available then
        if attempt = 50 then
          raise;
        end if;
        perform pg_sleep(0.1);
      end;
    end loop;
    commit;
  end loop;
end
$$;
-- +goose StatementEnd
set lock_timeout = 0;
drop index concurrently if exists usage_hours_tier_key;
drop index concurrently if exists usage_days_tier_key;
drop index concurrently if exists usage_workspace_hours_tier_key;
drop index concurrently if exists usage_workspace_days_tier_key;
reset lock_timeout;
