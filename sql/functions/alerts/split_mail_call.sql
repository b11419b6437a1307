-- split_mail_call replaces a call that the provider refused as a whole, because of some of its mails, by two calls with half of
-- the mails each. Both have new idempotency keys. Repeated splitting isolates the invalid mail. Nothing is changed when another
-- attempt has begun since. Returns how many calls it made, 2 or 0.
create or replace function split_mail_call(p_call_id uuid, p_attempted_at timestamptz) returns integer
language plpgsql volatile
as $$
declare
  whole mail_calls;
  half integer;
  first_id uuid := uuid_v7();
  second_id uuid := uuid_v7();
begin
  select * into whole from mail_calls c where c.id = p_call_id and c.attempted_at = p_attempted_at for update;
  if not found then
    return 0;
  end if;
  insert into mail_calls (id, attempts, next_attempt_at, last_error)
  select n.id, whole.attempts, clock_timestamp(), whole.last_error from unnest(array[first_id, second_id]) n (id);
  select (count(*) + 1) / 2 into half from mails m where m.call_id = p_call_id;
  update mails m set call_id = case when o.number <= half then first_id else second_id end
  from (
    select s.organization_id, s.id, row_number() over (order by s.position) as number from mails s where s.call_id = p_call_id
  ) o
  where m.organization_id = o.organization_id and m.id = o.id;
  delete from mail_calls c where c.id = p_call_id;
  return 2;
end
$$;
