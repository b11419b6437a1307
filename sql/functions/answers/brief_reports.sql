-- brief_reports returns what is told of each row that a batch has added to the ledger of which the report wants neither the id alone nor the
-- whole row (a null in p_ids_only): out of what was booked, without reading it. Null for all others. p_reports has the costs that were booked.
create or replace function brief_reports(
  p_reports report_batch, p_decision report_decision_batch, p_prices price_batch, p_ids_only boolean[])
returns jsonb[]
language sql stable
as $$
  select array_agg(case when q.ids_only is null and q.id is not null and q.booked is not false then jsonb_build_object(
      'id', q.id, 'input_tokens', (p_reports).quantities[2][q.index], 'output_tokens', (p_reports).quantities[3][q.index],
      'cost_nanos', q.cost_nanos, 'unpriced', coalesce(q.unpriced, false)) end order by q.index)
  from unnest((p_decision).ids, (p_decision).booked, (p_reports).cost_nanos, (p_prices).unpriced, p_ids_only)
    with ordinality q (id, booked, cost_nanos, unpriced, ids_only, index)
$$;
