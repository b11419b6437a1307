-- expire_reservations gives back what reservations past their expiry still hold in an organization, at most p_limit of
-- them, oldest first. Its caller holds the organization's lock. Returns how many it expired.
create or replace function expire_reservations(p_organization_id uuid, p_now timestamptz, p_limit integer default 10000)
returns integer
language plpgsql volatile
as $$
declare
  expired reservations;
  number integer := 0;
begin
  for expired in
    select * from reservations r
    where r.organization_id = p_organization_id and r.status = 'HELD'
      and r.expires_at > swept_until(p_organization_id, p_now) and r.expires_at <= p_now
    order by r.expires_at limit p_limit
  loop
    perform close_reservation(expired, 'EXPIRED', p_now);
    number := number + 1;
  end loop;
  return number;
end
$$;
