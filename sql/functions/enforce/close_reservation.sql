-- close_reservation ends a held reservation and gives its hold back in the periods that admitted it. Its caller holds the
-- organization's lock.
create or replace function close_reservation(p_reservation reservations, p_status reservation_status, p_now timestamptz)
returns reservations
language plpgsql volatile
as $$
begin
  perform charge_counters(p_reservation.organization_id, p_reservation.counter_ids, p_reservation.period_numbers,
    p_reservation.requests, p_reservation.tokens, p_reservation.cost_nanos, p_reservation.leased is not null);
  update reservations r set status = p_status, closed_at = p_now
  where r.organization_id = p_reservation.organization_id and r.id = p_reservation.id
  returning * into p_reservation;
  return p_reservation;
end
$$;
