package usage_test

import (
	"testing"

	"bursar/usage"
)

// Guarantee: whatever a provider answers, reading it neither fails hard nor gives quantities that are negative, more than their whole, or
// more than is believed.
func FuzzRead(f *testing.F) {
	for _, body := range []string{
		`{"model":"gpt-5","service_tier":"flex","usage":{"prompt_tokens":13,"completion_tokens":11,"total_tokens":24,"prompt_tokens_details":{"audio_tokens":1,"cached_tokens":2},"completion_tokens_details":{"audio_tokens":3,"reasoning_tokens":4}}}`,
		`{"usage":{"input_tokens":180,"cache_creation":{"ephemeral_1h_input_tokens":1,"ephemeral_5m_input_tokens":2},"cache_creation_input_tokens":3,"cache_read_input_tokens":4,"output_tokens":8,"iterations":[{"type":"compaction","input_tokens":100,"output_tokens":82},{"type":"advisor_message","model":"m","input_tokens":1,"output_tokens":1}],"server_tool_use":{"web_search_requests":1}}}`,
		`{"modelVersion":"gemini-2.5-flash","usageMetadata":{"promptTokenCount":3297,"cachedContentTokenCount":2918,"candidatesTokenCount":55,"thoughtsTokenCount":95,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":321}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":284}]}}`,
		`{"usage":{"cacheDetails":[{"inputTokens":236,"ttl":"1h"}],"cacheReadInputTokens":1712,"cacheWriteInputTokens":236,"inputTokens":3,"outputTokens":121}}`,
		`{"usage":{"billed_units":{"input_tokens":5.0,"output_tokens":6},"tokens":{"input_tokens":7,"output_tokens":8},"cached_tokens":1}}`,
		`{"meta":{"billed_units":{"input_tokens":1,"image_tokens":2}}}`,
		`{"response":{"model":"m","usage":{"input_tokens":1,"output_tokens":2},"output":[{"type":"web_search_call"}],"tool_usage":{"image_gen":{"input_tokens":1}}}}`,
		`{"prompt_token_count":5,"generation_token_count":6,"inputTextTokenCount":5,"results":[{"tokenCount":6}],"data":[{}]}`,
		`{"usage":{"prompt_tokens":1e12,"completion_tokens":-1,"reasoning_tokens":1.0e0,"total_tokens":99999999999999999999}}`,
		`[]`, `null`, `{"usage":{"prompt_tokens":1e99999}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, flavor := range usage.Flavors() {
			parts, err := usage.Read(flavor, body)
			if err != nil {
				if parts.Requests != 0 {
					t.Errorf("%s: parts %+v beside the error %v", flavor, parts, err)
				}
				continue
			}
			sound(t, flavor, &parts)
			for i := range parts.Others {
				sound(t, flavor, &parts.Others[i])
			}
		}
	})
}

// sound fails the test for parts that do not fit together.
func sound(t *testing.T, flavor usage.Flavor, p *usage.Parts) {
	t.Helper()
	for _, rest := range []int64{p.InputTokens - p.CachedInputTokens - p.CacheWriteTokens, p.InputTokens - p.AudioInputTokens, p.CachedInputTokens,
		p.CacheWriteTokens - p.CacheWrite1hTokens, p.CacheWrite1hTokens, p.AudioInputTokens, p.OutputTokens - p.ReasoningTokens, p.OutputTokens - p.AudioOutputTokens,
		p.ReasoningTokens, p.AudioOutputTokens, p.Images, p.WebSearches, usage.MaxQuantity - p.InputTokens, usage.MaxQuantity - p.OutputTokens} {
		if rest < 0 {
			t.Errorf("%s: parts do not fit together: %+v", flavor, *p)
			return
		}
	}
}
