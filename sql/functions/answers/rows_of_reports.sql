-- rows_of_reports returns what is told of each report's row of the ledger, at the index of the report: the whole row, nothing where the report wants
-- its id alone (true in p_ids_only), and where there is a null, of a new row what was booked of tokens and cost, without reading it.
-- p_ledger_rows are the whole rows that were booked, null for none of them. p_reports has the costs that were booked.
create or replace function rows_of_reports(
  p_ledger_rows jsonb[], p_reports report_batch, p_decision report_decision_batch, p_prices price_batch, p_ids_only boolean[])
returns jsonb[]
language plpgsql stable
as $$
begin
  if true = all (p_ids_only) then
    return p_ledger_rows;
  end if;
  if array_position(p_ids_only, null) is not null then
    p_ledger_rows := (
      select array_agg(coalesce(q.stored, case when q.ids_only is null and q.id is not null and q.booked is not false then jsonb_build_object(
          'id', q.id, 'input_tokens', p_reports.quantities[2][q.index], 'output_tokens', p_reports.quantities[3][q.index],
          'cost_nanos', q.cost_nanos, 'unpriced', coalesce(q.unpriced, false)) end) order by q.index)
      from unnest(p_ledger_rows, p_decision.ids, p_decision.booked, p_reports.cost_nanos, p_prices.unpriced, p_ids_only)
        with ordinality q (stored, id, booked, cost_nanos, unpriced, ids_only, index));
  end if;
  if p_decision.replayed_at is not null then
    p_ledger_rows := add_replayed_rows(p_ledger_rows, p_decision);
  end if;
  return p_ledger_rows;
end
$$;
