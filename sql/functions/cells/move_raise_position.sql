-- move_raise_position has the ledger go on behind a position: rows that are booked for the organization here get higher positions than those that it
-- brought along, or no roll-up would ever see them. Nothing is locked where the sequence is there already, which never goes back. Else nobody may draw
-- a position while it is raised, nor until the transaction ends: it locks the ledger against writers, tries 50 times, with 0.1 s for the lock each time,
-- and raises lock_not_available if it does not get it.
create or replace function move_raise_position(p_position bigint) returns void
language plpgsql volatile
as $$
begin
  if (select case when s.is_called then s.last_value else 0 end from usage_events_position_seq s) >= p_position then
    return;
  end if;
  for attempt in 1 .. 50 loop
    begin
      set local lock_timeout = '100ms'; -- requests wait behind a lock for at most this long
      lock table usage_events in exclusive mode;
      exit;
    exception when lock_not_available then
      if attempt = 50 then
        raise;
      end if;
      perform pg_sleep(0.1);
    end;
  end loop;
  perform setval('usage_events_position_seq', greatest(s.last_value, p_position)) from usage_events_position_seq s;
end
$$;
