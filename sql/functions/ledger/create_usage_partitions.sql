-- create_usage_partitions makes the ledger's monthly partitions from the month of p_now to the given number of months ahead, and
-- moves rows of those months there from the default partition. Returns how many partitions it made. Attaching one locks the
-- default partition. It tries up to 25 times within 5 seconds and waits 0.1 s for the lock each time, because other requests wait
-- behind it. Raises lock_not_available if it does not get the lock; nothing is changed then.
create or replace function create_usage_partitions(p_months_ahead integer, p_now timestamptz default null) returns integer
language plpgsql volatile
as $$
declare
  month timestamptz;
  next_month timestamptz;
  name text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('create_usage_partitions', 0));
  month := period_start('MONTHLY', coalesce(p_now, clock_timestamp()));
  for i in 0 .. p_months_ahead loop
    next_month := period_end('MONTHLY', month);
    name := 'usage_events_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass(name) is null then
      execute format('create table %I (like usage_events including defaults including constraints)', name);
      perform set_config('bursar.moving_usage_events', 'on', true);
      execute format(
        'with moved as (delete from usage_events_default where recorded_at >= %L and recorded_at < %L returning *) '
        'insert into %I select * from moved', month, next_month, name);
      perform set_config('bursar.moving_usage_events', 'off', true);
      for attempt in 1 .. 25 loop
        begin
          set local lock_timeout = '100ms';
          execute format('alter table usage_events attach partition %I for values from (%L) to (%L)', name, month, next_month);
          exit;
        exception when lock_not_available then
          if attempt = 25 then
            raise;
          end if;
          perform pg_sleep(0.1);
        end;
      end loop;
      made := made + 1;
    end if;
    month := next_month;
  end loop;
  return made;
end
$$;
