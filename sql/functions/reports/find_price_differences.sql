-- find_price_differences returns each row of an organization's ledger whose cost is not that of its parts by its price and multiplier, and each
-- price that the organization may see whose computed rates are not those of its rates. Called in the same statement as find_ledger_differences, both read
-- the same snapshot.
create or replace function find_price_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  select p_organization_id, 'usage_events cost', external_id('evt', e.id), e.cost_nanos::numeric, coalesce(c.nanos, -1)
  from usage_events e
  left join prices p on p.id = e.price_id
  cross join lateral (
    select nanos_of_picos(cost_of(p.steps, p.step_rates, e.service_tier, e.requests, e.input_tokens, e.cached_input_tokens,
      e.cache_write_tokens, e.cache_write_1h_tokens, e.audio_input_tokens, e.output_tokens, e.reasoning_tokens, e.audio_output_tokens,
      e.images, e.web_searches), e.price_multiplier) as nanos) c
  where e.organization_id = p_organization_id and e.recorded_at >= (select ledger_begin()) and e.price_id is not null and e.corrects is null
    and e.cost_nanos is distinct from c.nanos
  union all
  select p_organization_id, 'prices rates', external_id('prc', p.id), cardinality(p.step_rates), cardinality(r.step_rates)
  from prices p
  cross join lateral resolve_rates(p.rates) r
  where (p.organization_id = p_organization_id or p.organization_id is null)
    and (p.steps, p.step_rates) is distinct from (r.steps, r.step_rates)
$$;
