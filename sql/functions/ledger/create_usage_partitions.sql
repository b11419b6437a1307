-- create_usage_partitions makes the ledger's monthly partitions from the month of p_now to the given number of months ahead. Returns
-- how many partitions it made. No reader and no writer of the ledger blocks it, and none waits for it: without a default partition,
-- attaching one takes SHARE UPDATE EXCLUSIVE on the table, and what is attached is new and empty. Only ANALYZE, VACUUM and other
-- changes of the table itself do, and another transaction that makes a partition, until it ends: it waits 0.1 s for each lock and
-- tries up to 25 times within 5 seconds. Raises lock_not_available if it does not get it; nothing is changed then.
create or replace function create_usage_partitions(p_months_ahead integer, p_now timestamptz default null) returns integer
language plpgsql volatile
as $$
declare
  callers_timeout constant text := current_setting('lock_timeout');
  month timestamptz := period_start('MONTHLY', coalesce(p_now, clock_timestamp()));
  next_month timestamptz;
  name text;
  made integer := 0;
begin
  for i in 0 .. p_months_ahead loop
    next_month := period_end('MONTHLY', month);
    name := 'usage_events_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    for attempt in 1 .. 25 loop
      begin
        set local lock_timeout = '100ms';
        -- Also where the partition is there: it is seen in pg_class a moment before sessions are told to read the list of partitions
        -- again, which they are before its maker releases this lock.
        perform pg_advisory_xact_lock(hashtextextended('create_usage_partitions of a month', 0));
        -- to_regclass would answer from the session's cache, which waiting for an advisory lock does not bring up to date.
        if not exists (
          select from pg_class c where c.relname = name and c.relnamespace = (select l.relnamespace from pg_class l where l.oid = 'usage_events'::regclass)) then
          execute format('create table %I (like usage_events including defaults including constraints)', name);
          execute format('alter table usage_events attach partition %I for values from (%L) to (%L)', name, month, next_month);
          made := made + 1;
        end if;
        exit;
      exception when lock_not_available then
        if attempt = 25 then
          raise;
        end if;
        perform pg_sleep(0.1);
      end;
    end loop;
    perform set_config('lock_timeout', callers_timeout, true);
    month := next_month;
  end loop;
  return made;
end
$$;
