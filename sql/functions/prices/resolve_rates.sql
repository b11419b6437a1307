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
  steps := array(
    select distinct g.above_input_tokens from jsonb_to_recordset(p_rates) g (above_input_tokens bigint)
    where g.above_input_tokens > 0 order by g.above_input_tokens);
  step_rates := array(
    select coalesce(r.picos, 0)
    from unnest(0::bigint || steps) with ordinality s (tokens, step)
    cross join unnest(enum_range(null::service_tier)) t (tier)
    cross join unnest(enum_range(null::price_unit)) u (unit)
    left join lateral (
      select g.picos
      from unnest(case u.unit
          when 'CACHED_INPUT_TOKENS' then array['CACHED_INPUT_TOKENS', 'INPUT_TOKENS']::price_unit[]
          when 'CACHE_WRITE_TOKENS' then array['CACHE_WRITE_TOKENS', 'INPUT_TOKENS']::price_unit[]
          when 'CACHE_WRITE_1H_TOKENS' then array['CACHE_WRITE_1H_TOKENS', 'CACHE_WRITE_TOKENS', 'INPUT_TOKENS']::price_unit[]
          when 'REASONING_TOKENS' then array['REASONING_TOKENS', 'OUTPUT_TOKENS']::price_unit[]
          when 'AUDIO_INPUT_TOKENS' then array['AUDIO_INPUT_TOKENS', 'INPUT_TOKENS']::price_unit[]
          when 'AUDIO_OUTPUT_TOKENS' then array['AUDIO_OUTPUT_TOKENS', 'OUTPUT_TOKENS']::price_unit[]
          else array[u.unit]
        end) with ordinality w (unit, width)
      join jsonb_to_recordset(p_rates) g (unit price_unit, service_tier service_tier, above_input_tokens bigint, picos bigint)
        on g.unit = w.unit and g.service_tier in (t.tier, 'STANDARD') and g.above_input_tokens <= s.tokens
      order by w.width, g.service_tier = t.tier desc, g.above_input_tokens desc
      limit 1) r on true
    order by s.step, t.tier, u.unit);
end
$$;
