package usage

// The places where compatible APIs write how many input tokens came from a cache: OpenAI and most others; DeepSeek; Mistral and vLLM;
// Moonshot and Together; xAI's own client.
func cachedPaths() [][]string {
	return [][]string{{"prompt_tokens_details", "cached_tokens"}, {"prompt_cache_hit_tokens"}, {"num_cached_tokens"}, {"cached_tokens"},
		{"cached_prompt_text_tokens"}}
}

// Where they write how many output tokens were reasoning: OpenAI and most others; SGLang, xAI's own client and Perplexity.
func reasoningPaths() [][]string {
	return [][]string{{"completion_tokens_details", "reasoning_tokens"}, {"reasoning_tokens"}}
}

// chat reads what all chat completions have, and returns the usage object; nil when there is none. Input includes what was read from
// a cache and written to one, and audio. Output includes audio and, but for some, reasoning.
func chat(a *answer, p *Parts) object {
	u := a.root("usage", "prompt_tokens", "completion_tokens")
	if u == nil {
		a.none()
		return nil
	}
	p.ServiceTier = serviceTier(a.text("service_tier"))
	if tier, ok := u["service_tier"].(string); ok && p.ServiceTier == Standard {
		p.ServiceTier = serviceTier(tier)
	}
	p.InputTokens = a.required(u, "prompt_tokens")
	p.OutputTokens = a.required(u, "completion_tokens")
	p.CachedInputTokens = a.largest(u, cachedPaths()...)
	p.CacheWriteTokens = a.optional(u, "prompt_tokens_details", "cache_write_tokens")
	p.AudioInputTokens = a.optional(u, "prompt_tokens_details", "audio_tokens")
	p.AudioOutputTokens = a.optional(u, "completion_tokens_details", "audio_tokens")
	p.ReasoningTokens = a.largest(u, reasoningPaths()...)
	p.WebSearches = a.largest(u, []string{"server_tool_use", "web_search_requests"}, []string{"num_search_queries"})
	return u
}

// readChat reads a chat completion. Whether the output includes reasoning shows in the total: it does unless the total is that of all three.
func readChat(a *answer, p *Parts) {
	u := chat(a, p)
	if u == nil {
		return
	}
	total, ok := a.count(u, "total_tokens")
	if ok && p.ReasoningTokens > 0 && total == p.InputTokens+p.OutputTokens+p.ReasoningTokens {
		p.OutputTokens += p.ReasoningTokens
	}
}

// readXAI reads a chat completion of xAI, whose output does not include reasoning, unless the total says that it does.
func readXAI(a *answer, p *Parts) {
	u := chat(a, p)
	if u == nil {
		return
	}
	total, ok := a.count(u, "total_tokens")
	if ok && total == p.InputTokens+p.OutputTokens && p.ReasoningTokens <= p.OutputTokens {
		return
	}
	p.OutputTokens += p.ReasoningTokens
}

// readPerplexity reads a chat completion of Perplexity: reasoning stands beside the output, and beside the total too. So do the tokens of
// cited pages, which the model reads and which cost what input costs.
func readPerplexity(a *answer, p *Parts) {
	u := chat(a, p)
	if u == nil {
		return
	}
	p.OutputTokens += p.ReasoningTokens
	p.InputTokens += a.optional(u, "citation_tokens")
}

// none is the error of an answer without usage.
func (a *answer) none() {
	if a.err == nil {
		a.err = ErrNone
	}
}
