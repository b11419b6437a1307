-- put_prices makes prices, each from its effective_from on, and closes those of the same owner, provider and model that are in effect
-- then; each ends where the next one begins, and no later than its effective_to (null: not known). No two are of the same owner, provider and
-- model. It returns what it has done with each, by its index (see imported_prices): a price with the same rates as the one that is in effect then
-- changes nothing. Without a maximum of output the one of the price that it closes goes on. The prices' rates are as normalize_rates takes them;
-- their ids and what is computed are ignored.
--
-- Raises prices_history_check for an instant before p_now at which another price was in effect, and the constraints of prices and of
-- normalize_rates. The caller has locked prices.
create or replace function put_prices(p_prices prices[], p_now timestamptz) returns setof imported_prices
language plpgsql volatile
as $$
declare
  made prices[];            -- those that become rows
  done imported_prices[];   -- one for each of p_prices
  rewritten timestamptz;
begin
  with given as materialized (
    select g.*, lower(g.provider collate "C") as provider_name, lower(g.model collate "C") as model_name, coalesce(g.rates, '[]') as rates_given
    from unnest(p_prices) with ordinality g (id, organization_id, provider, model, is_prefix, effective_from, effective_to, source, checked_at,
      max_output_tokens, rates, steps, step_rates, created_at, index)
  ), rates as materialized ( -- many models cost the same
    select g.rates_given, n.rates, r.steps, r.step_rates
    from (select distinct g.rates_given from given g) g
    cross join lateral (select normalize_rates(g.rates_given) as rates offset 0) n
    cross join lateral resolve_rates(n.rates) r
  ), compared as materialized (
    select g.index, p.id as previous_id, p.id is not null and p.rates = r.rates
        and p.max_output_tokens is not distinct from coalesce(g.max_output_tokens, p.max_output_tokens) as is_same,
      row(uuid_v7(), g.organization_id, g.provider_name, g.model_name, g.is_prefix, g.effective_from,
        least(g.effective_to, (
          select min(p.effective_from) from prices p
          where p.organization_id is not distinct from g.organization_id and p.provider = g.provider_name and p.model = g.model_name
            and p.is_prefix = g.is_prefix and p.effective_from > g.effective_from and p.effective_to is distinct from p.effective_from)),
        coalesce(g.source, ''), g.checked_at, coalesce(g.max_output_tokens, p.max_output_tokens), r.rates, r.steps, r.step_rates,
        clock_timestamp())::prices as price
    from given g
    join rates r on r.rates_given = g.rates_given
    left join prices p on p.organization_id is not distinct from g.organization_id and p.provider = g.provider_name and p.model = g.model_name
      and p.is_prefix = g.is_prefix and p.effective_from <= g.effective_from and (p.effective_to is null or p.effective_to > g.effective_from)
  )
  select array_agg(c.price order by c.index) filter (where not c.is_same),
    array_agg(row(c.index, case when c.is_same then 'UNCHANGED' when c.previous_id is null then 'NEW' else 'CHANGED' end,
      case when c.is_same then c.previous_id else (c.price).id end, case when not c.is_same then c.previous_id end)::imported_prices order by c.index),
    min((c.price).effective_from) filter (where not c.is_same and c.previous_id is not null and (c.price).effective_from < p_now)
  into made, done, rewritten
  from compared c;
  if rewritten is not null then
    raise exception 'put_prices: another price was in effect at %', rewritten
      using errcode = 'check_violation', constraint = 'prices_history_check';
  end if;
  update prices p set effective_to = m.effective_from
  from unnest(done) d
  join unnest(made) m on m.id = d.price_id
  where p.id = d.previous_id;
  insert into prices select * from unnest(made);
  return query select * from unnest(done);
end
$$;
