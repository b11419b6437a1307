-- resolve_rates computes what each unit costs from the rates of a price (see prices): steps are the sizes of input above which rates
-- differ, and step_rates has 44 rates, in pico-dollars, for each step from 0 on: for each service tier those of all units, in the order
-- of the types.
--
-- A unit costs the rate of its service tier with the largest size that the input is above, else that of STANDARD. A unit without
-- either costs what a wider one does: cached and written input and audio input cost as input, writes for an hour as writes for five
-- minutes, reasoning and audio output as output. Images, requests and searches without a rate cost nothing.
create or replace function resolve_rates(p_rates jsonb, out steps bigint[], out step_rates bigint[])
language plpgsql immutable
as $$
begin
  with given as materialized (
    select * from jsonb_to_recordset(p_rates) g (unit price_unit, service_tier service_tier, above_input_tokens bigint, picos bigint)
  ), sizes as materialized (
    select 0 as tokens union select g.above_input_tokens from given g where g.above_input_tokens > 0
  ), found as ( -- the rate of each unit
    select distinct on (s.tokens, t.tier, g.unit) s.tokens, t.tier, g.unit, g.picos
    from sizes s
    cross join unnest(enum_range(null::service_tier)) t (tier)
    left join given g on g.service_tier in (t.tier, 'STANDARD') and g.above_input_tokens <= s.tokens
    order by s.tokens, t.tier, g.unit, g.service_tier = t.tier desc, g.above_input_tokens desc
  ), units as (
    select f.tokens, f.tier,
      coalesce(max(f.picos) filter (where f.unit = 'INPUT_TOKENS'), 0) as input,
      max(f.picos) filter (where f.unit = 'CACHED_INPUT_TOKENS') as cached_input,
      max(f.picos) filter (where f.unit = 'CACHE_WRITE_TOKENS') as cache_write,
      max(f.picos) filter (where f.unit = 'CACHE_WRITE_1H_TOKENS') as cache_write_1h,
      coalesce(max(f.picos) filter (where f.unit = 'OUTPUT_TOKENS'), 0) as output,
      max(f.picos) filter (where f.unit = 'REASONING_TOKENS') as reasoning,
      max(f.picos) filter (where f.unit = 'AUDIO_INPUT_TOKENS') as audio_input,
      max(f.picos) filter (where f.unit = 'AUDIO_OUTPUT_TOKENS') as audio_output,
      coalesce(max(f.picos) filter (where f.unit = 'IMAGES'), 0) as images,
      coalesce(max(f.picos) filter (where f.unit = 'REQUESTS'), 0) as requests,
      coalesce(max(f.picos) filter (where f.unit = 'WEB_SEARCHES'), 0) as web_searches
    from found f
    group by f.tokens, f.tier
  )
  select array(select s.tokens from sizes s where s.tokens > 0 order by s.tokens),
    array(
      select r.picos
      from units u
      cross join lateral unnest(array[u.input, coalesce(u.cached_input, u.input), coalesce(u.cache_write, u.input),
        coalesce(u.cache_write_1h, u.cache_write, u.input), u.output, coalesce(u.reasoning, u.output), coalesce(u.audio_input, u.input),
        coalesce(u.audio_output, u.output), u.images, u.requests, u.web_searches]) with ordinality r (picos, unit)
      order by u.tokens, u.tier, r.unit)
  into steps, step_rates;
end
$$;
