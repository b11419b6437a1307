-- import_prices makes prices, all of them or none, and returns for each what it has done (see imported_prices), in the order of their beginnings.
-- The list is a JSON array of objects: provider, model (with a * at its end: of all models whose names begin so), rates, an array of
-- objects with unit, picos (pico-dollars for one unit, a whole number), above_input_tokens (default 0) and service_tier (default STANDARD), and optionally
-- organization_id (else everybody's), effective_from (else now), effective_to (else the beginning of the next one in the list, or
-- not known), source, checked_at and max_output_tokens.
--
-- What is in effect with the same rates is not touched. Any other price of now is made from now on, as history is not rewritten; one of a
-- time that is over only for times in which there was no price. Raises prices_overlap_excl for two prices of one provider and model
-- whose times overlap, and the constraints of prices and normalize_rates. p_now is null in production. Runs as the owner:
-- servers may not write prices.
create or replace function import_prices(p_prices jsonb, p_now timestamptz default null)
returns setof imported_prices
language plpgsql volatile security definer
set search_path from current
as $$
declare
  imported_at timestamptz;
  item record;
  starts_at timestamptz;
  put record;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  perform lock_prices();
  imported_at := coalesce(p_now, clock_timestamp());
  for item in
    with list as (
      select n.index, n.organization_id, lower(n.provider collate "C") as provider, lower(rtrim(n.model, '*') collate "C") as model,
        n.model like '%*' as is_prefix, n.model like '%**' as is_malformed, coalesce(n.effective_from, imported_at) as effective_from,
        n.effective_to, n.source, n.checked_at, n.max_output_tokens, n.rates
      from rows from (jsonb_to_recordset(p_prices) as (organization_id uuid, provider text, model text, effective_from timestamptz,
        effective_to timestamptz, source text, checked_at timestamptz, max_output_tokens bigint, rates jsonb))
        with ordinality n (organization_id, provider, model, effective_from, effective_to, source, checked_at, max_output_tokens, rates, index)
    )
    select l.*, coalesce(l.effective_to, l.next_from) as ends_at, coalesce(coalesce(l.effective_to, l.next_from) > l.next_from
      or l.next_from = l.effective_from, false) as overlaps
    from (
      select l.*, lead(l.effective_from) over (
        partition by l.organization_id, l.provider, l.model, l.is_prefix order by l.effective_from, l.index) as next_from
      from list l) l
    order by l.effective_from, l.index
  loop
    if item.overlaps or item.effective_to <= item.effective_from then
      raise exception 'import_prices: price % of % % overlaps another one, or is of no time', item.index, item.provider, item.model
        using errcode = 'exclusion_violation', constraint = 'prices_overlap_excl';
    end if;
    if acts_for_organization(item.organization_id) is not true then
      raise exception 'import_prices: % may not set price %', acting_role(), item.index using errcode = 'insufficient_privilege';
    end if;
    if item.is_malformed or item.provider is null or item.model is null then
      raise exception 'import_prices: price % has no provider or model, or a malformed one', item.index
        using errcode = 'check_violation', constraint = 'prices_model_check';
    end if;
    starts_at := item.effective_from;
    if starts_at < imported_at then
      starts_at := import_start(item.organization_id, item.provider, item.model, item.is_prefix, starts_at, item.ends_at, imported_at);
    end if;
    if starts_at is null then
      return query select item.index::integer, 'KEPT', null::uuid, null::uuid;
      continue;
    end if;
    put := put_price(item.organization_id, item.provider, item.model, item.is_prefix, starts_at, item.ends_at, item.source, item.checked_at,
      item.max_output_tokens, item.rates, imported_at);
    return query select item.index::integer, put.change, put.price_id, put.previous_id;
  end loop;
end
$$;
