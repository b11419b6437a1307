-- notify_mail_due is the trigger that notifies watchers of mail that deliveries were queued, when the transaction that queued them
-- commits. It runs once for each statement that inserts deliveries, and so only in transactions that raise an alert or queue a
-- reset notice. Nothing else may notify on the hot path: in a cluster, transactions that notify commit one after the other. The
-- name of the channel is in NotifyMailDue and delivery/watcher.go, too.
create or replace function notify_mail_due() returns trigger
language plpgsql
as $$
begin
  if exists (select from queued) then
    perform pg_notify('bursar_mail_due', '');
  end if;
  return null;
end
$$;

create or replace trigger alert_deliveries_notify after insert on alert_deliveries
  referencing new table as queued
  for each statement execute function notify_mail_due();
