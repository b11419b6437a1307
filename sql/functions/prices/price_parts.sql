-- price_parts returns what usage costs by a price, unit by unit, of the units of which there is some: how many, and pico-dollars for
-- one, before the multiplier. Their sum is cost_of, which says how tokens that are in two parts are charged. Steps and their rates are those of prices.
create or replace function price_parts(
  p_steps bigint[], p_step_rates bigint[], p_service_tier service_tier, p_requests bigint, p_input_tokens bigint,
  p_cached_input_tokens bigint, p_cache_write_tokens bigint, p_cache_write_1h_tokens bigint, p_audio_input_tokens bigint,
  p_output_tokens bigint, p_reasoning_tokens bigint, p_audio_output_tokens bigint, p_images bigint, p_web_searches bigint)
returns table (unit text, quantity bigint, picos bigint)
language sql immutable
as $$
  select u.unit::text, q.quantity, p_step_rates[rate_offset(p_steps, p_service_tier, p_input_tokens) + u.index::integer]
  from unnest(enum_range(null::price_unit)) with ordinality u (unit, index)
  cross join (values (least(p_audio_input_tokens, p_input_tokens - p_cached_input_tokens - p_cache_write_tokens),
    least(p_audio_output_tokens, p_output_tokens - p_reasoning_tokens))) a (input, output)
  cross join lateral (
    select case u.unit
      when 'INPUT_TOKENS' then p_input_tokens - p_cached_input_tokens - p_cache_write_tokens - a.input
      when 'CACHED_INPUT_TOKENS' then p_cached_input_tokens
      when 'CACHE_WRITE_TOKENS' then p_cache_write_tokens - p_cache_write_1h_tokens
      when 'CACHE_WRITE_1H_TOKENS' then p_cache_write_1h_tokens
      when 'OUTPUT_TOKENS' then p_output_tokens - p_reasoning_tokens - a.output
      when 'REASONING_TOKENS' then p_reasoning_tokens
      when 'AUDIO_INPUT_TOKENS' then a.input
      when 'AUDIO_OUTPUT_TOKENS' then a.output
      when 'IMAGES' then p_images
      when 'REQUESTS' then p_requests
      else p_web_searches
    end as quantity) q
  where q.quantity > 0
  order by u.index
$$;
