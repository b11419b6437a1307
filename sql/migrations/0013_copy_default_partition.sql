-- +goose Up

-- The ledger loses its default partition: while there is one, attaching a month's partition takes a lock on it that every reader of
-- the ledger blocks. It has rows only where a month had no partition. They are copied here, into a table for each month, while
-- servers go on; the next migration attaches the tables. The constraint saves the attachment a scan.
-- +goose StatementBegin
do $$
declare
  month timestamptz;
  next_month timestamptz;
  name text;
begin
  for month in
    select distinct date_trunc('month', e.recorded_at at time zone 'UTC') at time zone 'UTC' from usage_events_default e
  loop
    next_month := ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    name := 'usage_events_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    execute format('create table %I (like usage_events including defaults including constraints)', name);
    execute format('insert into %I select * from usage_events_default where recorded_at >= %L and recorded_at < %L',
      name, month, next_month);
    execute format('alter table %I add constraint %I primary key (id, recorded_at, organization_id)', name, name || '_pkey');
    execute format('create index on %I (organization_id, position)', name);
    execute format('alter table %I add constraint %I check (recorded_at >= %L and recorded_at < %L)',
      name, name || '_month_check', month, next_month);
  end loop;
end
$$;
-- +goose StatementEnd
