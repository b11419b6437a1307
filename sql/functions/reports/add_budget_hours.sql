-- add_budget_hours adds the ledger rows of an organization above one position and up to another, recorded at p_from or later, to the hours
-- (see budget_bucket) of those budgets whose current period they were charged to. What was charged to a period that is over is left out: a period does not
-- open again. Its caller has locked the organization's watermark.
create or replace function add_budget_hours(p_organization_id uuid, p_after bigint, p_upto bigint, p_from timestamptz) returns void
language sql volatile
as $$
  insert into budget_hours as b (organization_id, counter_id, period_number, bucket_start, units)
  select p_organization_id, c.id, c.period_number, budget_bucket(c.calendar, coalesce(e.corrects_recorded_at, e.recorded_at)),
    sum(units_of(c.type, e.requests, e.input_tokens + e.output_tokens, e.cost_nanos))
  from usage_events e
  cross join lateral unnest(e.counter_ids, e.period_numbers) q (counter_id, period_number)
  join counters c on c.organization_id = e.organization_id and c.id = q.counter_id and c.period_number = q.period_number and c.kind = 'BUDGET'
  where e.organization_id = p_organization_id and e.position > p_after and e.position <= p_upto and coalesce(e.corrects_recorded_at, e.recorded_at) >= p_from
  group by 2, 3, 4
  on conflict (organization_id, counter_id, period_number, bucket_start) do update set units = b.units + excluded.units
$$;
