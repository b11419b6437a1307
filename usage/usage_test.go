package usage_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"bursar/usage"
)

// Guarantee: an answer of each API is read in the same parts, whatever the provider counts within its input and its output.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		flavor usage.Flavor
		body   string
		want   usage.Parts
	}{
		{"chat: input includes what is cached, cache writes and audio, output includes reasoning and audio", usage.OpenAIChat,
			`{"model": "gpt-x", "service_tier": "priority", "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
			"prompt_tokens_details": {"cached_tokens": 20, "cache_write_tokens": 5, "audio_tokens": 7},
			"completion_tokens_details": {"reasoning_tokens": 30, "audio_tokens": 11}}}`,
			usage.Parts{Model: "gpt-x", ServiceTier: usage.Priority, InputTokens: 100, OutputTokens: 50, CachedInputTokens: 20, CacheWriteTokens: 5,
				AudioInputTokens: 7, ReasoningTokens: 30, AudioOutputTokens: 11}},
		{"chat: a usage object alone, with details that are null", usage.OpenAIChat,
			`{"prompt_tokens": 1e2, "completion_tokens": 50.0, "prompt_tokens_details": null}`, usage.Parts{InputTokens: 100, OutputTokens: 50}},
		{"chat: reasoning beside the output, by the total", usage.OpenAIChat,
			`{"usage": {"prompt_tokens": 10, "completion_tokens": 5, "reasoning_tokens": 3, "total_tokens": 18}}`,
			usage.Parts{InputTokens: 10, OutputTokens: 8, ReasoningTokens: 3}},
		{"DeepSeek: the same tokens in two fields are not added", usage.DeepSeek,
			`{"usage": {"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 6, "prompt_tokens_details": {"cached_tokens": 4}}}`,
			usage.Parts{InputTokens: 10, OutputTokens: 5, CachedInputTokens: 4}},
		{"Mistral: cached tokens in a field of its own", usage.Mistral,
			`{"usage": {"prompt_tokens": 175, "completion_tokens": 39, "num_cached_tokens": 174}}`,
			usage.Parts{InputTokens: 175, OutputTokens: 39, CachedInputTokens: 174}},
		{"Groq: a tier without a price of its own", usage.Groq, `{"service_tier": "on_demand", "usage": {"prompt_tokens": 1, "completion_tokens": 2}}`,
			usage.Parts{InputTokens: 1, OutputTokens: 2}},
		{"xAI: output does not include reasoning", usage.XAI,
			`{"usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35, "completion_tokens_details": {"reasoning_tokens": 20}}}`,
			usage.Parts{InputTokens: 10, OutputTokens: 25, ReasoningTokens: 20}},
		{"xAI: output that does, by the total", usage.XAI,
			`{"usage": {"prompt_tokens": 10, "completion_tokens": 25, "total_tokens": 35, "completion_tokens_details": {"reasoning_tokens": 20}}}`,
			usage.Parts{InputTokens: 10, OutputTokens: 25, ReasoningTokens: 20}},
		{"Perplexity: reasoning beside output and total, cited pages as input, searches", usage.Perplexity,
			`{"usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "reasoning_tokens": 20, "citation_tokens": 40, "num_search_queries": 3}}`,
			usage.Parts{InputTokens: 50, OutputTokens: 25, ReasoningTokens: 20, WebSearches: 3}},
		{"Responses: searches and pictures of another model", usage.OpenAIResponses,
			`{"model": "gpt-x", "service_tier": "flex", "tools": [{"type": "image_generation", "model": "gpt-image-x"}],
			"output": [{"type": "image_generation_call"}, {"type": "web_search_call", "action": {"type": "open_page"}}],
			"usage": {"input_tokens": 10, "output_tokens": 9, "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 3}, "output_tokens_details": {"reasoning_tokens": 4}},
			"tool_usage": {"web_search": {"num_requests": 2}, "image_gen": {"input_tokens": 7, "output_tokens": 8}}}`,
			usage.Parts{Model: "gpt-x", ServiceTier: usage.Flex, InputTokens: 10, OutputTokens: 9, CachedInputTokens: 2, CacheWriteTokens: 3, ReasoningTokens: 4, WebSearches: 2,
				Others: []usage.Parts{{Model: "gpt-image-x", ServiceTier: usage.Flex, InputTokens: 7, OutputTokens: 8, Images: 1}}}},
		{"Responses: the last event, whose searches are counted", usage.OpenAIResponses,
			`{"type": "response.completed", "response": {"model": "gpt-x", "usage": {"input_tokens": 10, "output_tokens": 9},
			"output": [{"type": "web_search_call", "action": {"type": "search"}}, {"type": "web_search_call", "action": {"type": "find_in_page"}}]}}`,
			usage.Parts{Model: "gpt-x", InputTokens: 10, OutputTokens: 9, WebSearches: 1}},
		{"embeddings", usage.OpenAIEmbeddings, `{"model": "e", "usage": {"prompt_tokens": 8, "total_tokens": 8}}`, usage.Parts{Model: "e", InputTokens: 8}},
		{"embeddings of Voyage", usage.OpenAIEmbeddings, `{"usage": {"total_tokens": 8}}`, usage.Parts{InputTokens: 8}},
		{"images", usage.OpenAIImages, `{"data": [{"b64_json": ""}, {"b64_json": ""}], "usage": {"input_tokens": 8, "output_tokens": 9}}`,
			usage.Parts{InputTokens: 8, OutputTokens: 9, Images: 2}},
		{"images without usage", usage.OpenAIImages, `{"data": [{"url": ""}]}`, usage.Parts{Images: 1}},
		{"realtime: cached audio is cached, other audio is audio", usage.OpenAIRealtime,
			`{"type": "response.done", "response": {"usage": {"input_tokens": 100, "output_tokens": 60, "input_token_details": {"text_tokens": 40, "audio_tokens": 60,
			"cached_tokens": 50, "cached_tokens_details": {"audio_tokens": 30}}, "output_token_details": {"audio_tokens": 45}}}}`,
			usage.Parts{InputTokens: 100, OutputTokens: 60, CachedInputTokens: 50, AudioInputTokens: 30, AudioOutputTokens: 45}},
		{"transcription", usage.OpenAITranscription, `{"usage": {"type": "tokens", "input_tokens": 14, "input_token_details": {"audio_tokens": 14}, "output_tokens": 4}}`,
			usage.Parts{InputTokens: 14, OutputTokens: 4, AudioInputTokens: 14}},
		{"Anthropic: input, writes and reads are apart", usage.Anthropic,
			`{"model": "claude-x", "usage": {"input_tokens": 100, "cache_read_input_tokens": 64, "cache_creation_input_tokens": 20,
			"cache_creation": {"ephemeral_5m_input_tokens": 12, "ephemeral_1h_input_tokens": 8}, "output_tokens": 9, "service_tier": "batch",
			"output_tokens_details": {"thinking_tokens": 3}, "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 5}}}`,
			usage.Parts{Model: "claude-x", ServiceTier: usage.Batch, InputTokens: 184, OutputTokens: 9, CachedInputTokens: 64, CacheWriteTokens: 20,
				CacheWrite1hTokens: 8, ReasoningTokens: 3, WebSearches: 2}},
		{"Anthropic: a compaction is billed too, an advisor is another model's", usage.Anthropic,
			`{"message": {"model": "claude-x", "usage": {"input_tokens": 10, "output_tokens": 2, "iterations": [
			{"type": "compaction", "input_tokens": 100, "cache_creation_input_tokens": 50, "output_tokens": 30},
			{"type": "advisor_message", "model": "claude-y", "input_tokens": 5, "cache_read_input_tokens": 1, "output_tokens": 6},
			{"type": "message", "input_tokens": 10, "output_tokens": 2}]}}}`,
			usage.Parts{Model: "claude-x", InputTokens: 160, OutputTokens: 32, CacheWriteTokens: 50,
				Others: []usage.Parts{{Model: "claude-y", ServiceTier: usage.Standard, InputTokens: 6, OutputTokens: 6, CachedInputTokens: 1}}}},
		{"Gemini: tools beside the prompt, thoughts beside the candidates, cached audio, searches once each", usage.Gemini,
			`{"modelVersion": "gemini-3-x", "usageMetadata": {"promptTokenCount": 100, "toolUsePromptTokenCount": 10, "cachedContentTokenCount": 30, "candidatesTokenCount": 20,
			"thoughtsTokenCount": 5, "trafficType": "ON_DEMAND_PRIORITY", "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 60}, {"modality": "AUDIO", "tokenCount": 40}],
			"cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 25}], "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 12}]},
			"candidates": [{"groundingMetadata": {"webSearchQueries": ["a", "b", "", "a"]}}, {"groundingMetadata": {"webSearchQueries": ["b"]}}]}`,
			usage.Parts{Model: "gemini-3-x", ServiceTier: usage.Priority, InputTokens: 110, OutputTokens: 25, CachedInputTokens: 30, AudioInputTokens: 15, ReasoningTokens: 5,
				AudioOutputTokens: 12, WebSearches: 2}},
		{"Gemini: long searches, which may have been cut, each time", usage.Gemini,
			`{"modelVersion": "gemini-3-x", "usageMetadata": {"promptTokenCount": 7},
			"candidates": [{"groundingMetadata": {"webSearchQueries": ["` + strings.Repeat("a", 101) + `", "` + strings.Repeat("a", 101) + `"]}}]}`,
			usage.Parts{Model: "gemini-3-x", InputTokens: 7, WebSearches: 2}},
		{"Gemini: a blocked prompt; searches of older models are one", usage.Gemini,
			`{"modelVersion": "gemini-2.5-x", "usageMetadata": {"promptTokenCount": 7}, "candidates": [{"groundingMetadata": {"webSearchQueries": ["a", "b"]}}]}`,
			usage.Parts{Model: "gemini-2.5-x", InputTokens: 7, WebSearches: 1}},
		{"Bedrock Converse: caches beside the input, writes of an hour", usage.BedrockConverse,
			`{"usage": {"inputTokens": 3, "cacheReadInputTokens": 1712, "cacheReadInputTokenCount": 1712, "cacheWriteInputTokens": 236,
			"cacheDetails": [{"ttl": "5m", "inputTokens": 200}, {"ttl": "1h", "inputTokens": 36}], "outputTokens": 121}, "serviceTier": {"type": "flex"}}`,
			usage.Parts{ServiceTier: usage.Flex, InputTokens: 1951, OutputTokens: 121, CachedInputTokens: 1712, CacheWriteTokens: 236, CacheWrite1hTokens: 36}},
		{"Bedrock Converse: the last event", usage.BedrockConverse, `{"metadata": {"usage": {"inputTokens": 3, "outputTokens": 4}}}`,
			usage.Parts{InputTokens: 3, OutputTokens: 4}},
		{"Bedrock InvokeModel: Claude", usage.BedrockInvoke, `{"model": "claude-x", "usage": {"input_tokens": 1, "cache_read_input_tokens": 2, "output_tokens": 3}}`,
			usage.Parts{Model: "claude-x", InputTokens: 3, OutputTokens: 3, CachedInputTokens: 2}},
		{"Bedrock InvokeModel: Nova", usage.BedrockInvoke, `{"usage": {"inputTokens": 1, "cacheWriteInputTokenCount": 2, "outputTokens": 3}}`,
			usage.Parts{InputTokens: 3, OutputTokens: 3, CacheWriteTokens: 2}},
		{"Bedrock InvokeModel: Llama", usage.BedrockInvoke, `{"generation": "", "prompt_token_count": 5, "generation_token_count": 6}`,
			usage.Parts{InputTokens: 5, OutputTokens: 6}},
		{"Bedrock InvokeModel: Titan", usage.BedrockInvoke, `{"inputTextTokenCount": 5, "results": [{"tokenCount": 6}, {"tokenCount": 1}]}`,
			usage.Parts{InputTokens: 5, OutputTokens: 7}},
		{"Bedrock InvokeModel: the end of a stream", usage.BedrockInvoke,
			`{"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 5, "outputTokenCount": 6, "cacheReadInputTokenCount": 7}}`,
			usage.Parts{InputTokens: 12, OutputTokens: 6, CachedInputTokens: 7}},
		{"Cohere: what is billed", usage.Cohere, `{"usage": {"billed_units": {"input_tokens": 5.0, "output_tokens": 6}, "tokens": {"input_tokens": 70, "output_tokens": 8}}}`,
			usage.Parts{InputTokens: 5, OutputTokens: 6}},
		{"Cohere: embeddings of pictures", usage.CohereEmbeddings, `{"meta": {"billed_units": {"input_tokens": 5, "image_tokens": 6}}}`, usage.Parts{InputTokens: 11}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := usage.Read(test.flavor, []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			test.want.Requests = 1
			if test.want.ServiceTier == "" {
				test.want.ServiceTier = usage.Standard
			}
			if is, want := text(t, got), text(t, test.want); is != want {
				t.Errorf("read\n%s, want\n%s", is, want)
			}
		})
	}
}

// text is parts as JSON.
func text(t *testing.T, parts usage.Parts) string {
	t.Helper()
	encoded, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// Guarantee: what is no quantity, or parts that are more than their whole, is an error that names the field; nothing is guessed.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flavor usage.Flavor
		body   string
		says   string
	}{
		"no JSON":          {usage.OpenAIChat, `{"usage": {"prompt_tokens": 1`, "no JSON object"},
		"an array":         {usage.OpenAIChat, `[]`, "no JSON object"},
		"not a number":     {usage.OpenAIChat, `{"usage": {"prompt_tokens": NaN, "completion_tokens": 1}}`, "no JSON object"},
		"negative":         {usage.OpenAIChat, `{"usage": {"prompt_tokens": -1, "completion_tokens": 1}}`, "prompt_tokens is negative"},
		"a fraction":       {usage.Anthropic, `{"usage": {"input_tokens": 1.5, "output_tokens": 1}}`, "input_tokens is no whole number"},
		"huge":             {usage.Anthropic, `{"usage": {"input_tokens": 1e13, "output_tokens": 1}}`, "input_tokens is more than"},
		"an exponent":      {usage.Anthropic, `{"usage": {"input_tokens": 1e999999999, "output_tokens": 1}}`, "input_tokens is no quantity"},
		"a text":           {usage.Gemini, `{"usageMetadata": {"promptTokenCount": "12", "candidatesTokenCount": 1}}`, "promptTokenCount is no number"},
		"a truth":          {usage.Gemini, `{"usageMetadata": {"promptTokenCount": true, "candidatesTokenCount": 1}}`, "promptTokenCount is no number"},
		"no object":        {usage.OpenAIResponses, `{"usage": {"input_tokens": 1, "output_tokens": 1, "input_tokens_details": 5}}`, "input_tokens_details is no object"},
		"missing input":    {usage.Anthropic, `{"usage": {"output_tokens": 1}}`, "input_tokens is missing"},
		"missing output":   {usage.OpenAIChat, `{"usage": {"prompt_tokens": 1}}`, "completion_tokens is missing"},
		"too much cached":  {usage.OpenAIChat, `{"usage": {"prompt_tokens": 5, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 6}}}`, "is more than inputTokens (5)"},
		"too much hour":    {usage.Anthropic, `{"usage": {"input_tokens": 5, "output_tokens": 1, "cache_creation_input_tokens": 2, "cache_creation": {"ephemeral_1h_input_tokens": 3}}}`, "cacheWrite1hTokens (3) is more than cacheWriteTokens (2)"},
		"too much thought": {usage.OpenAIResponses, `{"usage": {"input_tokens": 5, "output_tokens": 1, "output_tokens_details": {"reasoning_tokens": 2}}}`, "reasoningTokens (2) is more than outputTokens (1)"},
		"too much audio":   {usage.OpenAITranscription, `{"usage": {"input_tokens": 5, "output_tokens": 1, "input_token_details": {"audio_tokens": 6}}}`, "audioInputTokens (6) is more than inputTokens (5)"},
		"another model's":  {usage.Anthropic, `{"usage": {"input_tokens": 5, "output_tokens": 1, "iterations": [{"type": "advisor_message", "model": "m", "input_tokens": 1, "output_tokens": 1, "output_tokens_details": {"thinking_tokens": 2}}]}}`, `of the model "m"`},
		"seconds":          {usage.OpenAITranscription, `{"usage": {"type": "duration", "seconds": 9}}`, "input_tokens is missing"},
		"another flavor":   {"", `{}`, "there is no flavor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := usage.Read(test.flavor, []byte(test.body))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("read %+v with error %v, want one that says %q", got, err, test.says)
			}
		})
	}
}

// Guarantee: an answer without usage is told apart from one with usage of 0, for every flavor.
func TestReadWithoutUsage(t *testing.T) {
	t.Parallel()
	for _, flavor := range usage.Flavors() {
		for _, body := range []string{`{}`, `null`, `{"usage": null}`, `{"error": {"message": "no"}}`, `{"usage": [], "usageMetadata": "", "meta": 1, "response": 0}`} {
			if got, err := usage.Read(flavor, []byte(body)); !errors.Is(err, usage.ErrNone) {
				t.Errorf("%s reads %+v with error %v in %s, want ErrNone", flavor, got, err, body)
			}
		}
	}
}

// Guarantee: audio of which an answer does not say whether it was cached, and cached tokens, are read as the answer has them: prices charge
// each token once.
func TestAudioMayBeCached(t *testing.T) {
	t.Parallel()
	got, err := usage.Read(usage.OpenAIChat, []byte(`{"usage": {"prompt_tokens": 10, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 9},
		"completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 2}}}`))
	if err != nil || got.AudioInputTokens != 9 || got.CachedInputTokens != 8 || got.AudioOutputTokens != 2 || got.ReasoningTokens != 3 {
		t.Errorf("parts are %+v with error %v, want 9 tokens of audio, 8 cached, and 2 of audio output, 3 of reasoning", got, err)
	}
}

// Guarantee: the flavor follows from a provider and its API, as genai-prices names them.
func TestFlavorOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		provider, api string
		want          usage.Flavor
	}{
		{"anthropic", "default", usage.Anthropic}, {"anthropic", "chat", usage.OpenAIChat}, {"aws", "default", usage.BedrockConverse},
		{"aws", "anthropic", usage.Anthropic}, {"google", "default", usage.Gemini}, {"google", "chat", usage.OpenAIChat},
		{"openai", "responses", usage.OpenAIResponses}, {"openai", "realtime", usage.OpenAIRealtime}, {"openai", "images", usage.OpenAIImages},
		{"cohere", "default", usage.Cohere}, {"cohere", "embeddings", usage.CohereEmbeddings}, {"azure", "embeddings", usage.OpenAIEmbeddings},
		{"x-ai", "chat", usage.XAI}, {"perplexity", "default", usage.Perplexity}, {"mistral", "default", usage.Mistral}, {"minimax", "default", usage.Anthropic},
		{"huggingface_novita", "chat", usage.OpenAIChat}, {"nobody", "", usage.OpenAIChat},
	} {
		if got := usage.FlavorOf(test.provider, test.api); got != test.want {
			t.Errorf("%s of %s is %s, want %s", test.api, test.provider, got, test.want)
		}
	}
}
