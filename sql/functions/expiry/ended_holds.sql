-- ended_holds returns an organization's reservations that are stored as HELD and hold nothing any more at an instant: they are past their
-- expiry, or the holds of their API key have ended.
create or replace function ended_holds(p_organization_id uuid, p_now timestamptz) returns setof reservations
language sql stable
as $$
  (select r.* from reservations r
  where r.organization_id = p_organization_id and r.status = 'HELD'
    and r.expires_at > swept_until(p_organization_id, p_now) and r.expires_at <= p_now
  order by r.expires_at) -- so that the index by expiry is read also where the table was empty (see expire_due_reservations)
  union all
  select r.*
  from ended_api_keys(p_organization_id, p_now) k
  cross join lateral (
    select * from reservations r
    where r.api_key_id = k.api_key_id and r.status = 'HELD' and r.admitted_at <= k.ended_at and r.expires_at > p_now
    order by r.id -- as above: the index by API key; and it keeps the planner from reading all reservations of the organization and joining
  ) r
$$;
