-- denials_of returns why requests are refused, as a JSON array each. The arrays are pairs of a request's index and a counter
-- that refused it. retry_at is when the limit opens again; null where only a change of the limit helps,
-- or the end of a request that nobody knows. shadow is true of a limit that refuses nothing because it is in SHADOW, and would have refused. The limits are shown
-- as they stand at p_now; for p_has_expired_holds see counters_of_scopes.
create or replace function denials_of(
  p_refused_requests integer[], p_refused_counter_ids uuid[], p_requests request_batch, p_now timestamptz,
  p_has_expired_holds boolean)
returns table (request_index integer, denials jsonb)
language sql stable
as $$
  with refusing as materialized (
    select s.counter_id, s.id, s.kind, s.type, s.max_units + s.raised_units as max_units, s.period_end, s.mode = 'SHADOW' as shadow,
      case when s.period_end is not null then amount_at(c.max_units, c.raises, s.period_end) end as next_max_units, case when s.subject_type = 'POLICY' then group_limit_json(s, null, null) else to_jsonb(s) end as status
    from enforced_limits_at(p_now, p_has_expired_holds) s
    join counters c on c.id = s.counter_id
    where s.counter_id = any (p_refused_counter_ids)
  )
  select q.request_index, jsonb_agg(
    jsonb_build_object(
      'reason', case
        when e.units > s.max_units then 'ESTIMATE_EXCEEDS_LIMIT'
        when s.kind = 'BUDGET' then 'BUDGET_EXHAUSTED'
        else 'RATE_LIMITED'
      end,
      'retry_at', case when e.units <= s.next_max_units then s.period_end end,
      'estimate_units', e.units,
      'limit', s.status) || case when s.shadow then '{"shadow": true}' else '{}' end::jsonb
    order by s.kind, s.id)
  from unnest(p_refused_requests, p_refused_counter_ids) q (request_index, counter_id)
  join refusing s on s.counter_id = q.counter_id
  cross join lateral (
    select units_of(s.type, (p_requests).requests[q.request_index], (p_requests).tokens[q.request_index],
      (p_requests).cost_nanos[q.request_index]) as units) e
  group by q.request_index
$$;
