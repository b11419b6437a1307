package usage

// readConverse reads an answer of Bedrock's Converse, or the last event of its stream. Input, cache writes and cache reads are apart. The
// answer does not name its model.
func readConverse(a *answer, p *Parts) {
	u := a.root("usage", "inputTokens", "outputTokens")
	if u == nil {
		if u = a.root("metadata.usage"); u == nil {
			a.none()
			return
		}
		a.inside("metadata")
	}
	a.converse(u, p)
	if tier, ok := a.field("serviceTier").(object); ok {
		name, _ := tier["type"].(string)
		p.ServiceTier = serviceTier(name)
	}
}

// converse reads the tokens in the form of Converse.
func (a *answer) converse(u object, p *Parts) {
	p.CachedInputTokens = a.largest(u, []string{"cacheReadInputTokens"}, []string{"cacheReadInputTokenCount"})
	p.CacheWriteTokens = a.largest(u, []string{"cacheWriteInputTokens"}, []string{"cacheWriteInputTokenCount"})
	for _, detail := range list(u["cacheDetails"]) {
		if detail["ttl"] == "1h" {
			p.CacheWrite1hTokens = plus(p.CacheWrite1hTokens, a.optional(detail, "inputTokens"))
		}
	}
	p.InputTokens = a.required(u, "inputTokens") + p.CachedInputTokens + p.CacheWriteTokens
	p.OutputTokens = a.required(u, "outputTokens")
}

// readInvoke reads an answer of Bedrock's InvokeModel, which is in the form of the model's maker, or the metrics at the end of its stream.
func readInvoke(a *answer, p *Parts) {
	metrics, _ := a.field("amazon-bedrock-invocationMetrics").(object)
	usage, _ := a.field("usage").(object)
	switch {
	case metrics != nil: // any maker's
		p.CachedInputTokens = a.optional(metrics, "cacheReadInputTokenCount")
		p.CacheWriteTokens = a.optional(metrics, "cacheWriteInputTokenCount")
		p.InputTokens = a.required(metrics, "inputTokenCount") + p.CachedInputTokens + p.CacheWriteTokens
		p.OutputTokens = a.required(metrics, "outputTokenCount")
	case usage["input_tokens"] != nil:
		readAnthropic(a, p)
	case usage["prompt_tokens"] != nil:
		readChat(a, p)
	case usage["inputTokens"] != nil: // Amazon Nova
		a.converse(usage, p)
	default:
		a.flat(p)
	}
}

// flat reads answers whose numbers stand outermost: those of Meta's Llama, and of Amazon's Titan for text and for embeddings.
func (a *answer) flat(p *Parts) {
	all := object{"prompt_token_count": a.field("prompt_token_count"), "generation_token_count": a.field("generation_token_count"),
		"inputTextTokenCount": a.field("inputTextTokenCount")}
	if input, ok := a.count(all, "prompt_token_count"); ok {
		p.InputTokens, p.OutputTokens = input, a.required(all, "generation_token_count")
		return
	}
	input, ok := a.count(all, "inputTextTokenCount")
	if !ok {
		a.none()
		return
	}
	p.InputTokens = input
	for _, result := range list(a.field("results")) {
		p.OutputTokens = plus(p.OutputTokens, a.required(result, "tokenCount"))
	}
}
