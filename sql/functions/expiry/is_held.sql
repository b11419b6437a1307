-- is_held tells whether a reservation holds its estimate at an instant: it is open and not past its expiry, its API key may be used, and
-- the key's holds have not ended since it was admitted. It is PL/pgSQL, which keeps the plan.
create or replace function is_held(p_reservation reservations, p_now timestamptz) returns boolean
language plpgsql stable
as $$
begin
  return p_reservation.status = 'HELD' and p_reservation.expires_at > p_now
    and exists (
      select from api_keys k
      where k.organization_id = p_reservation.organization_id and k.id = p_reservation.api_key_id and api_key_denial(k, p_now) is null)
    and not exists (
      select from hold_ends e
      where e.organization_id = p_reservation.organization_id and e.api_key_id = p_reservation.api_key_id
        and p_reservation.admitted_at <= e.ended_at and e.ended_at <= p_now);
end
$$;
