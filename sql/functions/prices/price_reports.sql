-- price_reports returns what reports cost, in nano-dollars. A cost that is given stays; -1 is not given: then it is computed from all parts of the
-- usage by the price that the report's reservation fixed, at the service tier that the report names, else that of the reservation. A report of another
-- model than its reservation is priced by that model's price of then, with the reservation's as a last resort. Usage that nothing
-- reserved, or that was reserved without a price, has the price of p_now. What a report does not name is its reservation's.
--
-- Usage without a price costs 0 and is unpriced: usage of a model, and any tokens, images or searches. Raises usage_events_cost_most_check
-- for a cost that 64 bits of nano-dollars do not hold. For the order of quantities and labels see book_usage.
create or replace function price_reports(
  p_scopes scope_batch, p_reports report_batch, p_reservations priced_reservation_batch, p_now timestamptz)
returns price_batch
language plpgsql stable
as $$
declare
  quantities constant bigint[] := p_reports.quantities;
  labels constant text[] := p_reports.labels;
  reservations constant reserved_price[] := p_reservations.prices;
  reports constant integer := cardinality(p_reports.cost_nanos);
  cost_nanos bigint[] := p_reports.cost_nanos;
  price_ids uuid[] := array_fill(null::uuid, array[reports]);
  multipliers numeric[] := array_fill(null::numeric, array[reports]);
  unpriced boolean[] := array_fill(false, array[reports]);
  models integer[];     -- of each report: the index of its price in found; null: it gives its cost
  found found_prices[];
  price found_prices;
  reserved reserved_price;
  cost numeric;
begin
  if exists (select from prices) then
    with asked as materialized (
      select q.index, dense_rank() over (order by q.price_id, q.organization_id, q.provider, q.model, q.at) as number,
        q.price_id, q.organization_id, q.provider, q.model, q.at
      from (
        select q.index, coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) as organization_id,
          case when n.is_reserved then q.price_id end as price_id,
          case when not n.is_reserved then coalesce(nullif(q.provider, ''), q.reserved_provider, '') end collate "C" as provider,
          case when not n.is_reserved then coalesce(nullif(q.model, ''), q.reserved_model, '') end collate "C" as model,
          case when n.is_reserved then null when q.price_id is null then p_now else q.admitted_at end as at
        from unnest(p_reports.scope_indexes, p_reports.cost_nanos, labels[1:1], labels[2:2], reservations)
          with ordinality q (scope_index, cost_nanos, provider, model,
            organization_id, requests, admitted_at, reserved_provider, reserved_model, service_tier, price_id, multiplier, index)
        cross join lateral (
          select q.price_id is not null
            and (q.model = '' or lower(q.model collate "C") = lower(q.reserved_model collate "C"))
            and (q.provider = '' or lower(q.provider collate "C") = lower(coalesce(q.reserved_provider, q.provider) collate "C"))
            as is_reserved) n
        where q.cost_nanos = -1) q
    )
    select (
      select array_agg(a.number::integer order by q.index)
      from generate_series(1, reports) q (index) left join asked a on a.index = q.index), (
      select array_agg(case when m.price_id is not null then price_with_id(m.price_id) else (
        select f from find_prices(array[m.organization_id], array[m.provider], array[m.model], array[m.at]) f) end order by m.number)
      from (select distinct a.number, a.price_id, a.organization_id, a.provider, a.model, a.at from asked a) m)
    into models, found;
  end if;

  for i in 1 .. reports loop
    continue when cost_nanos[i] <> -1;
    reserved := reservations[i];
    price := found[models[i]];
    if price.id is null and reserved.price_id is not null then
      price := price_with_id(reserved.price_id);
    end if;
    if price.id is null then
      cost_nanos[i] := 0;
      unpriced[i] := labels[2][i] <> '' or coalesce(reserved.model, '') <> ''
        or quantities[2][i] + quantities[3][i] + coalesce(quantities[10][i], 0) + coalesce(quantities[11][i], 0) > 0;
      continue;
    end if;
    price_ids[i] := price.id;
    multipliers[i] := case when price.id = reserved.price_id then reserved.multiplier else price.multiplier end;
    cost := nanos_of_picos(cost_of(
      price.steps, price.step_rates, coalesce(nullif(labels[4][i], '')::service_tier, reserved.service_tier, 'STANDARD'),
      case when quantities[1][i] >= 0 then quantities[1][i] else coalesce(reserved.requests, 1) end,
      quantities[2][i], quantities[4][i], coalesce(quantities[5][i], 0), coalesce(quantities[6][i], 0), coalesce(quantities[8][i], 0),
      quantities[3][i], coalesce(quantities[7][i], 0), coalesce(quantities[9][i], 0), coalesce(quantities[10][i], 0),
      coalesce(quantities[11][i], 0)), multipliers[i]);
    if cost > 9000000000000000000 then
      raise exception 'price_reports: % nano-dollars are too many', cost
        using errcode = 'numeric_value_out_of_range', constraint = 'usage_events_cost_most_check';
    end if;
    cost_nanos[i] := cost;
  end loop;
  return row(cost_nanos, null, price_ids, multipliers, unpriced)::price_batch;
end
$$;
