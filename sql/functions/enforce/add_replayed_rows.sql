-- add_replayed_rows adds the ledger's rows of reports that were booked before this batch to those that it has booked, which are at
-- the index of their report. Each is read from the partition of its month alone: a statement on the whole ledger locks every
-- partition, and waits when one is dropped. Null where the month is past its retention.
create or replace function add_replayed_rows(p_ledger_rows jsonb[], p_decision report_decision_batch) returns jsonb[]
language plpgsql stable
as $$
declare
  replayed record;
  month_partition regclass;
  ledger_row jsonb;
begin
  for replayed in
    select q.index, q.id, q.replayed_at
    from unnest(p_decision.ids, p_decision.replayed_at) with ordinality q (id, replayed_at, index)
    where q.replayed_at is not null and p_ledger_rows[q.index] is null
  loop
    month_partition := to_regclass('usage_events_' || to_char(replayed.replayed_at at time zone 'UTC', 'YYYY_MM'));
    if month_partition is not null then
      execute format('select to_jsonb(e) from %s e where e.id = $1 and e.recorded_at = $2 limit 1', month_partition)
      into ledger_row using replayed.id, replayed.replayed_at;
      p_ledger_rows[replayed.index] := ledger_row;
    end if;
  end loop;
  return p_ledger_rows;
end
$$;
