-- find_repricing_differences returns each corrected row of an organization's ledger whose cost as it is kept is not the sum of the row and its
-- corrections, or not that of its parts by the price and the multiplier that are kept, and corrections of rows of which no cost is kept. Called in the
-- same statement as find_ledger_differences, both read the same snapshot.
create or replace function find_repricing_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  with costs as (
    select k.usage_event_id, k.cost_nanos::numeric as kept, 0::numeric as corrections
    from repriced_events k where k.organization_id = p_organization_id
    union all
    select e.corrects, 0, e.cost_nanos from usage_events e
    where e.organization_id = p_organization_id and e.corrects is not null and e.corrects_recorded_at >= (select ledger_begin())
  ), sums as materialized (
    select c.usage_event_id, sum(c.kept) as kept, sum(c.corrections) as corrections from costs c group by c.usage_event_id
  )
  select p_organization_id, v.what, external_id('evt', s.usage_event_id), s.kept, coalesce(v.nanos, -1)
  from sums s
  left join repriced_events k on k.organization_id = p_organization_id and k.usage_event_id = s.usage_event_id
  left join usage_events e on e.id = k.usage_event_id and e.recorded_at = k.recorded_at and e.organization_id = p_organization_id
  left join prices p on p.id = k.price_id
  cross join lateral (values
    ('repriced_events sum', e.cost_nanos + s.corrections),
    ('repriced_events cost', nanos_of_picos(cost_of(p.steps, p.step_rates, e.service_tier, e.requests, e.input_tokens, e.cached_input_tokens,
      e.cache_write_tokens, e.cache_write_1h_tokens, e.audio_input_tokens, e.output_tokens, e.reasoning_tokens, e.audio_output_tokens,
      e.images, e.web_searches), k.price_multiplier))) v (what, nanos)
  where v.nanos is distinct from s.kept
$$;
