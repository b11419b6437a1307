-- mark_ended_holds is the trigger that ends what an API key holds when it may not be used any more, for every statement that disables it,
-- revokes it or sets its expiry, also plain SQL: it writes an entry of hold_ends. Decisions and reads look at that from then on; the
-- holds are given back by end_holds, which the servers call in the same transaction, or by the next sweep. A key that has expired and
-- gets another expiry was not usable until now, so that what it held before does not come back.
--
-- It takes no lock on the organization: enforcement locks it before the key. Runs as the owner, because servers may not write hold_ends.
create or replace function mark_ended_holds() returns trigger
language plpgsql security definer
set search_path from current
as $$
declare
  changed_at constant timestamptz := clock_timestamp();
begin
  if old.expires_at <= changed_at and new.expires_at is distinct from old.expires_at
    or api_key_denial(old, changed_at) is null and api_key_denial(new, changed_at) is not null then
    insert into hold_ends (organization_id, api_key_id, ended_at) values (new.organization_id, new.id, changed_at)
    on conflict (organization_id, api_key_id) do update set ended_at = excluded.ended_at;
  end if;
  return null;
end
$$;

create or replace trigger api_keys_holds after update of enabled, revoked_at, expires_at on api_keys
  for each row execute function mark_ended_holds();
