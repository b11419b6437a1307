-- price_with_id returns the price with an id, in the form of find_prices. Null when there is none.
create or replace function price_with_id(p_id uuid) returns found_prices
language plpgsql stable
as $$
declare
  price found_prices;
begin
  select 1, p.id, null, p.max_output_tokens, p.steps, p.step_rates into price from prices p where p.id = p_id;
  return price;
end
$$;
