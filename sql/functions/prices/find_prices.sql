-- find_prices returns the price of each model at an instant, and the organization's multiplier of it, in the order of the arrays: a row for each
-- element. Names are compared in lower case. The organization's price comes before everybody's, that of the whole name before those of its
-- beginnings, a longer beginning before a shorter one. With an empty provider it is the price of any provider, unless several have
-- prices that are equally specific and not the same: then there is none, nor for an empty model. For callers that may read all prices.
--
-- It is one statement, so that it is inlined.
create or replace function find_prices(p_organization_ids uuid[], p_providers text[], p_models text[], p_at timestamptz[])
returns setof found_prices
language sql stable
as $$
  select q.index, p.id,
    (select m.multiplier from price_multipliers m
      where m.organization_id = q.organization_id and m.provider in (p.provider, '') and m.effective_from <= q.at
        and (m.effective_to is null or m.effective_to > q.at)
      order by m.provider desc limit 1),
    p.max_output_tokens, p.steps, p.step_rates
  from unnest(p_organization_ids, p_providers, p_models, p_at) with ordinality q (organization_id, provider, model, at, index)
  left join lateral (
    select case when q.model = '' then null when q.provider = '' then any_price_of(q.organization_id, q.model, q.at) else (
      select p.id from prices p
      where p.model = any (array(
          select left(lower(q.model collate "C"), n.length) from generate_series(0, char_length(q.model)) n (length)))
        and p.provider = lower(q.provider collate "C") and (p.is_prefix or p.model = lower(q.model collate "C"))
        and (p.organization_id = q.organization_id or p.organization_id is null)
        and p.effective_from <= q.at and (p.effective_to is null or p.effective_to > q.at)
      order by p.organization_id is null, p.is_prefix, char_length(p.model) desc
      limit 1) end as id) f on true
  left join prices p on p.id = f.id
$$;
