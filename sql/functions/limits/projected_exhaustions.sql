-- projected_exhaustions returns, for each of the given budgets, when it will be used up if usage goes on as it was on average in the last 7
-- days, or since the budget's period or generation began if that is shorter: the instant itself when nothing is left; null when that is not
-- before the period ends, or within 100 years. Time is taken in whole hours. What is reserved does not count. The arrays hold the budgets
-- and their organizations.
create or replace function projected_exhaustions(p_organization_ids uuid[], p_budget_limit_ids uuid[], p_now timestamptz)
returns setof projected_exhaustions
language plpgsql stable -- which keeps the plan
set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  with budgets as materialized (
    select s.organization_id, s.id, s.counter_id, s.period_end, greatest(s.max_units + s.raised_units - s.used_units, 0) as left_units,
      greatest(period_start('HOUR', p_now - interval '7 days'), s.period_start, l.generation_started_at) as since
    from unnest(p_organization_ids, p_budget_limit_ids) q (organization_id, id)
    join enforced_limits_at(p_now, false) s on s.organization_id = q.organization_id and s.id = q.id and s.kind = 'BUDGET'
    join limits l on l.organization_id = s.organization_id and l.id = s.id
    join counters c on c.organization_id = s.organization_id and c.id = s.counter_id
    where is_over(c.kind, c.period_start, c.period_end, p_now) is not true
  ), recent as (
    select b.id, sum(c.units) as units
    from (
      select b.organization_id, array_agg(b.counter_id) as counter_ids from budgets b group by b.organization_id) o
    cross join lateral budget_charges(o.organization_id, o.counter_ids, period_start('HOUR', p_now - interval '7 days')) c
    join budgets b on b.organization_id = o.organization_id and b.counter_id = c.counter_id
      and c.bucket_start >= period_start('HOUR', b.since)
    group by b.id
  ), projected as (
    select b.id, b.period_end, case when b.left_units = 0 then 0 else b.left_units / nullif(r.units, 0) * extract(epoch from p_now - b.since) end as seconds
    from budgets b
    left join recent r on r.id = b.id
  )
  select p.id, e.exhausted_at
  from projected p
  cross join lateral (
    select case when p.seconds <= 100 * 365.25 * 86400 then p_now + make_interval(secs => p.seconds::double precision) end as exhausted_at) e
  where e.exhausted_at < p.period_end or (p.period_end is null and e.exhausted_at is not null);
end
$$;
