-- has_expired_holds tells whether any of the given organizations has a reservation that has ended at an instant (see ended_holds) and is
-- not swept yet. It is PL/pgSQL, which keeps the plan.
create or replace function has_expired_holds(p_organization_ids uuid[], p_now timestamptz) returns boolean
language plpgsql stable
as $$
begin
  return exists (
    select from (select distinct o.id from unnest(p_organization_ids) o (id)) o
    cross join lateral (select from ended_holds(o.id, p_now) limit 1) r);
end
$$;
