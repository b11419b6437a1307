-- swept_until returns the instant up to which an organization's reservations are swept: none that is held expires at or before
-- it. -infinity if nothing is known, also when p_now is before the last sweep because the clock was set back. It is PL/pgSQL, which
-- keeps the plan: PostgreSQL plans an SQL function with a subquery again in each statement that calls it.
create or replace function swept_until(p_organization_id uuid, p_now timestamptz) returns timestamptz
language plpgsql stable
as $$
begin
  return coalesce((
    select s.swept_until from reservation_sweeps s
    where s.organization_id = p_organization_id and s.swept_until <= p_now), '-infinity');
end
$$;
