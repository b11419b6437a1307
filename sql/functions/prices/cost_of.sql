-- cost_of returns what usage costs by a price, in pico-dollars before the multiplier: a whole number, exactly. Steps and their rates are
-- those of prices. Tokens of a part cost the part's rate, and the others that of the whole. Cached, written and audio input are parts of
-- input; of what was written some was for an hour. So are reasoning and audio output parts of output.
--
-- A token that is in two parts is charged once. What was cached or written costs that, whether it is audio or not, and audio is charged
-- for as many tokens as these leave; so is audio output beside reasoning.
create or replace function cost_of(
  p_steps bigint[], p_step_rates bigint[], p_service_tier service_tier, p_requests bigint, p_input_tokens bigint,
  p_cached_input_tokens bigint, p_cache_write_tokens bigint, p_cache_write_1h_tokens bigint, p_audio_input_tokens bigint,
  p_output_tokens bigint, p_reasoning_tokens bigint, p_audio_output_tokens bigint, p_images bigint, p_web_searches bigint)
returns numeric
language sql immutable parallel safe
as $$
  select cost_at(p_step_rates, rate_offset(p_steps, p_service_tier, p_input_tokens), p_requests, p_input_tokens, p_cached_input_tokens,
    p_cache_write_tokens, p_cache_write_1h_tokens, p_audio_input_tokens, p_output_tokens, p_reasoning_tokens, p_audio_output_tokens,
    p_images, p_web_searches)
$$;
