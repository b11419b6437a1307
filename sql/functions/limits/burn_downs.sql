-- burn_downs returns, for each of the given budgets, what was used of it in its current period at the end of each bucket, up to an instant:
-- its first point is the beginning of the period, at zero, its last one the instant itself, with all that is used. A budget's period may
-- begin within a bucket. Days, weeks and months are those of the budget's calendar, hours those of the UTC clock. The arrays hold the budgets and their organizations. Raises UB003 if there are more than p_most points (null: no
-- limit). A budget of a policy has none: its groups have their own periods.
create or replace function burn_downs(
  p_organization_ids uuid[], p_budget_limit_ids uuid[], p_interval usage_interval, p_now timestamptz, p_most integer default null)
returns setof burn_down_points
language plpgsql stable -- which keeps the plan
set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  with budgets as materialized (
    select s.organization_id, s.id, s.type, s.max_units + s.raised_units as max_units, s.counter_id, c.calendar, s.period_start, greatest(p_now, s.period_start) as ends,
      usage_bucket_start(p_interval, s.period_start) as first_bucket,
      usage_bucket_start(p_interval, greatest(p_now, s.period_start)) as last_bucket,
      is_over(c.kind, c.period_start, c.period_end, p_now) is true as is_empty
    from unnest(p_organization_ids, p_budget_limit_ids) q (organization_id, id)
    join enforced_limits_at(p_now, false) s on s.organization_id = q.organization_id and s.id = q.id and s.kind = 'BUDGET' and s.subject_type <> 'POLICY'
    join counters c on c.organization_id = s.organization_id and c.id = s.counter_id
  ), local as materialized (
    select b.id, u.bucket_start, u.bucket_end, b.ends
    from budgets b
    cross join lateral local_buckets(p_interval, b.calendar, b.period_start, b.ends) u
    where not (b.calendar is null)
  ), numbers as (
    select sum(n.number) as number
    from budgets b
    cross join lateral (
      select count(*) + 1 as number from local u where u.id = b.id having not (b.calendar is null)
      union all
      select count(*) + 1 from generate_series(b.first_bucket at time zone 'UTC', b.last_bucket at time zone 'UTC',
        usage_bucket_length(p_interval)) having b.calendar is null) n
  ), buckets as (
    select b.id, g.started at time zone 'UTC' as bucket_start,
      least((g.started + usage_bucket_length(p_interval)) at time zone 'UTC', b.ends) as at
    from budgets b
    cross join lateral generate_series(b.first_bucket at time zone 'UTC', b.last_bucket at time zone 'UTC',
      usage_bucket_length(p_interval)) g (started)
    where b.calendar is null and (select bound_buckets(n.number::bigint, p_most) from numbers n)
    union all
    select u.id, u.bucket_start, least(u.bucket_end, u.ends)
    from local u
    where (select bound_buckets(n.number::bigint, p_most) from numbers n)
  ), charges as (
    -- What was recorded outside the period, by a clock that was put back since, counts in its first or its last bucket. usage_bucket_start
    -- would be a call for each row; period_start is inlined.
    select b.id, least(greatest(
        period_start((select (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period),
          c.bucket_start), b.first_bucket), b.last_bucket) as bucket_start,
      sum(c.units) as units
    from (
      select b.organization_id, array_agg(b.counter_id) as counter_ids from budgets b
      where not b.is_empty and b.calendar is null group by b.organization_id) o
    cross join lateral budget_charges(o.organization_id, o.counter_ids) c
    join budgets b on b.organization_id = o.organization_id and b.counter_id = c.counter_id
    group by 1, 2
    union all
    select u.id, u.bucket_start, sum(c.units)
    from (
      select b.organization_id, array_agg(b.counter_id) as counter_ids from budgets b
      where not b.is_empty and not (b.calendar is null) group by b.organization_id) o
    cross join lateral budget_charges(o.organization_id, o.counter_ids) c
    join budgets b on b.organization_id = o.organization_id and b.counter_id = c.counter_id
    join local u on u.id = b.id
      and (u.bucket_start <= c.bucket_start or u.bucket_start <= b.period_start)
      and (u.bucket_end > c.bucket_start or u.bucket_end > b.ends)
    group by 1, 2
  )
  select b.id, b.type, b.max_units, p.at, p.used_units
  from budgets b
  join (
    select b.id, b.period_start as at, 0 as used_units from budgets b where b.ends > b.period_start
    union all
    select u.id, u.at, coalesce(sum(c.units) over (partition by u.id order by u.bucket_start), 0)
    from buckets u
    left join charges c on c.id = u.id and c.bucket_start = u.bucket_start
  ) p on p.id = b.id
  order by b.id, p.at, p.used_units;
end
$$;
