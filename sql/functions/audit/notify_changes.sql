-- notify_changes is the trigger that wakes the servers that have listeners when a change of the control plane commits. It names the
-- organization; what has changed is read from the audit log (see list_changes), so a notification that is lost delays an event by a
-- second and loses none. Transactions that notify commit one after the other in the whole cluster, so only what writes the audit log
-- notifies: enforcement never does. The name of the channel is in api/live, too.
create or replace function notify_changes() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('bursar_changes', n.organization_id::text)
  from (select distinct w.organization_id from written w) n;
  return null;
end
$$;

create or replace trigger audit_log_notify after insert on audit_log
  referencing new table as written
  for each statement execute function notify_changes();
