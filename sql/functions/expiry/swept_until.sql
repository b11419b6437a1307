-- swept_until returns up to when an organization's reservations are known to be swept: none that is held expires at or
-- before it. An instant before the last sweep, as after a clock that went back, knows nothing. In PL/pgSQL, which keeps the
-- plan: PostgreSQL plans an SQL function with a subquery anew in each statement that calls it.
create or replace function swept_until(p_organization_id uuid, p_now timestamptz) returns timestamptz
language plpgsql stable
as $$
begin
  return coalesce((
    select s.swept_until from reservation_sweeps s
    where s.organization_id = p_organization_id and s.swept_until <= p_now), '-infinity');
end
$$;
