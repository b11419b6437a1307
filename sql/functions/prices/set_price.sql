-- set_price makes a price of an organization, or everybody's (null), which the operator alone may, from an instant on (null: now), and
-- returns it. For a price with the same rates as the one that is in effect then, it returns that. See put_prices, also for what it raises.
-- p_now is null in production. Runs as the owner: servers may not write prices.
create or replace function set_price(
  p_organization_id uuid, p_provider text, p_model text, p_is_prefix boolean, p_effective_from timestamptz, p_source text,
  p_max_output_tokens bigint, p_rates jsonb, p_now timestamptz default null)
returns setof prices
language plpgsql volatile security definer
set search_path from current
as $$
declare
  set_at timestamptz;
  set_id uuid;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if acts_for_organization(p_organization_id) is not true then
    return;
  end if;
  perform lock_prices();
  set_at := coalesce(p_now, clock_timestamp());
  select p.price_id into set_id
  from put_prices(array[row(null, p_organization_id, p_provider, p_model, p_is_prefix, coalesce(p_effective_from, set_at), null, p_source, set_at,
    p_max_output_tokens, p_rates, null, null, null)::prices], set_at) p;
  return query select * from prices p where p.id = set_id;
end
$$;
