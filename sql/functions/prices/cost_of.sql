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
language plpgsql immutable
as $$
declare
  o constant integer := rate_offset(p_steps, p_service_tier, p_input_tokens);
  audio_input constant bigint := least(p_audio_input_tokens, p_input_tokens - p_cached_input_tokens - p_cache_write_tokens);
  audio_output constant bigint := least(p_audio_output_tokens, p_output_tokens - p_reasoning_tokens);
  picos numeric := (p_input_tokens - p_cached_input_tokens - p_cache_write_tokens - audio_input)::numeric * p_step_rates[o + 1]
    + (p_output_tokens - p_reasoning_tokens - audio_output)::numeric * p_step_rates[o + 5];
begin
  if p_cached_input_tokens > 0 then
    picos := picos + p_cached_input_tokens::numeric * p_step_rates[o + 2];
  end if;
  if p_cache_write_tokens > 0 then
    picos := picos + (p_cache_write_tokens - p_cache_write_1h_tokens)::numeric * p_step_rates[o + 3]
      + p_cache_write_1h_tokens::numeric * p_step_rates[o + 4];
  end if;
  if p_reasoning_tokens > 0 then
    picos := picos + p_reasoning_tokens::numeric * p_step_rates[o + 6];
  end if;
  if audio_input > 0 then
    picos := picos + audio_input::numeric * p_step_rates[o + 7];
  end if;
  if audio_output > 0 then
    picos := picos + audio_output::numeric * p_step_rates[o + 8];
  end if;
  if p_step_rates[o + 10] > 0 then
    picos := picos + p_requests::numeric * p_step_rates[o + 10];
  end if;
  if p_images + p_web_searches > 0 then
    picos := picos + p_images::numeric * p_step_rates[o + 9] + p_web_searches::numeric * p_step_rates[o + 11];
  end if;
  return picos;
end
$$;
