-- +goose Up

-- From here on the ledger has partitions of months alone: this month's and the next two are made here, any other by
-- create_usage_partitions. The copies of the last migration are attached, and rows that came into the default partition since then are
-- moved. Both are nothing unless months had no partition of their own, because no worker has run for as long.
-- +goose StatementBegin
do $$
declare
  month timestamptz;
  next_month timestamptz;
  name text;
begin
  -- The table before its partitions, as everybody does. Requests wait behind it for the upgrade's lock_timeout at most.
  lock table only usage_events in access exclusive mode;
  alter table usage_events detach partition usage_events_default;

  for name, month in
    select c.relname, to_date(right(c.relname, 7), 'YYYY_MM')::timestamp at time zone 'UTC'
    from pg_class c join pg_constraint s on s.conrelid = c.oid and s.conname = c.relname || '_month_check'
    where c.relnamespace = current_schema()::regnamespace and c.relname like 'usage\_events\_%'
  loop
    next_month := ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    execute format('alter table usage_events attach partition %I for values from (%L) to (%L)', name, month, next_month);
    execute format('alter table %I drop constraint %I', name, name || '_month_check');
  end loop;
  create temporary table usage_events_rest on commit drop as
  select e.* from usage_events_default e
  where not exists (select from usage_events u where u.id = e.id and u.recorded_at = e.recorded_at);

  for month in
    select m.month
    from (
      select (date_trunc('month', clock_timestamp() at time zone 'UTC') + make_interval(months => n)) at time zone 'UTC' as month
      from generate_series(0, 2) n
      union
      select date_trunc('month', e.recorded_at at time zone 'UTC') at time zone 'UTC' from usage_events_rest e) m
    where to_regclass('usage_events_' || to_char(m.month at time zone 'UTC', 'YYYY_MM')) is null
  loop
    next_month := ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    name := 'usage_events_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    execute format('create table %I (like usage_events including defaults including constraints)', name);
    execute format('alter table usage_events attach partition %I for values from (%L) to (%L)', name, month, next_month);
  end loop;
  insert into usage_events select * from usage_events_rest;
  drop table usage_events_default;
end
$$;
-- +goose StatementEnd
