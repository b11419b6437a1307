-- refuse_change is the trigger that keeps the ledger and the audit log append-only; partitions are dropped, never edited.
create or replace function refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

-- for each row, because PostgreSQL clones row triggers to every partition
create or replace trigger usage_events_append_only before update or delete on usage_events
  for each row execute function refuse_change();
create or replace trigger usage_events_no_truncate before truncate on usage_events
  for each statement execute function refuse_change();
create or replace trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
