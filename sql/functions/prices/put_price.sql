-- put_price makes a price from an instant on (null: p_now), and closes the one of the same owner, provider and model that is in effect
-- then; it ends where the next one begins, and no later than p_effective_to (null: not known). change, price_id and previous_id are those of
-- imported_prices: a price with the same rates as the one that is in effect then changes nothing. Without a maximum of output the one of the price
-- that it closes goes on. For rates see normalize_rates.
--
-- Raises prices_history_check for an instant that is over and at which another price was in effect, and the constraints of prices and of
-- normalize_rates. The caller has locked prices.
create or replace function put_price(
  p_organization_id uuid, p_provider text, p_model text, p_is_prefix boolean, p_effective_from timestamptz,
  p_effective_to timestamptz, p_source text, p_checked_at timestamptz, p_max_output_tokens bigint, p_rates jsonb,
  p_now timestamptz,
  out change text, out price_id uuid, out previous_id uuid)
language plpgsql volatile
as $$
declare
  starts_at constant timestamptz := coalesce(p_effective_from, p_now);
  provider_name constant text := lower(p_provider collate "C");
  model_name constant text := lower(p_model collate "C");
  previous prices;
  given constant jsonb := normalize_rates(p_rates);
begin
  select * into previous from prices p
  where p.organization_id is not distinct from p_organization_id and p.provider = provider_name and p.model = model_name
    and p.is_prefix = p_is_prefix and p.effective_from <= starts_at and (p.effective_to is null or p.effective_to > starts_at);
  previous_id := previous.id;
  if previous.id is not null then
    p_max_output_tokens := coalesce(p_max_output_tokens, previous.max_output_tokens);
    if previous.rates = given and previous.max_output_tokens is not distinct from p_max_output_tokens then
      change := 'UNCHANGED';
      price_id := previous.id;
      previous_id := null;
      return;
    end if;
    if starts_at < p_now then
      raise exception 'put_price: another price was in effect at %', starts_at
        using errcode = 'check_violation', constraint = 'prices_history_check';
    end if;
    update prices p set effective_to = starts_at where p.id = previous.id;
  end if;

  insert into prices (organization_id, provider, model, is_prefix, effective_from, effective_to, source, checked_at,
    max_output_tokens, rates, steps, step_rates)
  select p_organization_id, provider_name, model_name, p_is_prefix, starts_at,
    least(p_effective_to, (
      select min(p.effective_from) from prices p
      where p.organization_id is not distinct from p_organization_id and p.provider = provider_name and p.model = model_name
        and p.is_prefix = p_is_prefix and p.effective_from > starts_at and p.effective_to is distinct from p.effective_from)),
    coalesce(p_source, ''), p_checked_at, p_max_output_tokens, given, r.steps, r.step_rates
  from resolve_rates(given) r
  returning id into price_id;
  change := case when previous_id is null then 'NEW' else 'CHANGED' end;
end
$$;
