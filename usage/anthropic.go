package usage

// readAnthropic reads an answer of the Messages API. Input, cache writes and cache reads are apart; output includes thinking. The
// totals are those of the answer's own model when it wrote the answer: a compaction before it stands in iterations alone and
// is billed as well, and an advisor's iterations are another model's.
func readAnthropic(a *answer, p *Parts) {
	u := a.root("usage", "input_tokens", "output_tokens")
	if u == nil {
		if u = a.root("message.usage"); u == nil { // the event message_start
			a.none()
			return
		}
		a.inside("message")
		p.Model = a.text("model")
	}
	if tier, ok := u["service_tier"].(string); ok {
		p.ServiceTier = serviceTier(tier)
	}
	a.messages(u, p)
	p.WebSearches = a.optional(u, "server_tool_use", "web_search_requests")
	for _, iteration := range list(u["iterations"]) {
		switch iteration["type"] {
		case "compaction":
			var compaction Parts
			a.messages(iteration, &compaction)
			p.add(&compaction)
		case "advisor_message":
			model, _ := iteration["model"].(string)
			advisor := Parts{Model: model, ServiceTier: p.ServiceTier}
			a.messages(iteration, &advisor)
			p.Others = append(p.Others, advisor)
		}
	}
}

// messages reads the tokens of an answer or of one of its iterations.
func (a *answer) messages(u object, p *Parts) {
	p.CachedInputTokens = a.optional(u, "cache_read_input_tokens")
	short := a.optional(u, "cache_creation", "ephemeral_5m_input_tokens")
	p.CacheWrite1hTokens = a.optional(u, "cache_creation", "ephemeral_1h_input_tokens")
	writes, told := a.count(u, "cache_creation_input_tokens")
	if !told {
		writes = short + p.CacheWrite1hTokens
	}
	p.CacheWriteTokens = writes
	p.InputTokens = a.required(u, "input_tokens") + p.CacheWriteTokens + p.CachedInputTokens
	p.OutputTokens = a.required(u, "output_tokens")
	p.ReasoningTokens = a.optional(u, "output_tokens_details", "thinking_tokens")
}

// add adds the tokens of another part of the same answer.
func (p *Parts) add(of *Parts) {
	p.InputTokens = plus(p.InputTokens, of.InputTokens)
	p.OutputTokens = plus(p.OutputTokens, of.OutputTokens)
	p.CachedInputTokens = plus(p.CachedInputTokens, of.CachedInputTokens)
	p.CacheWriteTokens = plus(p.CacheWriteTokens, of.CacheWriteTokens)
	p.CacheWrite1hTokens = plus(p.CacheWrite1hTokens, of.CacheWrite1hTokens)
	p.ReasoningTokens = plus(p.ReasoningTokens, of.ReasoningTokens)
}

// inside makes the fields of one of the outermost objects the outermost ones, and says whether there is one.
func (a *answer) inside(name string) bool {
	if a.err != nil || len(a.fields[name]) == 0 || a.fields[name][0] != '{' {
		return false
	}
	inner, err := open(a.fields[name])
	if err != nil {
		a.fail("%s: %w", name, err)
		return false
	}
	a.fields = inner.fields
	return true
}
