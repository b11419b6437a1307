package catalogue

import (
	"strconv"
	"strings"

	"bursar/usage"
)

// litellmUnits says which unit each field is for, without the endings for sizes and service tiers.
func litellmUnits() map[string]Unit {
	return map[string]Unit{
		"input_cost_per_token": InputTokens, "output_cost_per_token": OutputTokens,
		"cache_read_input_token_cost": CachedInputTokens, "input_cost_per_token_cache_hit": CachedInputTokens,
		"cache_creation_input_token_cost": CacheWriteTokens, "cache_creation_input_token_cost_above_1hr": CacheWrite1hTokens,
		"output_cost_per_reasoning_token": ReasoningTokens,
		"input_cost_per_audio_token":      AudioInputTokens, "output_cost_per_audio_token": AudioOutputTokens,
		"output_cost_per_image": Images, "input_cost_per_request": Requests,
	}
}

// litellmWholes says of which unit a field without a unit of its own is a part. See genaiWholes.
func litellmWholes() map[string]Unit {
	return map[string]Unit{
		"cache_read_input_audio_token_cost": CachedInputTokens, "cache_creation_input_audio_token_cost": CacheWriteTokens,
		"input_cost_per_image_token": InputTokens, "output_cost_per_image_token": OutputTokens, "citation_cost_per_token": InputTokens,
	}
}

// litellmTiers says which service tier the ending of a field is for.
func litellmTiers() map[string]usage.ServiceTier {
	return map[string]usage.ServiceTier{"_batches": usage.Batch, "_batch": usage.Batch, "_batch_requests": usage.Batch, "_flex": usage.Flex, "_priority": usage.Priority}
}

// split takes a field's name apart: what it is for, the size of input above which it holds, the service tier.
func split(field string) (base string, above int64, tier usage.ServiceTier) {
	tier = usage.Standard
	for ending, of := range litellmTiers() {
		if cut, ok := strings.CutSuffix(field, ending); ok {
			field, tier = cut, of
			break
		}
	}
	base, size, ok := strings.Cut(field, "_above_") // input_cost_per_token_above_200k_tokens
	if after, hour := strings.CutPrefix(size, "1hr"); hour {
		base, size = base+"_above_1hr", strings.TrimPrefix(after, "_above_")
	}
	if size, sized := strings.CutSuffix(size, "k_tokens"); ok && sized {
		if thousands, err := strconv.ParseInt(size, 10, 32); err == nil {
			return base, thousands * 1000, tier
		}
	}
	if ok && size != "" {
		return field, 0, tier
	}
	return base, 0, tier
}

// litellmProvider returns the provider's name as the other lists write it.
func litellmProvider(provider string) string {
	switch {
	case strings.HasPrefix(provider, "vertex_ai"), provider == "gemini", provider == "palm":
		return "google"
	case strings.HasPrefix(provider, "bedrock"):
		return "aws"
	case strings.HasPrefix(provider, "fireworks_ai"):
		return "fireworks"
	}
	known := map[string]string{"text-completion-openai": "openai", "azure_text": "azure", "azure_ai": "azure", "xai": "x-ai", "moonshot": "moonshotai",
		"together_ai": "together", "voyage": "voyageai", "cohere_chat": "cohere", "codestral": "mistral", "text-completion-codestral": "mistral"}
	if name, ok := known[provider]; ok {
		return name
	}
	return strings.ToLower(provider)
}

// litellmName takes the provider out of a model's name, where LiteLLM wants it in front.
func litellmName(id, provider string) string {
	first, rest, ok := strings.Cut(id, "/")
	family, _, _ := strings.Cut(provider, "-")
	if ok && (first == provider || first == family || first == "bedrock" && strings.HasPrefix(provider, "bedrock")) {
		return rest
	}
	return id
}
