-- price_requests returns what requests hold at most, by the prices of their models at an instant: tokens and nano-dollars. -1 is not given,
-- in the requests' tokens and nano-dollars, which are computed then, and in p_sizes. What is given stays. The order of p_labels (two dimensions) is provider,
-- model, service tier (empty: STANDARD) and metadata, that of p_sizes input tokens and the most output tokens; without the latter it is
-- the price's. Prices are those that find_prices finds, one look-up for each organization, provider and model.
--
-- Of the output that a request may have it holds what its API key's policy says (see held_outputs).
--
-- A request of which nobody knows the cost holds none. It is unpriced, which denies it, if a budget of dollars would have to be charged,
-- unless its organization allows that.
create or replace function price_requests(
  p_scopes scope_batch, p_requests request_batch, p_labels text[], p_sizes bigint[], p_now timestamptz)
returns price_batch
language plpgsql stable
as $$
declare
  tokens bigint[] := p_requests.tokens;
  cost_nanos bigint[] := p_requests.cost_nanos;
  price_ids uuid[] := array_fill(null::uuid, array[cardinality(p_requests.tokens)]);
  multipliers numeric[] := array_fill(null::numeric, array[cardinality(p_requests.tokens)]);
  unpriced boolean[];
  models integer[];     -- of each request: the index of its model in found; null: it names none
  found found_prices[];
  price found_prices;
  given_tokens bigint;
  input bigint;
  output bigint;
  held record;
begin
  with asked as materialized (
    select q.index, q.organization_id, q.provider, q.model, dense_rank() over (order by q.organization_id, q.provider, q.model) as number
    from (
      select q.index, p_scopes.organization_ids[q.scope_index] as organization_id, q.provider collate "C" as provider,
        q.model collate "C" as model
      from unnest(p_requests.scope_indexes, p_labels[1:1], p_labels[2:2]) with ordinality q (scope_index, provider, model, index)) q
  )
  select (select array_agg(case when a.model <> '' then a.number::integer end order by a.index) from asked a), (
    select array_agg(f order by m.number)
    from (select distinct a.number, a.organization_id, a.provider, a.model from asked a) m
    cross join lateral find_prices(array[m.organization_id], array[m.provider], array[m.model], array[p_now]) f)
  into models, found;

  held := held_outputs(p_scopes, p_requests.scope_indexes, p_labels[2:2]);
  for i in 1 .. cardinality(models) loop
    given_tokens := tokens[i];
    input := p_sizes[1][i];
    output := p_sizes[2][i];
    price := found[models[i]];
    price_ids[i] := price.id;
    multipliers[i] := price.multiplier;
    if output = -1 then
      output := coalesce(price.max_output_tokens, 0);
    end if;
    if held.shares[i] is not null then
      output := ceil(output * held.shares[i] / 100.0);
    end if;
    output := least(output, held.most[i]);
    if given_tokens = -1 then
      tokens[i] := greatest(input, 0) + output;
    end if;
    continue when cost_nanos[i] <> -1;
    if price.id is not null then
      cost_nanos[i] := least(9223372036854775807, nanos_of_picos(case
          when input <> -1 or given_tokens <= 0 then upper_bound_of(
            price.steps, price.step_rates, coalesce(nullif(p_labels[3][i], '')::service_tier, 'STANDARD'), p_requests.requests[i],
            greatest(input, 0), output, 0)
          when p_sizes[2][i] <> -1 then upper_bound_of(
            price.steps, price.step_rates, coalesce(nullif(p_labels[3][i], '')::service_tier, 'STANDARD'), p_requests.requests[i],
            greatest(given_tokens - output, 0), output, 0)
          else upper_bound_of(
            price.steps, price.step_rates, coalesce(nullif(p_labels[3][i], '')::service_tier, 'STANDARD'), p_requests.requests[i],
            0, 0, given_tokens)
        end, price.multiplier));
    else
      cost_nanos[i] := 0;
      if models[i] is not null then
        unpriced := coalesce(unpriced, array_fill(false, array[cardinality(models)]));
        unpriced[i] := true;
      end if;
    end if;
  end loop;
  if unpriced is not null then
    unpriced := denied_unpriced(p_scopes, p_requests.scope_indexes, unpriced, p_now);
  end if;
  return row(cost_nanos, tokens, price_ids, multipliers, unpriced)::price_batch;
end
$$;
