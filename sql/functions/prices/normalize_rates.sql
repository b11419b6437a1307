-- normalize_rates returns rates as prices keeps them, from a JSON array of objects with unit, picos, and optionally above_input_tokens
-- (default 0) and service_tier (default STANDARD). Raises prices_rates_key for two rates of the same unit, service tier and size,
-- and prices_picos_check for a rate without a unit or below 0. What is no number or no unit is an error of PostgreSQL's.
create or replace function normalize_rates(p_rates jsonb) returns jsonb
language plpgsql immutable
as $$
declare
  rates record;
begin
  select jsonb_agg(jsonb_build_object(
      'unit', r.unit, 'service_tier', d.tier, 'above_input_tokens', d.tokens, 'picos', r.picos) order by r.unit, d.tier, d.tokens) as list,
    count(*) > count(distinct (r.unit, d.tier, d.tokens)) as repeated,
    coalesce(bool_or(r.unit is null or coalesce(r.picos, -1) < 0 or d.tokens < 0), false) as malformed
  into rates
  from jsonb_to_recordset(coalesce(p_rates, '[]')) r (unit price_unit, service_tier service_tier, above_input_tokens bigint, picos bigint)
  cross join lateral (
    select coalesce(r.service_tier, 'STANDARD') as tier, coalesce(r.above_input_tokens, 0) as tokens) d;
  if rates.malformed then
    raise exception 'normalize_rates: a rate has no unit, no price, or one below 0'
      using errcode = 'check_violation', constraint = 'prices_picos_check';
  end if;
  if rates.repeated then
    raise exception 'normalize_rates: two rates of the same unit, service tier and size of input'
      using errcode = 'unique_violation', constraint = 'prices_rates_key';
  end if;
  return coalesce(rates.list, '[]');
end
$$;
