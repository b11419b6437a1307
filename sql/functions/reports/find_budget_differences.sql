-- find_budget_differences returns each hour in which what is stored of charges to the current periods of an organization's budgets differs from
-- its ledger, up to where that was read. Called in the same statement as find_ledger_differences, both read the same snapshot. Hours whose
-- ledger was dropped are left out.
create or replace function find_budget_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with hours as (
    select c.id as counter_id, c.period_number, budget_bucket(c.calendar, coalesce(e.corrects_recorded_at, e.recorded_at)) as bucket_start, 0 as stored,
      units_of(c.type, e.requests, e.input_tokens + e.output_tokens, e.cost_nanos) as expected
    from usage_events e
    cross join lateral unnest(e.counter_ids, e.period_numbers) q (counter_id, period_number)
    join counters c on c.organization_id = e.organization_id and c.id = q.counter_id and c.period_number = q.period_number and c.kind = 'BUDGET'
    where e.organization_id = p_organization_id and coalesce(e.corrects_recorded_at, e.recorded_at) >= (select ledger_begin())
      and e.position <= (select w.budget_position from rollup_watermarks w where w.organization_id = p_organization_id)
    union all
    select c.id, b.period_number, b.bucket_start, b.units, 0
    from budget_hours b
    join counters c on c.organization_id = b.organization_id and c.id = b.counter_id and c.period_number = b.period_number
    where b.organization_id = p_organization_id and b.bucket_start >= (select ledger_begin())
  ), compared as (
    select h.counter_id, h.period_number, h.bucket_start, sum(h.stored) as stored, sum(h.expected) as expected
    from hours h group by 1, 2, 3
  )
  select p_organization_id, 'budget_hours units', external_id('bud', c.limit_id) || ' period ' || d.period_number || ' ' || d.bucket_start,
    d.stored, d.expected
  from compared d
  join counters c on c.organization_id = p_organization_id and c.id = d.counter_id
  where d.stored <> d.expected
$$;
