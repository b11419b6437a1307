-- price_requests returns what requests hold at most, by the prices of their models at an instant: tokens and nano-dollars. -1 is not given,
-- in the requests' tokens and nano-dollars, which are computed then, and in p_sizes. What is given stays. The order of p_labels (two dimensions) is provider,
-- model, service tier (empty: STANDARD) and metadata, that of p_sizes input tokens and the most output tokens; without the latter it is
-- the price's. Images and searches follow where a request of the batch has any. Prices are those that find_price finds, one look-up for each organization, provider and model.
--
-- Of the output that a request may have it holds what its API key's policy says (see held_outputs).
--
-- A request of which nobody knows the cost holds none. It is unpriced, which denies it, if a budget of dollars would have to be charged,
-- unless its organization allows that.
--
-- One statement prices the batch: a loop would take longer for each request than the look-up. Each array is read by its index, because
-- another one to unnest would be copied.
create or replace function price_requests(
  p_scopes grouped_scope_batch, p_requests request_batch, p_labels text[], p_sizes bigint[], p_now timestamptz)
returns price_batch
language plpgsql stable
as $$
declare
  requests constant bigint[] := p_requests.requests;
  tokens constant bigint[] := p_requests.tokens;
  cost_nanos constant bigint[] := p_requests.cost_nanos;
  shares integer[];
  most bigint[];
  any_unpriced boolean;
  any_pieces constant boolean := array_length(p_sizes, 1) > 2;
  prices price_batch;
begin
  if exists (select from estimate_rules e where e.organization_id = any (p_scopes.organization_ids)) then
    select h.shares, h.most into shares, most from held_outputs(p_scopes, p_requests.scope_indexes, p_labels[2:2]) h;
  end if;

  select array_agg(r.cost_nanos), array_agg(r.tokens), array_agg(r.price_id),
    case when bool_or(r.multiplier is not null) then array_agg(r.multiplier) end, array_agg(r.unpriced), bool_or(r.unpriced)
  into prices.cost_nanos, prices.tokens, prices.price_ids, prices.multipliers, prices.unpriced, any_unpriced
  from (
    select q.price_id, q.multiplier, case when q.tokens = -1 then greatest(q.input, 0) + q.output else q.tokens end as tokens,
      q.cost_nanos = -1 and q.price_id is null and q.model <> '' as unpriced,
      case
        when q.cost_nanos <> -1 then q.cost_nanos
        when q.price_id is null then 0
        else least(9223372036854775807, nanos_of_picos(
          upper_bound_of(q.steps, q.step_rates, q.service_tier, q.requests, q.bound_input, q.bound_output, q.bound_tokens)
            + case when any_pieces then upper_bound_of_pieces(q.steps, q.step_rates, q.service_tier, q.bound_input + q.bound_tokens,
              p_sizes[3][q.index], p_sizes[4][q.index]) else 0 end, q.multiplier))::bigint
      end as cost_nanos
    from (
      select r.*,
        -- what is known of the size: input and output, or tokens and how much of them is output at most, or tokens alone
        case when r.input <> -1 or r.tokens <= 0 then greatest(r.input, 0) when r.asked_output <> -1 then greatest(r.tokens - r.output, 0) else 0 end as bound_input,
        case when r.input <> -1 or r.tokens <= 0 or r.asked_output <> -1 then r.output else 0 end as bound_output,
        case when r.input <> -1 or r.tokens <= 0 or r.asked_output <> -1 then 0 else r.tokens end as bound_tokens
      from (
        select s.index, s.price_id, s.multiplier, s.steps, s.step_rates, s.model, s.input, s.asked_output, s.requests, s.tokens, s.cost_nanos,
          s.service_tier, least(case when s.share is null then s.most_output else ceil(s.most_output * s.share / 100.0)::bigint end, s.most) as output
        from (
          select i.index, i.id as price_id, i.multiplier, i.steps, i.step_rates, i.model, p_sizes[1][i.index] as input,
            p_sizes[2][i.index] as asked_output,
            case when p_sizes[2][i.index] <> -1 then p_sizes[2][i.index] else coalesce(i.max_output_tokens, 0) end as most_output,
            shares[i.index] as share, most[i.index] as most, requests[i.index] as requests, tokens[i.index] as tokens, cost_nanos[i.index] as cost_nanos,
            coalesce(nullif(p_labels[3][i.index], '')::service_tier, 'STANDARD') as service_tier
          from (
            select unnest(m.indexes) as index, m.model, f.* -- found once for all of them
            from (
              select l.organization_id, l.provider, l.model, array_agg(l.index::integer) as indexes
              from (
                select p_scopes.organization_ids[q.scope_index] as organization_id, q.provider collate "C" as provider,
                  q.model collate "C" as model, q.index
                from unnest(p_requests.scope_indexes, p_labels[1:1], p_labels[2:2]) with ordinality q (scope_index, provider, model, index)) l
              group by l.organization_id, l.provider, l.model) m
            cross join lateral find_price(m.organization_id, m.provider, m.model, p_now) f) i
          offset 0) s
        offset 0) r
      offset 0) q
    order by q.index) r;

  prices.unpriced := case when any_unpriced then denied_unpriced(p_scopes, p_requests.scope_indexes, prices.unpriced, p_now) end;
  return prices;
end
$$;
