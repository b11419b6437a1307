-- denials_of returns why requests are refused, as a JSON array each: the arrays are pairs of a request's index and the
-- counter of a limit that refused it, and the estimates of all requests. retry_at is when the limit opens again; null where only a change of
-- the limit helps. The limits are shown as they stand at p_now; for p_due see counters_of_callers.
create or replace function denials_of(
  p_refused_requests integer[], p_refused_counter_ids uuid[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[],
  p_now timestamptz, p_due boolean)
returns table (number integer, denials jsonb)
language sql stable
as $$
  with refusing as materialized (
    select s.counter_id, s.id, s.kind, s.type, s.max_units, s.period_end, to_jsonb(s) as status
    from limit_statuses_at(p_now, p_due) s where s.counter_id = any (p_refused_counter_ids)
  )
  select q.number, jsonb_agg(
    jsonb_build_object(
      'reason', case
        when e.units > s.max_units then 'ESTIMATE_EXCEEDS_LIMIT'
        when s.kind = 'BUDGET' then 'BUDGET_EXHAUSTED'
        else 'RATE_LIMITED'
      end,
      'retry_at', case when e.units <= s.max_units then s.period_end end,
      'estimate_units', e.units,
      'limit', s.status)
    order by s.kind, s.id)
  from unnest(p_refused_requests, p_refused_counter_ids) q (number, counter_id)
  join refusing s on s.counter_id = q.counter_id
  cross join lateral (
    select units_of(s.type, p_requests[q.number], p_tokens[q.number], p_cost_nanos[q.number]) as units) e
  group by q.number
$$;
