-- expire_due_reservations gives back, in the given organizations, what reservations past their expiry still hold, at most
-- 1000 of each, and says whether some are left. About every 10 seconds it notes up to when that was done. Its caller holds
-- the organizations' locks.
create or replace function expire_due_reservations(p_organization_ids uuid[], p_now timestamptz) returns boolean
language plpgsql volatile
as $$
declare
  organization uuid;
  due boolean := false;
begin
  for organization in
    select o.id
    from unnest(p_organization_ids) o (id)
    left join lateral (
      select s.swept_until from reservation_sweeps s where s.organization_id = o.id limit 1) s on true
    where o.id is not null and (
      s.swept_until is null or not s.swept_until between p_now - interval '10 seconds' and p_now
      or exists (
        select from reservations r
        where r.organization_id = o.id and r.status = 'HELD' and r.expires_at > s.swept_until and r.expires_at <= p_now))
  loop
    if expire_reservations(organization, p_now, 1000) = 1000 then
      due := true;
      continue;
    end if;
    -- nothing is left that expires up to now; a clock that went back had to look at everything again
    insert into reservation_sweeps (organization_id, swept_until) values (organization, p_now)
    on conflict (organization_id) do update set swept_until = excluded.swept_until
    where not reservation_sweeps.swept_until between p_now - interval '10 seconds' and p_now;
  end loop;
  return due;
end
$$;
