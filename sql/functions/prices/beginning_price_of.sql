-- beginning_price_of returns the id of everybody's price of the longest beginning of a provider's model at an instant, where all beginnings that have
-- one are beginnings of p_nearest as well: see find_price. Null when there is none. It is PL/pgSQL, which keeps the plan, and which costs
-- nothing until it is called.
create or replace function beginning_price_of(p_provider text, p_model text, p_nearest text, p_at timestamptz) returns uuid
language plpgsql stable
as $$
begin
  return (
    select b.id
    from generate_series(0, char_length(p_nearest)) n (length)
    cross join lateral (
      select b.id from prices b
      where b.organization_id is null and b.is_prefix and b.provider = p_provider and b.model = left(p_model, n.length)
        and b.effective_from <= p_at and (b.effective_to is null or b.effective_to > p_at)
      limit 1) b
    where left(p_nearest, n.length) = left(p_model, n.length)
    order by n.length desc
    limit 1);
end
$$;
