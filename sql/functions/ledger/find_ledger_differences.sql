-- find_ledger_differences recomputes an organization's counters and roll-ups from its reservations and its ledger, and returns
-- each that differs from what is stored, and each limit whose counter is missing or has another definition than the limit (stored
-- 0, expected 1). It is one statement and so reads one snapshot: it is exact under traffic. For ledger rows past their retention
-- it uses dropped_charges; find_rollup_differences compares their hours and days.
create or replace function find_ledger_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with charges as materialized (
    select c.counter_id, c.period_number, sum(c.requests) as requests, sum(c.tokens) as tokens, sum(c.cost_nanos) as cost_nanos
    from (
      select c.counter_id, c.period_number, e.counted_requests as requests, e.input_tokens + e.output_tokens as tokens,
        e.cost_nanos
      from usage_events e, unnest(e.counter_ids, e.period_numbers) c (counter_id, period_number)
      where e.organization_id = p_organization_id
      union all
      select d.counter_id, d.period_number, d.requests, d.tokens, d.cost_nanos from dropped_charges d
      where d.organization_id = p_organization_id
    ) c
    group by 1, 2
  ), reserved as materialized (
    select c.counter_id, c.period_number, sum(r.requests) as requests,
      sum(r.tokens) filter (where r.status = 'HELD') as tokens,
      sum(r.cost_nanos) filter (where r.status = 'HELD') as cost_nanos
    from reservations r, unnest(r.counter_ids, r.period_numbers) c (counter_id, period_number)
    where r.organization_id = p_organization_id
    group by 1, 2
  ), periods as (
    select c.kind, c.type, c.id, c.limit_id, c.period_number, c.used_units, c.reserved_units from counters c
    where c.organization_id = p_organization_id
    union all
    select 'BUDGET', p.type, p.counter_id, p.budget_limit_id, p.period_number, p.used_units, p.reserved_units from budget_periods p
    where p.organization_id = p_organization_id
  ), compared as (
    select c.*,
      coalesce(case c.type when 'COST' then u.cost_nanos when 'TOKENS' then u.tokens else u.requests end, 0)
        + case c.type when 'REQUESTS' then coalesce(r.requests, 0) else 0 end as expected_used,
      coalesce(case c.type when 'COST' then r.cost_nanos when 'TOKENS' then r.tokens end, 0) as expected_reserved
    from periods c
    left join charges u on u.counter_id = c.id and u.period_number = c.period_number
    left join reserved r on r.counter_id = c.id and r.period_number = c.period_number
  ), ledger_days as materialized (
    select period_start('HOUR', e.recorded_at) as hour, e.api_key_id, e.provider, e.model,
      coalesce(e.workspace_id, '00000000-0000-0000-0000-000000000000') as workspace_id, sum(e.requests) as requests,
      sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(e.cached_input_tokens) as cached_input_tokens, sum(e.cache_write_tokens) as cache_write_tokens,
      sum(e.cost_nanos) as cost_nanos
    from usage_events e
    where e.organization_id = p_organization_id and e.recorded_at >= (select ledger_begin())
      and e.position <= (select w.position from rollup_watermarks w where w.organization_id = p_organization_id)
    group by 1, 2, 3, 4, 5
  ), ledger_cells as (
    select 'usage_hours' as what, d.hour as bucket_start, d.api_key_id, d.provider, d.model, d.workspace_id, d.requests,
      d.input_tokens, d.output_tokens, d.cached_input_tokens, d.cache_write_tokens, d.cost_nanos
    from ledger_days d
    union all
    select 'usage_days', period_start('DAY', d.hour), d.api_key_id, d.provider, d.model, d.workspace_id, sum(d.requests),
      sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos)
    from ledger_days d group by 1, 2, 3, 4, 5, 6
  ), stored_cells as (
    select 'usage_hours' as what, h.bucket_start, h.api_key_id, h.provider, h.model,
      coalesce(h.workspace_id, '00000000-0000-0000-0000-000000000000') as workspace_id, h.requests, h.input_tokens, h.output_tokens,
      h.cached_input_tokens, h.cache_write_tokens, h.cost_nanos
    from usage_hours h
    where h.organization_id = p_organization_id and h.bucket_start >= (select ledger_begin())
    union all
    select 'usage_days', d.bucket_start, d.api_key_id, d.provider, d.model,
      coalesce(d.workspace_id, '00000000-0000-0000-0000-000000000000'), d.requests, d.input_tokens, d.output_tokens,
      d.cached_input_tokens, d.cache_write_tokens, d.cost_nanos
    from usage_days d
    where d.organization_id = p_organization_id and d.bucket_start >= (select ledger_begin())
  )
  select p_organization_id, 'used of ' || c.kind || ' ' || c.type,
    external_id(case c.kind when 'BUDGET' then 'bud' else 'rat' end, c.limit_id) || ' period ' || c.period_number,
    c.used_units, c.expected_used
  from compared c where c.used_units <> c.expected_used
  union all
  select p_organization_id, 'reserved of ' || c.kind || ' ' || c.type,
    external_id(case c.kind when 'BUDGET' then 'bud' else 'rat' end, c.limit_id) || ' period ' || c.period_number,
    c.reserved_units, c.expected_reserved
  from compared c where c.reserved_units <> c.expected_reserved
  union all
  select p_organization_id, 'counter that follows ' || l.kind || ' ' || l.type,
    external_id(case l.kind when 'BUDGET' then 'bud' else 'rat' end, l.id), 0, 1
  from limits l
  left join counters c on c.organization_id = l.organization_id and c.limit_id = l.id
  where l.organization_id = p_organization_id
    and (c.subject_id, c.subject_type, c.kind, c.type, c.period, c.max_units, c.alert_units, c.generation)
      is distinct from (l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, l.alert_units, l.generation)
  union all
  select p_organization_id, what || ' ' || v.measure,
    external_id('key', api_key_id) || ' ' || bucket_start || ' ' || provider || ' ' || model,
    coalesce(v.stored, 0), coalesce(v.expected, 0)
  from stored_cells s
  full join ledger_cells l using (what, bucket_start, api_key_id, provider, model, workspace_id)
  cross join lateral (values
    ('requests', s.requests, l.requests), ('input_tokens', s.input_tokens, l.input_tokens),
    ('output_tokens', s.output_tokens, l.output_tokens), ('cached_input_tokens', s.cached_input_tokens, l.cached_input_tokens),
    ('cache_write_tokens', s.cache_write_tokens, l.cache_write_tokens),
    ('cost_nanos', s.cost_nanos, l.cost_nanos)) v (measure, stored, expected)
  where coalesce(v.stored, 0) <> coalesce(v.expected, 0)
  union all
  select p_organization_id, 'ledger rows of a reservation', external_id('res', r.id), count(e.id),
    case r.status when 'SETTLED' then 1 else 0 end
  from reservations r
  left join usage_events e on e.organization_id = r.organization_id and e.reservation_id = r.id
  where r.organization_id = p_organization_id
  group by r.id, r.status
  having count(e.id) <> case r.status when 'SETTLED' then 1 else 0 end
$$;
