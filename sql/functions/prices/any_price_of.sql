-- any_price_of returns the id of the price of a model at an instant, of whichever provider: see find_price. Null when there is none, and
-- when several providers have different ones.
create or replace function any_price_of(p_organization_id uuid, p_model text, p_at timestamptz) returns uuid
language plpgsql stable
as $$
begin
  return (
    select case when count(distinct (c.steps, c.step_rates)) = 1 then (array_agg(c.id order by c.provider))[1] end
    from (
      select p.id, p.provider, p.steps, p.step_rates,
        rank() over (order by p.organization_id is null, p.is_prefix, char_length(p.model) desc) as level
      from prices p
      where p.model = any (array(
          select left(lower(p_model collate "C"), n.length) from generate_series(0, char_length(p_model)) n (length)))
        and (p.is_prefix or p.model = lower(p_model collate "C"))
        and (p.organization_id = p_organization_id or p.organization_id is null)
        and p.effective_from <= p_at and (p.effective_to is null or p.effective_to > p_at)) c
    where c.level = 1);
end
$$;
