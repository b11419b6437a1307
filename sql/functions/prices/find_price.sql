-- find_price returns the price of a model at an instant, and the organization's multiplier of it: one row, of nulls when there is no price.
-- Names are compared in lower case. The organization's price comes before everybody's, that of the whole name before those of its
-- beginnings, a longer beginning before a shorter one. With an empty provider it is the price of any provider, unless several have
-- prices that are equally specific and not the same: then there is none, nor for an empty model. For callers that may read all prices.
--
-- The longest beginning is nearly always the last one that is not behind the name in the order of names: one look-up. Otherwise all beginnings
-- of the name that have a price are beginnings of that one, too, so that only these lengths are tried. Each look-up names provider and
-- model, so that it reads a few rows by whichever index, also before the table is analyzed. It is one statement, so that it is inlined.
create or replace function find_price(p_organization_id uuid, p_provider text, p_model text, p_at timestamptz)
returns setof found_prices
language sql stable
as $$
  select p.id, case when p.id is not null then ( -- of the provider and of all there is one each at most
      select coalesce(max(m.multiplier) filter (where m.provider <> ''), max(m.multiplier)) from price_multipliers m
      where m.organization_id = q.organization_id and m.provider in (p.provider, '') and m.effective_from <= q.at
        and (m.effective_to is null or m.effective_to > q.at)) end,
    p.max_output_tokens, p.steps, p.step_rates
  from (
    select p_organization_id as organization_id, lower(p_provider collate "C") as provider, lower(p_model collate "C") as model, p_at as at
    offset 0) q
  left join lateral (
    select b.id, b.model from prices b
    where b.organization_id is null and b.is_prefix and b.provider = q.provider and b.model <= q.model
      and b.effective_from <= q.at and (b.effective_to is null or b.effective_to > q.at)
    order by b.model desc limit 1) nearest on true
  left join lateral (
    select case when q.model = '' then null when q.provider = '' then any_price_of(q.organization_id, q.model, q.at) else coalesce(
      case when exists (select from prices o where o.organization_id = q.organization_id)
        then own_price_of(q.organization_id, q.provider, q.model, q.at) end, (
      select w.id from prices w
      where w.organization_id is null and not w.is_prefix and w.provider = q.provider and w.model = q.model
        and w.effective_from <= q.at and (w.effective_to is null or w.effective_to > q.at)
      limit 1),
      case when starts_with(q.model, nearest.model) then nearest.id
        when nearest.model <> '' then beginning_price_of(q.provider, q.model, nearest.model, q.at) end) end as id) f on true
  left join prices p on p.id = f.id
$$;
