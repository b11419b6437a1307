-- expire_due_reservations expires reservations that are past their expiry in the given organizations, at most p_limit in each, and
-- gives back what they hold. About every 10 seconds, or always with p_swept_fully, it gives back as well what API keys hold whose holds have
-- ended, of at most p_limit reservations, and of no more than a change of a key gives back (see end_holds): what is beyond that holds nothing
-- meanwhile, and the next calls and the sweep give it back. Returns whether some may be left. It stores the instant up to which an organization
-- is swept when some may be left, and otherwise about every 10 seconds: the next call starts there. Its caller holds the organizations' locks.
--
-- The first that has expired is asked for, and not whether there is one: while the table is as good as empty, any index of held reservations
-- seems equal, and a session keeps its plan. Only the index by expiry has the order.
create or replace function expire_due_reservations(
  p_organization_ids uuid[], p_now timestamptz, p_limit integer, p_swept_fully boolean)
returns boolean
language plpgsql volatile
as $$
declare
  most_of_keys constant integer := least(p_limit, 10000);
  organization uuid;
  swept record;
  ended integer;
  has_expired_holds boolean := false;
begin
  for organization in
    select o.id
    from unnest(p_organization_ids) o (id)
    left join lateral (
      select s.swept_until from reservation_sweeps s where s.organization_id = o.id limit 1) s on true
    where o.id is not null and (
      p_swept_fully or s.swept_until is null or not s.swept_until between p_now - interval '10 seconds' and p_now
      or (
        select true from reservations r
        where r.organization_id = o.id and r.status = 'HELD' and r.expires_at > s.swept_until and r.expires_at <= p_now
        order by r.expires_at limit 1))
  loop
    select * into swept from expire_reservations(organization, p_now, p_limit);
    ended := 0;
    if exists (select from ended_api_keys(organization, p_now)) then
      ended := (select e.number from end_holds_of_keys(organization, p_now, most_of_keys) e);
    end if;
    -- Others may expire at the same instant as the last one, so the sweep ends before it. A clock that was set back starts again.
    insert into reservation_sweeps (organization_id, swept_until)
    values (organization, case when swept.number = p_limit then swept.last_expires_at - interval '1 microsecond' else p_now end)
    on conflict (organization_id) do update set swept_until = excluded.swept_until
    where swept.number = p_limit or not reservation_sweeps.swept_until between p_now - interval '10 seconds' and p_now;
    has_expired_holds := has_expired_holds or swept.number = p_limit or ended = most_of_keys;
  end loop;
  return has_expired_holds;
end
$$;
