-- import_prices makes prices, all of them or none, and returns for each what it has done (see imported_prices).
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
set plan_cache_mode = force_generic_plan
as $$
declare
  imported_at timestamptz;
  put record;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  perform lock_prices();
  imported_at := coalesce(p_now, clock_timestamp());
  -- the first price of each model, then the second of each that has one, and so on: each closes the one before
  for put in
    with list as (
      select n.index, n.organization_id, lower(n.provider collate "C") as provider, lower(rtrim(n.model, '*') collate "C") as model,
        n.model like '%*' as is_prefix, n.model like '%**' as is_malformed, coalesce(n.effective_from, imported_at) as effective_from,
        n.effective_to, n.source, n.checked_at, n.max_output_tokens, n.rates
      from rows from (jsonb_to_recordset(p_prices) as (organization_id uuid, provider text, model text, effective_from timestamptz,
        effective_to timestamptz, source text, checked_at timestamptz, max_output_tokens bigint, rates jsonb))
        with ordinality n (organization_id, provider, model, effective_from, effective_to, source, checked_at, max_output_tokens, rates, index)
    ), ordered as (
      select l.*, lead(l.effective_from) over of_model as next_from, row_number() over of_model as round
      from list l
      window of_model as (partition by l.organization_id, l.provider, l.model, l.is_prefix order by l.effective_from, l.index)
    )
    select array_agg(row(null, l.organization_id, l.provider, l.model, l.is_prefix, l.effective_from, coalesce(l.effective_to, l.next_from),
        l.source, l.checked_at, l.max_output_tokens, l.rates, null, null, null)::prices order by l.effective_from, l.index) as prices,
      array_agg(l.index order by l.effective_from, l.index) as indexes,
      min(l.index) filter (where l.effective_to > l.next_from or l.next_from = l.effective_from or l.effective_to <= l.effective_from) as overlapping,
      min(l.index) filter (where l.is_malformed or l.provider is null or l.model is null) as malformed,
      array_agg(distinct l.organization_id) as organization_ids
    from ordered l
    group by l.round
    order by l.round
  loop
    if put.overlapping is not null then
      raise exception 'import_prices: price % overlaps another one, or is of no time', put.overlapping
        using errcode = 'exclusion_violation', constraint = 'prices_overlap_excl';
    end if;
    if exists (select from unnest(put.organization_ids) o where acts_for_organization(o) is not true) then
      raise exception 'import_prices: % may not set the prices of all owners of the list', acting_role() using errcode = 'insufficient_privilege';
    end if;
    if put.malformed is not null then
      raise exception 'import_prices: price % has no provider or model, or a malformed one', put.malformed
        using errcode = 'check_violation', constraint = 'prices_model_check';
    end if;
    return query select * from import_round(put.prices, put.indexes, imported_at);
  end loop;
end
$$;
