-- find_ledger_differences recomputes an organization's counters and roll-ups from its reservations and its ledger, and returns
-- each that differs from what is stored, and each limit whose counter is missing or has another definition than the limit (stored
-- 0, expected 1), and each budget that names recipients of thresholds that it has not (stored: how many, expected 0). It is one statement and so reads one snapshot: it is exact under traffic. For ledger rows past their retention
-- it uses dropped_charges; find_rollup_differences compares their hours and days.
-- What is stored and what is expected are rows of one set that is grouped, not tables that are joined: by statistics from before
-- an organization's rows were written, joins are nested loops over all of them, which take minutes where grouping takes seconds.
create or replace function find_ledger_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with units as (
    select c.id as counter_id, c.period_number, c.limit_id, c.kind, c.type, c.used_units, c.reserved_units::numeric as reserved_units,
      0::numeric as counted_requests, 0::numeric as requests, 0::numeric as tokens, 0::numeric as cost_nanos, 0::numeric as held_requests,
      0::numeric as held_tokens, 0::numeric as held_cost_nanos, 0::bigint as held, 0::numeric as leased
    from counters c
    where c.organization_id = p_organization_id
    union all
    select p.counter_id, p.period_number, p.budget_limit_id, 'BUDGET', p.type, p.used_units, p.reserved_units, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from budget_periods p
    where p.organization_id = p_organization_id
    union all
    select c.counter_id, c.period_number, null, null, null, null, null,
      case when c.number > cardinality(e.counter_ids) - e.added_counters then e.requests else e.counted_requests end, e.requests, e.input_tokens + e.output_tokens,
      e.cost_nanos, 0, 0, 0, 0, 0
    from usage_events e, unnest(e.counter_ids, e.period_numbers) with ordinality c (counter_id, period_number, number)
    where e.organization_id = p_organization_id
    union all
    select d.counter_id, d.period_number, null, null, null, null, null, d.requests, d.requests, d.tokens, d.cost_nanos, 0, 0, 0, 0, 0
    from dropped_charges d
    where d.organization_id = p_organization_id
    union all
    select c.counter_id, c.period_number, null, null, null, null, null, case when r.leased is null then r.requests else 0 end, 0, 0, 0,
      case r.status when 'HELD' then r.requests else 0 end,
      case r.status when 'HELD' then r.tokens else 0 end, case r.status when 'HELD' then r.cost_nanos else 0 end, (r.status = 'HELD' and r.leased is null)::integer,
      case when r.status = 'HELD' and r.leased is not null then r.requests else 0 end
    from reservations r, unnest(r.counter_ids, r.period_numbers) c (counter_id, period_number)
    where r.organization_id = p_organization_id
  ), compared as materialized (
    select max(u.kind) as kind, max(u.type) as type, min(u.limit_id::text)::uuid as limit_id, u.period_number,
      sum(u.used_units) as used_units, sum(u.reserved_units) as reserved_units,
      case max(u.type)
        when 'COST' then sum(u.cost_nanos)
        when 'TOKENS' then sum(u.tokens)
        when 'REQUESTS' then case max(u.kind) when 'BUDGET' then sum(u.requests) else sum(u.counted_requests) end
        else 0 end as expected_used,
      held_units(max(u.kind), max(u.type), sum(u.held_requests), sum(u.held_tokens), sum(u.held_cost_nanos), sum(u.held), sum(u.leased)) as expected_reserved
    from units u
    group by u.counter_id, u.period_number
    having max(u.kind) is not null -- else a window that is over
  ), ledger_days as materialized (
    select period_start('HOUR', coalesce(e.corrects_recorded_at, e.recorded_at)) as hour, e.api_key_id, e.provider, e.model, e.service_tier,
      coalesce(e.workspace_id, '00000000-0000-0000-0000-000000000000') as workspace_id, sum(e.requests) as requests,
      sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(e.cached_input_tokens) as cached_input_tokens, sum(e.cache_write_tokens) as cache_write_tokens,
      sum(e.cost_nanos) as cost_nanos, sum(e.cache_write_1h_tokens) as cache_write_1h_tokens,
      sum(e.reasoning_tokens) as reasoning_tokens, sum(e.audio_input_tokens) as audio_input_tokens,
      sum(e.audio_output_tokens) as audio_output_tokens, sum(e.images) as images, sum(e.web_searches) as web_searches,
      sum(case when e.unpriced then e.requests else -e.priced_requests end) as unpriced_requests,
      sum(case when e.unpriced then 1 when e.prices_unpriced then -1 else 0 end) as unpriced_events
    from usage_events e
    where e.organization_id = p_organization_id and coalesce(e.corrects_recorded_at, e.recorded_at) >= (select ledger_begin())
      and e.position <= (select w.position from rollup_watermarks w where w.organization_id = p_organization_id)
    group by 1, 2, 3, 4, 5, 6
  ), ledger_cells as (
    select 'usage_hours' as what, d.hour as bucket_start, d.api_key_id, d.provider, d.model, d.service_tier, d.workspace_id, d.requests,
      d.input_tokens, d.output_tokens, d.cached_input_tokens, d.cache_write_tokens, d.cost_nanos, d.cache_write_1h_tokens, d.reasoning_tokens, d.audio_input_tokens,
      d.audio_output_tokens, d.images, d.web_searches, d.unpriced_requests, d.unpriced_events
    from ledger_days d
    union all
    select 'usage_days', period_start('DAY', d.hour), d.api_key_id, d.provider, d.model, d.service_tier, d.workspace_id, sum(d.requests),
      sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos),
      sum(d.cache_write_1h_tokens), sum(d.reasoning_tokens), sum(d.audio_input_tokens), sum(d.audio_output_tokens), sum(d.images),
      sum(d.web_searches), sum(d.unpriced_requests), sum(d.unpriced_events)
    from ledger_days d group by 1, 2, 3, 4, 5, 6, 7
  ), stored_cells as (
    select 'usage_hours' as what, h.bucket_start, h.api_key_id, h.provider, h.model, h.service_tier,
      coalesce(h.workspace_id, '00000000-0000-0000-0000-000000000000') as workspace_id, h.requests, h.input_tokens, h.output_tokens,
      h.cached_input_tokens, h.cache_write_tokens, h.cost_nanos, h.cache_write_1h_tokens, h.reasoning_tokens, h.audio_input_tokens,
      h.audio_output_tokens, h.images, h.web_searches, h.unpriced_requests, h.unpriced_events
    from usage_hours h
    where h.organization_id = p_organization_id and h.bucket_start >= (select ledger_begin())
    union all
    select 'usage_days', d.bucket_start, d.api_key_id, d.provider, d.model, d.service_tier,
      coalesce(d.workspace_id, '00000000-0000-0000-0000-000000000000'), d.requests, d.input_tokens, d.output_tokens,
      d.cached_input_tokens, d.cache_write_tokens, d.cost_nanos, d.cache_write_1h_tokens, d.reasoning_tokens, d.audio_input_tokens,
      d.audio_output_tokens, d.images, d.web_searches, d.unpriced_requests, d.unpriced_events
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
  select p_organization_id, 'counter that follows ' || max(d.kind) || ' ' || max(d.type) filter (where d.is_limit),
    external_id(case max(d.kind) when 'BUDGET' then 'bud' else 'rat' end, d.limit_id), 0, 1
  from (
    select l.id as limit_id, true as is_limit, l.kind, l.type,
      row (l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, thresholds_of(l, l.max_units), l.generation,
        unenforced_of(l)) as definition
    from limits l
    where l.organization_id = p_organization_id and l.policy_id is null -- else see find_group_differences
    union all
    select c.limit_id, false, c.kind, c.type,
      row (c.subject_id, c.subject_type, c.kind, c.type, c.period, c.max_units, c.alert_units, c.generation, c.unenforced)
    from counters c
    where c.organization_id = p_organization_id
  ) d
  group by d.limit_id
  having bool_or(d.is_limit) and (count(*) <> 2 or count(distinct d.definition) <> 1)
  union all
  select p_organization_id, 'recipients of thresholds that the budget has not', external_id('bud', l.id),
    jsonb_array_length(l.alert_recipients) - jsonb_array_length(k.kept), 0
  from limits l
  cross join lateral kept_alert_recipients('{}', l.alert_recipients, l.alert_units, l.alert_percents) k (kept)
  where l.organization_id = p_organization_id and l.alert_recipients <> '[]' and jsonb_array_length(l.alert_recipients) <> jsonb_array_length(k.kept)
  union all
  select p_organization_id, what || ' ' || v.measure,
    external_id('key', api_key_id) || ' ' || bucket_start || ' ' || provider || ' ' || model || ' ' || service_tier,
    coalesce(v.stored, 0), coalesce(v.expected, 0)
  from stored_cells s
  full join ledger_cells l using (what, bucket_start, api_key_id, provider, model, service_tier, workspace_id)
  cross join lateral (values
    ('requests', s.requests, l.requests), ('input_tokens', s.input_tokens, l.input_tokens),
    ('output_tokens', s.output_tokens, l.output_tokens), ('cached_input_tokens', s.cached_input_tokens, l.cached_input_tokens),
    ('cache_write_tokens', s.cache_write_tokens, l.cache_write_tokens),
    ('cost_nanos', s.cost_nanos, l.cost_nanos), ('cache_write_1h_tokens', s.cache_write_1h_tokens, l.cache_write_1h_tokens),
    ('reasoning_tokens', s.reasoning_tokens, l.reasoning_tokens), ('audio_input_tokens', s.audio_input_tokens, l.audio_input_tokens),
    ('audio_output_tokens', s.audio_output_tokens, l.audio_output_tokens), ('images', s.images, l.images),
    ('web_searches', s.web_searches, l.web_searches),
    ('unpriced_requests', s.unpriced_requests, l.unpriced_requests),
    ('unpriced_events', s.unpriced_events, l.unpriced_events)) v (measure, stored, expected)
  where coalesce(v.stored, 0) <> coalesce(v.expected, 0)
  union all
  select p_organization_id, 'ledger rows of a reservation', external_id('res', d.reservation_id), sum(d.ledger_rows), sum(d.expected)
  from (
    select r.id as reservation_id, true as is_reservation, 0 as ledger_rows, case r.status when 'SETTLED' then 1 else 0 end as expected
    from reservations r
    where r.organization_id = p_organization_id
    union all
    select e.reservation_id, false, 1, 0
    from usage_events e
    where e.organization_id = p_organization_id and e.reservation_id is not null
  ) d
  group by d.reservation_id
  having bool_or(d.is_reservation) and sum(d.ledger_rows) <> sum(d.expected) -- else a reservation past its retention
$$;
