-- extend_reservations pushes the expiry of held reservations to ttl seconds from now, or to fewer if the organization says so, never
-- nearer than it was. A zero
-- organization id means any (the operator's). Answers NOT_FOUND for an unknown one and for a lease, RESERVATION_CLOSED for one that was
-- settled, was released or has expired, and for one whose API key may not be used. p_now is null in production: the database's clock, read after the locks.
-- Settings: see reserve_usage.
create or replace function extend_reservations(
  p_organization_ids uuid[], p_reservation_ids uuid[], p_ttl_seconds integer[], p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  extended_at timestamptz;
  reservation reservations;
  answer usage_answers;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  -- an organization that is named is locked whatever it has: while it is moved, a reservation may be missing that exists
  perform lock_organizations(array(
    select coalesce(nullif(q.organization_id, none), ( -- one look-up a reservation: a join could read them all
      select r.organization_id from reservations r where r.id = q.reservation_id limit 1))
    from unnest(p_organization_ids, p_reservation_ids) q (organization_id, reservation_id)));
  extended_at := coalesce(p_now, clock_timestamp());

  for i in 1 .. cardinality(p_reservation_ids) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.allowed := true;
    answer.decided_at := extended_at;
    answer.denials := '[]';
    answer.limits := '[]';
    select * into reservation from reservations r
    where r.id = p_reservation_ids[i] and p_organization_ids[i] in (none, r.organization_id) and r.leased is null;
    if reservation.id is null then
      answer.error := 'NOT_FOUND';
    elsif not is_held(reservation, extended_at) then
      answer.error := 'RESERVATION_CLOSED';
    else
      update reservations r
      set expires_at = greatest(r.expires_at, extended_at + make_interval(secs => least(p_ttl_seconds[i], (
        select o.key_hold_seconds from organizations o where o.id = r.organization_id))))
      where r.organization_id = reservation.organization_id and r.id = reservation.id
      returning * into reservation;
      answer.api_key_id := reservation.api_key_id;
      answer.reservation := reservation_json(reservation, extended_at);
    end if;
    return next answer;
  end loop;
end
$$;
