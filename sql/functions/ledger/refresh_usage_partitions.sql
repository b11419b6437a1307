-- refresh_usage_partitions has every session read the list of the ledger's partitions again, its own at once. A session that reads the
-- list while another one commits a partition can keep it without that one, and the message about the change is used up (seen on
-- PostgreSQL 15.18: two attempts in a row, the second of which had the partition in pg_inherits). Its inserts find no partition then,
-- and its reports miss rows. Any change of a column's row in pg_attribute sends the message again; this one sets what is set.
-- Takes SHARE UPDATE EXCLUSIVE on the table, which no reader and no writer waits for, and tries for 0.5 s, 0.1 s at a time. Returns
-- whether it got the lock; nothing is changed otherwise.
create or replace function refresh_usage_partitions() returns boolean
language plpgsql volatile
as $$
declare
  callers_timeout constant text := current_setting('lock_timeout');
begin
  for attempt in 1 .. 5 loop
    begin
      set local lock_timeout = '100ms';
      alter table only usage_events alter column organization_id set statistics -1;
      perform set_config('lock_timeout', callers_timeout, true);
      return true;
    exception when lock_not_available then
      perform set_config('lock_timeout', callers_timeout, true);
    end;
  end loop;
  return false;
end
$$;
