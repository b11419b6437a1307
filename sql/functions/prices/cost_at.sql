-- cost_at is cost_of for the rates that begin behind an offset in step_rates (see rate_offset). It is one expression, so that it is inlined. Most usage
-- has input and output alone. Audio is charged for as many tokens as the other parts leave, as cost_of says.
create or replace function cost_at(
  p_step_rates bigint[], p_offset integer, p_requests bigint, p_input_tokens bigint, p_cached_input_tokens bigint, p_cache_write_tokens bigint,
  p_cache_write_1h_tokens bigint, p_audio_input_tokens bigint, p_output_tokens bigint, p_reasoning_tokens bigint,
  p_audio_output_tokens bigint, p_images bigint, p_web_searches bigint)
returns numeric
language sql immutable parallel safe
as $$
  select greatest(p_input_tokens - p_cached_input_tokens - p_cache_write_tokens - p_audio_input_tokens, 0)::numeric * p_step_rates[p_offset + 1]
    + greatest(p_output_tokens - p_reasoning_tokens - p_audio_output_tokens, 0)::numeric * p_step_rates[p_offset + 5]
    + case
        when p_cached_input_tokens = 0 and p_cache_write_tokens = 0 and p_reasoning_tokens = 0 and p_audio_input_tokens = 0
          and p_audio_output_tokens = 0 then 0
        else p_cached_input_tokens::numeric * p_step_rates[p_offset + 2]
          + (p_cache_write_tokens - p_cache_write_1h_tokens)::numeric * p_step_rates[p_offset + 3]
          + p_cache_write_1h_tokens::numeric * p_step_rates[p_offset + 4]
          + p_reasoning_tokens::numeric * p_step_rates[p_offset + 6]
          + least(p_audio_input_tokens, p_input_tokens - p_cached_input_tokens - p_cache_write_tokens)::numeric * p_step_rates[p_offset + 7]
          + least(p_audio_output_tokens, p_output_tokens - p_reasoning_tokens)::numeric * p_step_rates[p_offset + 8]
      end
    + case
        when p_images = 0 and p_web_searches = 0 and p_step_rates[p_offset + 10] = 0 then 0
        else p_requests::numeric * p_step_rates[p_offset + 10] + p_images::numeric * p_step_rates[p_offset + 9]
          + p_web_searches::numeric * p_step_rates[p_offset + 11]
      end
$$;
