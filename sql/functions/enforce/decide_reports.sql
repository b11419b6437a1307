-- decide_reports finds out what becomes of each report of a batch that cannot simply be booked as a whole: which were booked
-- before under their request id, here or in an earlier batch, which are to be booked, and why the others cannot be. It
-- writes nothing. The arguments are those of record_usage, beside what it found of the callers and the reservations.
--
-- ids is the ledger row, stored or to be made; booked, whether it is to be made; replayed_at, when a stored one was recorded.
create or replace function decide_reports(
  p_caller_errors text[], p_organization_ids uuid[], p_api_key_ids uuid[], p_callers integer[], p_reservation_ids uuid[],
  p_reservations reservations[], p_request_ids text[], p_fingerprints bytea[], p_prefix text, p_now timestamptz,
  out ids uuid[], out booked boolean[], out replayed_at timestamptz[], out errors text[])
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  report record;
  earlier integer;
  settled uuid[] := '{}';
  holders integer[] := array_fill(null::integer, array[cardinality(p_callers)]);  -- of the reports of one request id
  keys uuid[] := array_fill(null::uuid, array[cardinality(p_callers)]);
begin
  for report in
    select q.number, q.api_key_id, q.request_id, q.fingerprint, q.status, s.usage_event_id, s.recorded_at,
      nullif(q.reservation_id, none) as reservation_id, q.found_id, q.error,
      s.api_key_id <> q.api_key_id or s.fingerprint <> q.fingerprint as differs,
      case when q.request_id <> '' then first_value(q.number) over (
        partition by q.organization_id, q.request_id order by q.number) end as repeats
    from (
      select q.number, q.reservation_id, q.request_id, q.fingerprint, r.status, r.id as found_id, p_caller_errors[q.caller] as error,
        coalesce(r.organization_id, p_organization_ids[q.caller]) as organization_id,
        coalesce(r.api_key_id, p_api_key_ids[q.caller]) as api_key_id
      from unnest(p_callers, p_reservation_ids, p_request_ids, p_fingerprints)
        with ordinality q (caller, reservation_id, request_id, fingerprint, number)
      cross join lateral (select (p_reservations[q.number]).*) r) q
    left join lateral (
      select s.* from usage_event_requests s
      where s.organization_id = q.organization_id and s.request_id = nullif(q.request_id, '') limit 1) s on true
    order by q.number
  loop
    ids[report.number] := null;
    booked[report.number] := false;
    replayed_at[report.number] := null;
    keys[report.number] := report.api_key_id;
    earlier := holders[report.repeats];
    errors[report.number] := case
      when report.error is not null then report.error
      when report.api_key_id is null or (report.reservation_id is not null and report.found_id is null) then 'NOT_FOUND'
      when report.differs then 'IDEMPOTENCY_MISMATCH'
      when report.usage_event_id is not null then null
      when p_fingerprints[earlier] <> report.fingerprint or keys[earlier] <> report.api_key_id then 'IDEMPOTENCY_MISMATCH'
      when earlier is not null then null
      when report.status in ('SETTLED', 'RELEASED') or report.reservation_id = any (settled) then 'RESERVATION_CLOSED'
    end;
    continue when errors[report.number] is not null;
    if report.usage_event_id is not null then
      ids[report.number] := report.usage_event_id;
      replayed_at[report.number] := report.recorded_at;
    elsif earlier is not null then
      ids[report.number] := ids[earlier];
      replayed_at[report.number] := p_now;
    else
      ids[report.number] := (p_prefix || substr(gen_random_uuid()::text, 16))::uuid;
      booked[report.number] := true;
      settled := settled || report.reservation_id;
      holders[coalesce(report.repeats, report.number)] := report.number;
    end if;
  end loop;
end
$$;
