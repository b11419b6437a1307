-- import_round makes prices of a list, no two of them of the same owner, provider and model, and returns what it has done with each.
-- p_indexes are their indexes in the list. The caller has locked prices and checked the list.
create or replace function import_round(p_prices prices[], p_indexes bigint[], p_now timestamptz) returns setof imported_prices
language plpgsql volatile
as $$
declare
  put prices[];
  indexes bigint[];  -- of put
  kept bigint[];     -- of those that stay as they are
begin
  with begun as materialized (
    select g.*, p_indexes[g.index] as list_index, case when g.effective_from < p_now then
      import_start(g.organization_id, g.provider, g.model, g.is_prefix, g.effective_from, g.effective_to, p_now) else g.effective_from end as starts_at
    from unnest(p_prices) with ordinality g (id, organization_id, provider, model, is_prefix, effective_from, effective_to, source, checked_at,
      max_output_tokens, rates, steps, step_rates, created_at, index)
  )
  select array_agg(row(null, b.organization_id, b.provider, b.model, b.is_prefix, b.starts_at, b.effective_to, b.source, b.checked_at,
      b.max_output_tokens, b.rates, null, null, null)::prices order by b.index)
      filter (where b.starts_at is not null),
    array_agg(b.list_index order by b.index) filter (where b.starts_at is not null),
    array_agg(b.list_index) filter (where b.starts_at is null)
  into put, indexes, kept
  from begun b;
  return query
    select k.index::integer, 'KEPT', null::uuid, null::uuid from unnest(kept) k (index)
    union all
    select indexes[p.ordinal]::integer, p.change, p.price_id, p.previous_id from put_prices(put, p_now) p;
end
$$;
