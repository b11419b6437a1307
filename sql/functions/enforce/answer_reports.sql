-- answer_reports returns the answer to each report of a batch, as record_usage gives it. p_limits has the limits of each
-- report as a JSON array, p_ledger_rows its row of the ledger; null as a whole where nobody wants them. p_skip_limits leaves the
-- limits out of an answer, p_ids_only the ledger's row; null as a whole: neither.
-- Of a row that was booked without a price that much is told all the same (p_prices): servers count them.
create or replace function answer_reports(
  p_scopes grouped_scope_batch, p_scope_indexes integer[], p_reservations priced_reservation_batch, p_decision report_decision_batch, p_limits jsonb[],
  p_ledger_rows jsonb[], p_prices price_batch, p_skip_limits boolean[], p_ids_only boolean[], p_now timestamptz)
returns setof usage_answers
language sql stable
as $$
  select q.index::integer, q.error, q.replayed_at is not null, q.error is null, p_now,
    case when q.error is null then coalesce(q.api_key_id, (p_scopes).api_key_ids[q.scope_index]) end, '[]'::jsonb,
    case when q.skip_limits or q.error is not null then '[]' else coalesce(q.limits, '[]') end,
    null::jsonb, case when q.ids_only is not true then q.ledger_row
      when q.unpriced and q.replayed_at is null then jsonb_build_object('id', q.id, 'unpriced', true) end, null::uuid, q.id
  from unnest(p_scope_indexes, (p_decision).ids, (p_decision).errors, (p_decision).replayed_at, p_limits, p_ledger_rows, p_skip_limits,
      p_ids_only, (p_prices).unpriced, (p_reservations).of_reports)
    with ordinality q (scope_index, id, error, replayed_at, limits, ledger_row, skip_limits, ids_only, unpriced,
      found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids,
      period_numbers, index)
  order by q.index
$$;
