-- has_expired_holds tells whether any of the given organizations has a reservation that is past its expiry at an instant and not
-- swept yet.
create or replace function has_expired_holds(p_organization_ids uuid[], p_now timestamptz) returns boolean
language sql stable
as $$
  select exists (
    select from unnest(p_organization_ids) o (id)
    join lateral (
      select from reservations r
      where r.organization_id = o.id and r.status = 'HELD'
        and r.expires_at > swept_until(o.id, p_now) and r.expires_at <= p_now
      limit 1) r on true)
$$;
