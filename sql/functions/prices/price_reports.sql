-- price_reports returns what reports cost, in nano-dollars. A cost that is given stays; -1 is not given: then it is computed from all parts of the
-- usage by the price that the report's reservation fixed, at the service tier that the report names, else that of the reservation. A report of another
-- model than its reservation is priced by that model's price of then, with the reservation's as a last resort. Usage that nothing
-- reserved, or that was reserved without a price, has the price of p_now. What a report does not name is its reservation's.
--
-- Usage without a price costs 0 and is unpriced: usage of a model, and any tokens, images or searches. Raises usage_events_cost_most_check
-- for a cost that 64 bits of nano-dollars do not hold. For the order of quantities and labels see book_usage.
--
-- One statement prices the batch, with one look-up for each organization, provider, model and price of a reservation: a loop would take longer
-- for each report than that. A database without prices takes the first one.
create or replace function price_reports(
  p_scopes grouped_scope_batch, p_reports report_batch, p_reservations priced_reservation_batch, p_now timestamptz)
returns price_batch
language plpgsql stable
as $$
declare
  quantities constant bigint[] := p_reports.quantities;
  labels constant text[] := p_reports.labels;
  given_nanos constant bigint[] := p_reports.cost_nanos;
  named constant named_reservation[] := p_reservations.of_reports;
  reservations constant reserved_price[] := p_reservations.prices;
  most numeric;
  prices price_batch;
begin
  if not exists (select from prices) then
    select array_agg(case when q.is_asked then 0 else q.cost_nanos end), case when bool_or(q.is_unpriced) then array_agg(q.is_unpriced) end
    into prices.cost_nanos, prices.unpriced
    from (
      select q.index, q.cost_nanos, q.cost_nanos = -1 as is_asked, q.cost_nanos = -1 and (
        q.model <> '' or coalesce((reservations[q.index]).model, '') <> '' or quantities[2][q.index] + quantities[3][q.index]
          + coalesce(quantities[10][q.index], 0) + coalesce(quantities[11][q.index], 0) > 0) as is_unpriced
      from (
        select q.cost_nanos, q.model, q.index::integer from unnest(given_nanos, labels[2:2]) with ordinality q (cost_nanos, model, index)) q
      order by q.index) q;
    return prices;
  end if;

  select array_agg(case when q.price_id is null then q.given_nanos when q.cost <= 9000000000000000000 then q.cost::bigint end),
    case when count(q.price_id) > 0 then array_agg(q.price_id) end, case when count(q.multiplier) > 0 then array_agg(q.multiplier) end,
    case when bool_or(q.is_unpriced) then array_agg(q.is_unpriced) end, max(q.cost)
  into prices.cost_nanos, prices.price_ids, prices.multipliers, prices.unpriced, most
  from (
    select q.price_id, q.multiplier, case when q.is_asked then 0 else q.given_nanos end as given_nanos,
      q.is_asked and q.price_id is null
        and (q.model <> '' or q.reserved_model <> '' or q.input_tokens + q.output_tokens + q.images + q.web_searches > 0) as is_unpriced,
      case when q.price_id is not null then nanos_of_picos(cost_at(q.step_rates, q.rate_offset, q.requests, q.input_tokens,
        q.cached_input_tokens, q.cache_write_tokens, q.cache_write_1h_tokens, q.audio_input_tokens, q.output_tokens, q.reasoning_tokens,
        q.audio_output_tokens, q.images, q.web_searches), q.multiplier) end as cost
    from (
      select i.index, i.is_asked, given_nanos[i.index] as given_nanos, labels[2][i.index] as model,
        coalesce((reservations[i.index]).model, '') as reserved_model, i.id as price_id, i.step_rates,
        case when i.id = i.reserved_price_id then (reservations[i.index]).multiplier else i.multiplier end as multiplier,
        rate_offset(i.steps, coalesce(nullif(labels[4][i.index], '')::service_tier, (reservations[i.index]).service_tier, 'STANDARD'),
          quantities[2][i.index]) as rate_offset,
        case when quantities[1][i.index] >= 0 then quantities[1][i.index] else coalesce((named[i.index]).held_requests, 1) end as requests,
        quantities[2][i.index] as input_tokens, quantities[3][i.index] as output_tokens, quantities[4][i.index] as cached_input_tokens,
        coalesce(quantities[5][i.index], 0) as cache_write_tokens, coalesce(quantities[6][i.index], 0) as cache_write_1h_tokens,
        coalesce(quantities[7][i.index], 0) as reasoning_tokens, coalesce(quantities[8][i.index], 0) as audio_input_tokens,
        coalesce(quantities[9][i.index], 0) as audio_output_tokens, coalesce(quantities[10][i.index], 0) as images,
        coalesce(quantities[11][i.index], 0) as web_searches
      from (
        select unnest(m.indexes) as index, m.is_asked, m.reserved_price_id, f.multiplier, p.id, p.steps, p.step_rates -- found once for all of them
        from (
          select g.is_asked, g.organization_id, g.provider, g.model, g.at, g.reserved_price_id, array_agg(g.index::integer) as indexes
          from (
            select q.index, q.cost_nanos = -1 as is_asked, case when q.cost_nanos = -1 then q.price_id end as reserved_price_id,
              case when n.looks_up then coalesce((named[q.index]).organization_id, p_scopes.organization_ids[q.scope_index]) end as organization_id,
              case when n.looks_up then coalesce(nullif(q.provider, ''), q.reserved_provider, '') else '' end collate "C" as provider,
              case when n.looks_up then coalesce(nullif(q.model, ''), q.reserved_model, '') else '' end collate "C" as model,
              case when n.looks_up then case when q.price_id is null then p_now else q.admitted_at end end as at
            from unnest(p_reports.scope_indexes, given_nanos, labels[1:1], labels[2:2], reservations)
              with ordinality q (scope_index, cost_nanos, provider, model,
                admitted_at, reserved_provider, reserved_model, service_tier, price_id, multiplier, index)
            cross join lateral (
              select q.cost_nanos = -1 and (q.price_id is null
                or (q.model <> '' and lower(q.model collate "C") <> lower(coalesce(q.reserved_model, '') collate "C"))
                or (q.provider <> '' and lower(q.provider collate "C") <> lower(coalesce(q.reserved_provider, q.provider) collate "C")))
                as looks_up) n) g
          group by g.is_asked, g.organization_id, g.provider, g.model, g.at, g.reserved_price_id) m
        cross join lateral find_price(m.organization_id, m.provider, m.model, m.at) f
        left join prices p on p.id = coalesce(f.id, m.reserved_price_id)) i
      offset 0) q
    order by q.index) q;

  if most > 9000000000000000000 then
    raise exception 'price_reports: % nano-dollars are too many', most
      using errcode = 'numeric_value_out_of_range', constraint = 'usage_events_cost_most_check';
  end if;
  return prices;
end
$$;
