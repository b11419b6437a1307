-- record_usage books usage that has happened, one row of the ledger each, in full and whatever the limits say: a settled
-- reservation's in the periods and windows that admitted it, and so that of a lease (p_reservation_ids has its id), any other in the current ones. A reservation decides the key, whatever the scope names. The first four arrays are scopes (see find_scopes), p_scope_indexes names each report's; for
-- the order of quantities and labels see book_usage. A zero or empty id or time means not given, and so does -1 requests
-- (the reservation's number, else 1) and -1 nano-dollars (see price_reports). A report that skips limits is answered without their standing, which includes the whole
-- batch; for what it is told of the ledger's row see rows_of_reports. p_now is null in production: the database's clock, read after the locks.
--
-- Errors of a report are in its answer: NOT_FOUND for an unknown key or reservation, RESERVATION_CLOSED for a reservation that was settled or
-- released. A request id that was used before is answered with what is stored, or IDEMPOTENCY_MISMATCH when its key or fingerprint differs.
--
-- A batch without anything to decide is booked as a whole; any other is decided one by one, and so is one in which a request id turns up that was
-- used before, by violating its primary key. Either way each counter is written once. The first report of a month without a partition makes
-- it, which waits for nobody (see create_usage_partitions): no report is refused because no job has run. Settings: see reserve_usage.
create or replace function record_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_scope_indexes integer[], p_reservation_ids uuid[], p_request_ids text[], p_fingerprints bytea[], p_quantities bigint[],
  p_cost_nanos bigint[], p_labels text[], p_occurred_at timestamptz[],
  p_skip_limits boolean[] default null, p_ids_only boolean[] default null, p_now timestamptz default null)
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
  booked_at timestamptz;
  scopes grouped_scope_batch;
  governed boolean; -- by policies
  grouped record; -- see group_reports
  added integer[];
  reports report_batch;
  reservations priced_reservation_batch;
  prices price_batch;
  charges charged_counters[];
  one_by_one boolean;
  decision report_decision_batch;
  draws lease_draw[];
  booked record;
  violated text;
  without_partition integer := 0; -- attempts that found no partition of the month
  limits jsonb[];
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  perform lock_reports(p_organization_ids, p_secret_hashes, p_api_key_ids, p_scope_indexes, p_reservation_ids);
  booked_at := coalesce(p_now, clock_timestamp());
  scopes := find_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, booked_at);
  reports := row(p_scope_indexes, p_reservation_ids, p_request_ids, p_fingerprints, p_quantities, p_cost_nanos, p_labels,
    p_occurred_at);
  reservations := find_reported_reservations(p_organization_ids, scopes, reports);
  governed := has_policies(p_organization_ids || scopes.organization_ids
    || case when none = any (p_organization_ids) then array(select q.organization_id from unnest(reservations.of_reports) q) end);
  if governed then
    grouped := group_reports(scopes, reports, reservations, booked_at);
    scopes := grouped.scopes;
    reports.scope_indexes := grouped.scope_indexes;
    reservations := grouped.reservations;
    added := grouped.added;
  end if;
  if -1 = any (p_cost_nanos) then
    prices := price_reports(scopes, reports, reservations, booked_at);
    reports.cost_nanos := prices.cost_nanos;
  end if;
  if reservations.any_unreserved then
    charges := current_charges(scopes, booked_at);
  end if;

  one_by_one := not reservations.all_open;
  loop
    begin
      decision := decide_reports(scopes, reports, reservations, one_by_one, booked_at);
      if reservations.any_leased then
        draws := draw_on_leases(reports, reservations, decision, booked_at);
      end if;
      booked := book_usage(scopes, reports, reservations, added, prices, charges, decision, draws, p_ids_only is null or false = any (p_ids_only), booked_at);
      exit;
    exception
      when unique_violation then
        if one_by_one then
          raise;
        end if;
        one_by_one := true;
      when check_violation then
        get stacked diagnostics violated = constraint_name;
        if violated <> '' or without_partition = 2 then
          raise;
        end if;
        without_partition := without_partition + 1;
        perform find_missing_partition(without_partition, booked_at);
    end;
  end loop;
  if booked.owing_counter_ids is not null then
    perform raise_alerts(o.organization_id, array_agg(o.counter_id), array_agg(o.period_number), null::bigint[], booked_at)
    from unnest(booked.owing_organization_ids, booked.owing_counter_ids, booked.owing_period_numbers)
      o (organization_id, counter_id, period_number)
    group by o.organization_id;
  end if;

  if reservations.any_unreserved and scopes.stale_last_used is not null then
    perform note_last_use(scopes, array(
      select q.scope_index from unnest(reports.scope_indexes, p_reservation_ids, decision.booked) q (scope_index, reservation_id, booked)
      where q.reservation_id = none and q.booked is not false), booked_at);
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    limits := limits_of_reports_json(scopes, reports.scope_indexes, reservations, governed, booked_at);
  end if;
  booked.ledger_rows := rows_of_reports(booked.ledger_rows, reports, decision, prices, p_ids_only);
  return query select * from answer_reports(
    scopes, reports.scope_indexes, reservations, decision, limits, booked.ledger_rows, prices, p_skip_limits, p_ids_only, booked_at);
end
$$;
