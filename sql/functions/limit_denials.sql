-- limit_denials returns every limit of the given subjects that refuses a request with the given estimate at an instant, as
-- a JSON array; null when all admit it. A limit admits when what is used and held is below it, and with the estimate not
-- above it. retry_at is when the limit opens again; null where only a change of the limit helps.
create or replace function limit_denials(
  p_organization_id uuid, p_subject_ids uuid[], p_requests bigint, p_tokens bigint, p_cost_nanos bigint, p_now timestamptz)
returns jsonb
language sql stable
as $$
  select jsonb_agg(
    jsonb_build_object(
      'reason', case
        when e.units > s.max_units then 'ESTIMATE_EXCEEDS_LIMIT'
        when s.kind = 'BUDGET' then 'BUDGET_EXHAUSTED'
        else 'RATE_LIMITED'
      end,
      'retry_at', case when e.units <= s.max_units then s.period_end end,
      'estimate_units', e.units,
      'limit', s)
    order by s.kind, s.id)
  from limit_statuses_at(p_now) s
  cross join lateral (select units_of(s.type, p_requests, p_tokens, p_cost_nanos) as units) e
  where s.organization_id = p_organization_id and s.subject_id = any (p_subject_ids)
    and not (s.used_units + s.reserved_units < s.max_units and s.used_units + s.reserved_units + e.units <= s.max_units)
$$;
