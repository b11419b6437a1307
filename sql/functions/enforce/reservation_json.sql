-- reservation_json returns a reservation as a client sees it at an instant: one that holds nothing any more (see is_held) is EXPIRED
-- although nobody has swept it yet.
create or replace function reservation_json(p_reservation reservations, p_now timestamptz) returns jsonb
language sql stable
as $$
  select to_jsonb(p_reservation) - 'fingerprint' || case
    when p_reservation.status = 'HELD' and not is_held(p_reservation, p_now) then '{"status": "EXPIRED"}'::jsonb
    else '{}'
  end
$$;
