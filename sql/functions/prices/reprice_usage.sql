-- reprice_usage looks at the next rows of an organization's ledger, at most p_limit of them, that a repricing is about, and corrects those that
-- cost something else by the prices that are known now: those that a price has computed, and those that had none. A cost that a gateway
-- gave stays, and so does one for which there is no price now. The price is that of the instant at which the row was priced: when its
-- reservation was admitted, if that fixed a price, else when it was recorded.
--
-- A correction is a row of the ledger with the difference, which may be negative. It is charged to the budgets and periods that the
-- corrected row was charged to, whether they are over or not, and alerts that are due by it are raised. The repricing's position moves on in the
-- same transaction, so that each row is corrected once. The organization is locked meanwhile. Returns whether the repricing is finished. p_now
-- is null in production.
create or replace function reprice_usage(p_organization_id uuid, p_repricing_id uuid, p_limit integer, p_now timestamptz default null)
returns boolean
language plpgsql volatile
as $$
declare
  repricing repricings;
  repriced_at timestamptz;
  reached bigint;
  looked_at bigint;
  corrected bigint;
  difference numeric;
  first_written bigint; -- positions
  last_written bigint;
  owing_counter_ids uuid[];
  owing_period_numbers integer[];
begin
  perform lock_organizations(array[p_organization_id]);
  repriced_at := coalesce(p_now, clock_timestamp());
  select r.* into repricing from repricings r where r.organization_id = p_organization_id and r.id = p_repricing_id for update;
  if repricing.id is null or repricing.finished_at is not null then
    return true;
  end if;
  if repricing.position is null then
    -- the clock may have been set back by an hour
    repricing.first_position := ledger_position_at(p_organization_id, repricing.from_time - interval '1 hour') - 1;
    repricing.last_position := ledger_position_at(p_organization_id, repricing.to_time + interval '1 hour') - 1;
    repricing.position := repricing.first_position;
  end if;
  select n.last into reached from next_positions(p_organization_id, repricing.position, p_limit) n;
  reached := least(coalesce(reached, repricing.last_position), repricing.last_position);
  perform create_usage_partitions(0, repriced_at);

  with events as materialized (
    select e.*, coalesce(nullif(e.provider, ''), r.provider, '') as priced_provider, coalesce(nullif(e.model, ''), r.model, '') as priced_model,
      case
        when e.reservation_id is null or e.price_id is null or (r.id is not null and r.price_id is null) then e.recorded_at
        when r.id is not null then r.admitted_at
        -- the reservation is past its retention; its id begins with the milliseconds
        else to_timestamp(('x' || left(replace(e.reservation_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
      end as priced_at
    from usage_events e
    left join reservations r on r.id = e.reservation_id
    where e.organization_id = p_organization_id and e.position > repricing.position and e.position <= reached
      and e.recorded_at >= repricing.from_time and e.recorded_at < repricing.to_time
      and e.corrects is null and (e.unpriced or e.price_id is not null)
  ), priced as materialized (
    select e.*, f.id as new_price_id, f.multiplier as new_multiplier, coalesce(c.cost_nanos, e.cost_nanos) as known_cost_nanos,
      e.unpriced and c.usage_event_id is null as is_unpriced,
      nanos_of_picos(cost_of(f.steps, f.step_rates, e.service_tier, e.requests, e.input_tokens, e.cached_input_tokens, e.cache_write_tokens,
        e.cache_write_1h_tokens, e.audio_input_tokens, e.output_tokens, e.reasoning_tokens, e.audio_output_tokens, e.images,
        e.web_searches), f.multiplier) as new_cost_nanos
    from events e
    cross join lateral find_price(e.organization_id, e.priced_provider, e.priced_model, e.priced_at) f
    left join repriced_events c on c.organization_id = e.organization_id and c.usage_event_id = e.id
    where f.id is not null and (repricing.model is null or lower(e.priced_model collate "C") = repricing.model)
  ), changed as materialized (
    select p.*, uuid_v7(repriced_at) as correction_id, (p.new_cost_nanos - p.known_cost_nanos)::bigint as difference_nanos
    from priced p
    where (p.is_unpriced or p.new_cost_nanos <> p.known_cost_nanos) and p.new_cost_nanos <= 9000000000000000000
  ), charges as materialized (
    select t.counter_id, t.period_number, sum(c.difference_nanos) as cost_nanos
    from changed c, unnest(c.counter_ids, c.period_numbers) t (counter_id, period_number)
    group by t.counter_id, t.period_number
    having sum(c.difference_nanos) <> 0
  ), charged_counters as (
    update counters c set used_units = c.used_units + s.cost_nanos
    from charges s
    where c.organization_id = p_organization_id and c.id = s.counter_id and c.period_number = s.period_number and c.type = 'COST'
    returning c.id, c.period_number, c.kind = 'BUDGET'
      and c.unenforced is distinct from 'DISABLED' and
      owes_alerts(c.used_units, amount_at(c.max_units, c.raises, last_instant(repriced_at, c.period_end)), c.alert_units, c.alerted_units, c.exhaustion_alerted) as owes
  ), charged_periods as (
    update budget_periods p set used_units = p.used_units + s.cost_nanos
    from charges s
    where p.organization_id = p_organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number and p.type = 'COST'
    returning p.counter_id as id, p.period_number,
      owes_alerts(p.used_units, p.max_units, p.alert_units, p.alerted_units, p.exhaustion_alerted) as owes
  ), corrections as (
    insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens,
      cached_input_tokens, service_tier, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, metadata, occurred_at,
      recorded_at, price_id, price_multiplier, corrects, corrects_recorded_at, priced_requests, prices_unpriced)
    select c.organization_id, c.correction_id, nextval('usage_events_position_seq'), c.api_key_id, c.workspace_id, 0, 0, 0,
      0, c.service_tier, c.difference_nanos, c.provider, c.model, 0, c.counter_ids, c.period_numbers, c.metadata, c.occurred_at,
      repriced_at, c.new_price_id, c.new_multiplier, c.id, c.recorded_at, case when c.is_unpriced then c.requests else 0 end,
      case when c.is_unpriced then true end
    from changed c
    order by c.position
    returning position
  ), known as (
    insert into repriced_events as k (organization_id, usage_event_id, recorded_at, cost_nanos, price_id, price_multiplier)
    select c.organization_id, c.id, c.recorded_at, c.new_cost_nanos, c.new_price_id, c.new_multiplier from changed c
    on conflict (organization_id, usage_event_id) do update set
      cost_nanos = excluded.cost_nanos, price_id = excluded.price_id, price_multiplier = excluded.price_multiplier
  )
  select (select count(*) from priced), (select count(*) from changed), (select coalesce(sum(c.difference_nanos), 0) from changed c),
    (select min(c.position) from corrections c), (select max(c.position) from corrections c), array_agg(o.id), array_agg(o.period_number)
  into looked_at, corrected, difference, first_written, last_written, owing_counter_ids, owing_period_numbers
  from (
    select c.id, c.period_number from charged_counters c where c.owes
    union all
    select p.id, p.period_number from charged_periods p where p.owes) o;
  if first_written is not null then
    update correction_spans s set last_position = last_written
    where s.organization_id = p_organization_id
      and s.first_position = (select max(l.first_position) from correction_spans l where l.organization_id = p_organization_id)
      and s.last_position = (select max(e.position) from usage_events e where e.organization_id = p_organization_id and e.position < first_written);
    if not found then
      insert into correction_spans (organization_id, first_position, last_position) values (p_organization_id, first_written, last_written);
    end if;
  end if;
  if owing_counter_ids is not null then
    perform raise_alerts(p_organization_id, owing_counter_ids, owing_period_numbers, null::bigint[], repriced_at);
  end if;
  update repricings r set position = reached, first_position = repricing.first_position, last_position = repricing.last_position,
    first_correction = coalesce(r.first_correction, first_written),
    last_correction = coalesce(last_written, r.last_correction), events = r.events + looked_at, corrections = r.corrections + corrected, difference_nanos = r.difference_nanos + difference,
    finished_at = case when reached >= repricing.last_position then repriced_at end
  where r.organization_id = p_organization_id and r.id = p_repricing_id;
  return reached >= repricing.last_position;
end
$$;
