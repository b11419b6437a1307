-- decide_reports says what becomes of each report of a batch: which were booked before under their request id, in this batch
-- or an earlier one, which are to be booked, and why the others cannot be. It writes nothing.
--
-- p_one_by_one false books the batch as a whole and looks for nothing; the caller knows that all keys and reservations are
-- fit for it. A request id that was used before then violates the primary key of usage_event_requests when the batch is
-- booked, and the caller decides again one by one. The caller holds the organizations' locks.
create or replace function decide_reports(
  p_scopes grouped_scope_batch, p_reports report_batch, p_reservations priced_reservation_batch, p_one_by_one boolean, p_now timestamptz)
returns report_decision_batch
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  prefix constant text := uuid_v7_prefix(p_now);
  reports constant integer := cardinality(p_reports.scope_indexes);
  decision report_decision_batch;
  report record;
  earlier integer;
  settled uuid[] := '{}';
  holders integer[]; -- at the index of the first report with a request id: which report with that id is booked
  keys uuid[];
begin
  if not p_one_by_one then
    decision.ids := array(select (prefix || substr(gen_random_uuid()::text, 16))::uuid from generate_series(1, reports));
    return decision;
  end if;

  decision.ids := array_fill(null::uuid, array[reports]);
  decision.booked := array_fill(false, array[reports]);
  decision.replayed_at := array_fill(null::timestamptz, array[reports]);
  decision.errors := array_fill(null::text, array[reports]);
  holders := array_fill(null::integer, array[reports]);
  keys := decision.ids;
  for report in
    select q.index, q.api_key_id, q.request_id, q.fingerprint, q.status, s.usage_event_id, s.recorded_at,
      nullif(q.reservation_id, none) as reservation_id, q.found_id, q.error, q.is_found,
      s.api_key_id <> q.api_key_id or not is_repeated(s.fingerprint, q.fingerprint) as differs,
      case when q.request_id <> '' then first_value(q.index) over (
        partition by q.organization_id, q.request_id order by q.index) end as first_of_id
    from (
      select q.index, q.reservation_id, q.request_id, q.fingerprint, q.status, q.found_id, p_scopes.errors[q.scope_index] as error,
        q.organization_id is not null as is_found,
        coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) as organization_id,
        coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) as api_key_id
      from unnest(p_reports.scope_indexes, p_reports.reservation_ids, p_reports.request_ids, p_reports.fingerprints,
          p_reservations.of_reports)
        with ordinality q (scope_index, reservation_id, request_id, fingerprint,
          found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids,
          period_numbers, index)) q
    left join lateral (
      select s.* from usage_event_requests s
      where s.organization_id = q.organization_id and s.request_id = nullif(q.request_id, '') limit 1) s on true
    order by q.index
  loop
    keys[report.index] := report.api_key_id;
    earlier := holders[report.first_of_id];
    decision.errors[report.index] := case
      when report.error is not null then report.error
      when report.api_key_id is null or (report.reservation_id is not null and not report.is_found) then 'NOT_FOUND'
      when report.differs then 'IDEMPOTENCY_MISMATCH'
      when report.usage_event_id is not null then null
      when not is_repeated(p_reports.fingerprints[earlier], report.fingerprint) or keys[earlier] <> report.api_key_id then 'IDEMPOTENCY_MISMATCH'
      when earlier is not null then null
      when report.status in ('SETTLED', 'RELEASED') or report.reservation_id = any (settled) then 'RESERVATION_CLOSED'
    end;
    continue when decision.errors[report.index] is not null;
    if report.usage_event_id is not null then
      decision.ids[report.index] := report.usage_event_id;
      decision.replayed_at[report.index] := report.recorded_at;
    elsif earlier is not null then
      decision.ids[report.index] := decision.ids[earlier];
      decision.replayed_at[report.index] := p_now;
    else
      decision.ids[report.index] := (prefix || substr(gen_random_uuid()::text, 16))::uuid;
      decision.booked[report.index] := true;
      settled := settled || report.found_id; -- of a lease: null
      holders[coalesce(report.first_of_id, report.index)] := report.index;
    end if;
  end loop;
  return decision;
end
$$;
