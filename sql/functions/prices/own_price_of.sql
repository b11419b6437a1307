-- own_price_of returns the id of an organization's own price of a provider's model at an instant: see find_price, which calls it for organizations
-- that have prices. Null when there is none. It is PL/pgSQL, which keeps the plan, and which costs nothing until it is called.
create or replace function own_price_of(p_organization_id uuid, p_provider text, p_model text, p_at timestamptz) returns uuid
language plpgsql stable
as $$
begin
  return (
    select o.id
    from generate_series(0, char_length(p_model)) n (length)
    cross join lateral (
      select o.id, o.is_prefix from prices o
      where o.organization_id = p_organization_id and o.provider = p_provider and o.model = left(p_model, n.length)
        and (o.is_prefix or n.length = char_length(p_model))
        and o.effective_from <= p_at and (o.effective_to is null or o.effective_to > p_at)
      offset 0) o
    order by o.is_prefix, n.length desc
    limit 1);
end
$$;
