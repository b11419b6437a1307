package usage

import "strings"

// readGemini reads an answer of Gemini. The prompt includes what was read from a cache, but not what tools added to it; the candidates do
// not include thoughts. An answer that was blocked has no candidates.
func readGemini(a *answer, p *Parts) {
	u := a.root("usageMetadata", "promptTokenCount", "totalTokenCount")
	if u == nil {
		a.none()
		return
	}
	prompt, asked := a.count(u, "promptTokenCount")
	candidates, answered := a.count(u, "candidatesTokenCount")
	if !answered {
		candidates, answered = a.count(u, "responseTokenCount") // the Live API
	}
	if !asked && !answered {
		a.none()
		return
	}
	thoughts := a.optional(u, "thoughtsTokenCount")
	p.InputTokens = prompt + a.optional(u, "toolUsePromptTokenCount")
	p.OutputTokens = candidates + thoughts
	p.ReasoningTokens = thoughts
	p.CachedInputTokens = a.optional(u, "cachedContentTokenCount")
	audio := a.modality(u, "AUDIO", "promptTokensDetails", "toolUsePromptTokensDetails")
	p.AudioInputTokens = max(audio-a.modality(u, "AUDIO", "cacheTokensDetails"), 0)
	p.AudioOutputTokens = a.modality(u, "AUDIO", "candidatesTokensDetails", "responseTokensDetails")
	for _, name := range []string{"serviceTier", "trafficType"} {
		if tier, ok := u[name].(string); ok && p.ServiceTier == Standard {
			p.ServiceTier = serviceTier(tier)
		}
	}
	p.WebSearches = groundedSearches(a, p.Model)
}

// modality returns how many tokens of a modality the details have.
func (a *answer) modality(u object, modality string, details ...string) (sum int64) {
	for _, name := range details {
		for _, detail := range list(u[name]) {
			if detail["modality"] == modality {
				sum = plus(sum, a.optional(detail, "tokenCount"))
			}
		}
	}
	return sum
}

// wholeQuery is how many bytes a query has at most that is surely whole: gateways that read answers as they pass cut long texts.
const wholeQuery = 100

// groundedSearches counts searches by Google: each different query from Gemini 3 on, before that each answer that was grounded in any. A query that
// is listed again is billed once, and an empty one not at all. Of two that may have been cut it is not known whether they are the same: both count.
func groundedSearches(a *answer, model string) (searches int64) {
	seen := map[string]bool{"": true}
	for _, candidate := range list(a.field("candidates")) {
		grounding, _ := candidate["groundingMetadata"].(object)
		queries, _ := grounding["webSearchQueries"].([]any)
		for _, query := range queries {
			if text, ok := query.(string); ok && !seen[text] {
				seen[text] = len(text) <= wholeQuery
				searches++
			}
		}
	}
	for _, old := range []string{"gemini-1", "gemini-2"} {
		if strings.Contains(model, old) {
			return min(searches, 1)
		}
	}
	return searches
}
