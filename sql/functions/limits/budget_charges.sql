-- budget_charges returns what was charged to the stored periods of budgets of an organization, by the UTC hour in which it was recorded
-- (see budget_bucket), from an hour on (null: all): nano-dollars or tokens. p_counter_ids are the budgets' counters. It reads budget_hours and the ledger's tail
-- in one snapshot and is exact at that instant: the sum is what the counter has used.
create or replace function budget_charges(p_organization_id uuid, p_counter_ids uuid[], p_from timestamptz default null)
returns table (counter_id uuid, bucket_start timestamptz, units numeric)
language sql stable
as $$
  select b.counter_id, b.bucket_start, b.units
  from counters c
  join budget_hours b on b.organization_id = c.organization_id and b.counter_id = c.id and b.period_number = c.period_number
  where c.organization_id = p_organization_id and c.id = any (p_counter_ids) and (p_from is null or b.bucket_start >= p_from)
  union all
  select c.id, budget_bucket(c.calendar, coalesce(e.corrects_recorded_at, e.recorded_at)), units_of(c.type, e.requests, e.input_tokens + e.output_tokens, e.cost_nanos)
  from usage_events e
  cross join lateral unnest(e.counter_ids, e.period_numbers) q (counter_id, period_number)
  join counters c on c.organization_id = e.organization_id and c.id = q.counter_id and c.period_number = q.period_number
  -- see tail_rows
  where e.organization_id = p_organization_id
    and e.position > (select coalesce((select w.budget_position from rollup_watermarks w where w.organization_id = p_organization_id), 0))
    and e.position <= 9223372036854775807
    and q.counter_id = any (p_counter_ids) and (p_from is null or coalesce(e.corrects_recorded_at, e.recorded_at) >= p_from)
$$;
