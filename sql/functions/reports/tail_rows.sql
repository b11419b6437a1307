-- tail_rows returns what an organization's roll-ups do not have, from p_first to p_last, each with the start of its bucket: the ledger rows that
-- are not rolled up, a correction with the row that it corrects, and unless p_with_denied is false denied requests, those of older days by the day
-- (see denied_until). p_api_key_ids are the keys to which that is restricted (null: all, and requests with unknown keys). It is inlined into the
-- query that calls it.
--
-- With p_bounded it reads no more of the ledger than has been recorded from p_first to p_last, an hour more on either side, as the clock may have
-- been set back so far, and what repricings of that time have written. That is for readers that come back for one time after the other. Else it
-- reads all that is not rolled up.
create or replace function tail_rows(
  p_organization_id uuid, p_api_key_ids uuid[], p_first timestamptz, p_last timestamptz, p_interval usage_interval, p_with_denied boolean,
  p_bounded boolean)
returns table (
  bucket_start timestamptz, api_key_id uuid, workspace_id uuid, provider text, model text, requests bigint, input_tokens bigint,
  output_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, cost_nanos bigint,
  service_tier service_tier, cache_write_1h_tokens bigint, reasoning_tokens bigint, audio_input_tokens bigint,
  audio_output_tokens bigint, images bigint, web_searches bigint, unpriced_requests bigint, unpriced_events bigint, denied numeric)
language sql stable
as $$
  select
    -- usage_bucket_start would be a call for each row; period_start is inlined
    period_start((select (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period),
      coalesce(e.corrects_recorded_at, e.recorded_at)),
    e.api_key_id, e.workspace_id, e.provider, e.model, e.requests, e.input_tokens, e.output_tokens,
    e.cached_input_tokens, e.cache_write_tokens, e.cost_nanos, e.service_tier,
    e.cache_write_1h_tokens, e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens,
    e.images, e.web_searches,
    (case when e.unpriced then e.requests else -e.priced_requests end),
    (case when e.unpriced then 1 when e.prices_unpriced then -1 else 0 end), 0::numeric
  from (
    -- Scalar subqueries are run first, so that their results can be index conditions. The upper bound excludes nothing: with two bounds the
    -- planner estimates few rows and uses the index of positions.
    select * from usage_events e
    where not p_bounded and e.organization_id = p_organization_id
      and e.position > (select coalesce((select w.position from rollup_watermarks w where w.organization_id = p_organization_id), 0))
      and e.position <= 9223372036854775807
    union all
    select * from usage_events e
    where p_bounded and e.organization_id = p_organization_id and e.corrects is null
      and e.position > (select greatest(
        (select w.position from rollup_watermarks w where w.organization_id = p_organization_id),
        ledger_position_at(p_organization_id, p_first - interval '1 hour') - 1))
      and e.position < (select ledger_position_at(p_organization_id, p_last + interval '1 hour'))
    union all
    select * from usage_events e
    where p_bounded and e.organization_id = p_organization_id and e.corrects is not null
      and e.position > (select greatest(
        (select w.position from rollup_watermarks w where w.organization_id = p_organization_id),
        (select min(r.first_correction) - 1 from repricings r
          where r.organization_id = p_organization_id and r.from_time < p_last and r.to_time > p_first)))
      and e.position <= (select max(r.last_correction) from repricings r
        where r.organization_id = p_organization_id and r.from_time < p_last and r.to_time > p_first)
  ) e
  where e.recorded_at >= p_first and coalesce(e.corrects_recorded_at, e.recorded_at) >= p_first and coalesce(e.corrects_recorded_at, e.recorded_at) < p_last
    and (p_api_key_ids is null or e.api_key_id = any (p_api_key_ids))
  union all
  -- added up before they are sums of many columns; date_bin takes a tenth of the time of period_start
  select
    period_start((select (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period), d.at),
    d.api_key_id, d.workspace_id, '', '', 0, 0, 0, 0, 0, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, d.requests
  from (
    select date_bin(case when p_interval = 'HOUR' then interval '1 hour' else interval '1 day' end, d.hour, timestamptz '1970-01-01 00:00:00Z') as at,
      d.api_key_id, d.workspace_id, sum(d.requests) as requests
    from (
      select d.hour, d.api_key_id, d.workspace_id, d.requests from denial_counts d
      where p_with_denied and p_api_key_ids is null and d.organization_id = p_organization_id and d.requests > 0
        and d.id >= (select first_id_at(greatest(p_first, denied_until(p_organization_id, p_interval)))) and d.id < (select first_id_at(p_last))
      union all
      select d.hour, d.api_key_id, d.workspace_id, d.requests from denial_counts d
      where p_with_denied and p_api_key_ids is not null and d.organization_id = p_organization_id and d.requests > 0
        and d.api_key_id = any (p_api_key_ids)
        and d.id >= (select first_id_at(greatest(p_first, denied_until(p_organization_id, p_interval)))) and d.id < (select first_id_at(p_last))
    ) d
    group by 1, 2, 3
    union all
    select d.day, d.api_key_id, d.workspace_id, d.requests from denial_days d
    where p_with_denied and p_api_key_ids is null and d.organization_id = p_organization_id
      and d.day >= p_first and d.day < (select least(p_last, denied_until(p_organization_id, p_interval)))
    union all
    select d.day, d.api_key_id, d.workspace_id, d.requests from denial_days d
    where p_with_denied and p_api_key_ids is not null and d.organization_id = p_organization_id and d.api_key_id = any (p_api_key_ids)
      and d.day >= p_first and d.day < (select least(p_last, denied_until(p_organization_id, p_interval)))
  ) d
$$;
