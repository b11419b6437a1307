-- book_usage stores the reports that are to be booked: it writes the ledger, charges the counters and periods, and gives back
-- what each reservation no longer needs; and it closes reservations. p_charges is what usage without a reservation is charged
-- to (see current_charges), p_added how many counters a report adds (see group_reports), p_prices what was priced (see price_reports), p_draws what reports took out of leases (see draw_on_leases), which is given back. What a report does not say of provider, model and service tier is
-- its reservation's. Amounts are requests, tokens and nano-dollars. Returns the budgets that owe an alert and, with
-- p_wants_rows, the ledger's new rows, each at the index of its report: reading them afterwards would lock every partition. A
-- request id that its organization has used before is a unique_violation; a month without a partition is a check_violation that names no
-- constraint. The caller holds the organizations' locks. Booking and closing are apart, so that a hold can be drawn on by several reports:
-- gives_back_* is what a report takes out of the hold, closes says whether it is the last one: today every report of a reservation is.
--
-- The order of the quantities is that of their indexes below, and that of the labels of their slices: db.ReportedUsage has the
-- same order. A quantity is read by its index, because one that is unnested is copied twice for each report. New ones are appended, because
-- servers of the last release send fewer: what they do not send is null here, and booked as zero, empty or STANDARD.
create or replace function book_usage(
  p_scopes grouped_scope_batch, p_reports report_batch, p_reservations priced_reservation_batch, p_added integer[], p_prices price_batch, p_charges charged_counters[],
  p_decision report_decision_batch, p_draws lease_draw[], p_wants_rows boolean, p_now timestamptz,
  out owing_organization_ids uuid[], out owing_counter_ids uuid[], out owing_period_numbers integer[], out ledger_rows jsonb[])
language plpgsql volatile
as $$
declare
  quantities constant bigint[] := p_reports.quantities;
  labels constant text[] := p_reports.labels;
begin
  with reports as materialized (
    select q.index, p_added[q.index] as added_counters, cardinality(q.counter_ids) - p_added[q.index] as own, q.id, q.reservation_id, q.reservation_id is not null as closes,
      coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) as organization_id,
      coalesce(q.workspace_id, p_scopes.workspace_ids[q.scope_index]) as workspace_id,
      coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) as api_key_id,
      coalesce(q.counter_ids, (p_charges[q.scope_index]).counter_ids, '{}') as counter_ids, coalesce(q.period_numbers, (p_charges[q.scope_index]).period_numbers, '{}') as period_numbers,
      q.status = 'HELD' as gives_back, case q.status when 'HELD' then q.held_requests else 0 end as gives_back_requests,
      case q.status when 'HELD' then q.held_tokens else 0 end as gives_back_tokens, case q.status when 'HELD' then q.held_cost_nanos else 0 end as gives_back_cost_nanos,
      n.requests, greatest(0, n.requests - coalesce(q.held_requests, 0)) as counted_requests,
      quantities[2][q.index] as input_tokens, quantities[3][q.index] as output_tokens, quantities[4][q.index] as cached_input_tokens,
      coalesce(quantities[5][q.index], 0) as cache_write_tokens, coalesce(quantities[6][q.index], 0) as cache_write_1h_tokens,
      coalesce(quantities[7][q.index], 0) as reasoning_tokens, coalesce(quantities[8][q.index], 0) as audio_input_tokens,
      coalesce(quantities[9][q.index], 0) as audio_output_tokens, coalesce(quantities[10][q.index], 0) as images,
      coalesce(quantities[11][q.index], 0) as web_searches,
      coalesce(nullif(q.service_tier, '')::service_tier, q.reserved_tier, 'STANDARD') as service_tier,
      q.cost_nanos, q.price_id, q.price_multiplier, coalesce(q.unpriced, false) as unpriced,
      coalesce(nullif(q.provider, ''), q.reserved_provider, '') as provider, coalesce(nullif(q.model, ''), q.reserved_model, '') as model, q.metadata, q.request_id, q.fingerprint, q.occurred_at
    from unnest(p_reports.scope_indexes, p_decision.ids, p_decision.booked, p_reports.request_ids, p_reports.fingerprints,
        p_reports.cost_nanos, labels[1:1], labels[2:2], labels[3:3], labels[4:4], p_reports.occurred_at,
        p_reservations.of_reports, p_reservations.prices, p_prices.price_ids, p_prices.multipliers, p_prices.unpriced)
      with ordinality q (scope_index, id, booked, request_id, fingerprint, cost_nanos, provider, model, metadata, service_tier, occurred_at,
        reservation_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids, period_numbers,
        admitted_at, reserved_provider, reserved_model, reserved_tier, reserved_price_id, reserved_multiplier, price_id, price_multiplier, unpriced, index)
    cross join lateral (
      select case when quantities[1][q.index] >= 0 then quantities[1][q.index] else coalesce(q.held_requests, 1) end as requests) n
    where q.booked is not false
  ), charges as materialized (
    select q.organization_id, q.counter_id, q.period_number, sum(q.counted_requests) as counted_requests, sum(q.requests) as requests,
      sum(q.tokens) as tokens, sum(q.cost_nanos) as cost_nanos, sum(q.gives_back) as gives_back, sum(q.gives_back_requests) as gives_back_requests,
      sum(q.gives_back_tokens) as gives_back_tokens, sum(q.gives_back_cost_nanos) as gives_back_cost_nanos, sum(q.drawn) as drawn
    from (
      select q.organization_id, t.counter_id, t.period_number, case when t.number > q.own then q.requests else q.counted_requests end,
        q.requests, q.input_tokens + q.output_tokens, q.cost_nanos,
        case when q.gives_back and (t.number > q.own) is not true then 1 else 0 end, case when t.number > q.own then 0 else q.gives_back_requests end,
        case when t.number > q.own then 0 else q.gives_back_tokens end, case when t.number > q.own then 0 else q.gives_back_cost_nanos end, 0
      from reports q, unnest(q.counter_ids, q.period_numbers) with ordinality t (counter_id, period_number, number)
      union all
      select d.organization_id, d.counter_id, d.period_number, 0, 0, 0, 0, 0, d.requests, d.tokens, d.cost_nanos, d.requests
      from unnest(p_draws) d) q (organization_id, counter_id, period_number, counted_requests, requests, tokens, cost_nanos,
        gives_back, gives_back_requests, gives_back_tokens, gives_back_cost_nanos, drawn)
    group by q.organization_id, q.counter_id, q.period_number
  ), charged_counters as (
    update counters c set
      used_units = c.used_units + case c.type
        when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens
        when 'REQUESTS' then case c.kind when 'BUDGET' then s.requests else s.counted_requests end
        else 0 end,
      reserved_units = c.reserved_units - held_units(c.kind, c.type, s.gives_back_requests, s.gives_back_tokens, s.gives_back_cost_nanos, s.gives_back, s.drawn)
    from charges s
    where c.id = s.counter_id and c.period_number = s.period_number
      and case c.type
        when 'COST' then s.cost_nanos > 0 or s.gives_back_cost_nanos > 0
        when 'TOKENS' then s.tokens > 0 or s.gives_back_tokens > 0
        when 'REQUESTS' then case c.kind when 'BUDGET' then s.requests > 0 or s.gives_back_requests > 0 else s.counted_requests > 0 or s.drawn > 0 end
        else s.gives_back > 0 or s.drawn > 0 end
    returning c.organization_id, c.id, c.period_number, c.kind = 'BUDGET' and c.unenforced is distinct from 'DISABLED'
      and owes_alerts(c.used_units, amount_at(c.max_units, c.raises, last_instant(p_now, c.period_end)), c.alert_units, c.alerted_units, c.exhaustion_alerted) as owes
  ), charged_periods as (
    update budget_periods p set
      used_units = p.used_units + case p.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else s.requests end,
      reserved_units = p.reserved_units - held_units('BUDGET', p.type, s.gives_back_requests, s.gives_back_tokens, s.gives_back_cost_nanos, s.gives_back, s.drawn)
    from charges s
    where p.organization_id = s.organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
    returning p.organization_id, p.counter_id, p.period_number,
      owes_alerts(p.used_units, p.max_units, p.alert_units, p.alerted_units, p.exhaustion_alerted) as owes
  ), stored_rows as (
    insert into usage_events (organization_id, id, position, api_key_id, workspace_id, reservation_id, request_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens,
      audio_output_tokens, images, web_searches, service_tier, cost_nanos, provider, model, counted_requests,
      counter_ids, period_numbers, metadata, occurred_at, recorded_at, price_id, price_multiplier, unpriced, added_counters)
    select q.organization_id, q.id, nextval('usage_events_position_seq'), q.api_key_id, q.workspace_id, q.reservation_id,
      nullif(q.request_id, ''), q.requests, q.input_tokens, q.output_tokens, q.cached_input_tokens,
      q.cache_write_tokens, q.cache_write_1h_tokens, q.reasoning_tokens, q.audio_input_tokens, q.audio_output_tokens, q.images,
      q.web_searches, q.service_tier, q.cost_nanos, q.provider, q.model, q.counted_requests, q.counter_ids, q.period_numbers,
      q.metadata::jsonb, coalesce(nullif(q.occurred_at, '0001-01-01 00:00:00+00'), p_now), p_now, q.price_id, q.price_multiplier, q.unpriced, q.added_counters
    from reports q
    order by q.index
    returning id, case when p_wants_rows then to_jsonb(usage_events) end as stored
  ), ledger_request_ids as (
    insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
    select q.organization_id, q.request_id, q.api_key_id, q.fingerprint, q.id, p_now
    from reports q
    where q.request_id <> ''
  ), closed as (
    update reservations r set status = 'SETTLED', closed_at = p_now
    from reports q where r.id = q.reservation_id and q.closes
  )
  select array_agg(o.organization_id), array_agg(o.id), array_agg(o.period_number),
    case when p_wants_rows then (
      select array_agg(s.stored order by d.index)
      from unnest(p_decision.ids) with ordinality d (id, index) left join stored_rows s on s.id = d.id) end
  into owing_organization_ids, owing_counter_ids, owing_period_numbers, ledger_rows
  from (
    select c.organization_id, c.id, c.period_number from charged_counters c where c.owes
    union all
    select p.organization_id, p.counter_id, p.period_number from charged_periods p where p.owes) o;
end
$$;
