package usage

// readResponses reads an answer of the Responses API. Input includes what was read from a cache and written to one, output includes reasoning.
// Searches and pictures stand in tool_usage, beside usage; pictures are another model's.
func readResponses(a *answer, p *Parts) {
	u := a.root("usage", "input_tokens", "output_tokens")
	if u == nil {
		if u = a.root("response.usage"); u == nil { // the event response.completed
			a.none()
			return
		}
		a.inside("response")
		p.Model = a.text("model")
	}
	p.ServiceTier = serviceTier(a.text("service_tier"))
	p.InputTokens = a.required(u, "input_tokens")
	p.OutputTokens = a.required(u, "output_tokens")
	p.CachedInputTokens = a.optional(u, "input_tokens_details", "cached_tokens")
	p.CacheWriteTokens = a.optional(u, "input_tokens_details", "cache_write_tokens")
	p.ReasoningTokens = a.optional(u, "output_tokens_details", "reasoning_tokens")
	readTools(a, p)
}

// readTools reads what the tools of an answer of the Responses API used.
func readTools(a *answer, p *Parts) {
	output := list(a.field("output"))
	tools, _ := a.field("tool_usage").(object)
	searches, told := a.count(object{"tool_usage": tools}, "tool_usage", "web_search", "num_requests")
	if !told {
		searches = searchCalls(output)
	}
	p.WebSearches = searches
	pictures, _ := tools["image_gen"].(object)
	if pictures == nil {
		return
	}
	of := Parts{Model: imageModel(a), ServiceTier: p.ServiceTier, InputTokens: a.optional(pictures, "input_tokens"),
		OutputTokens: a.optional(pictures, "output_tokens")}
	for _, item := range output {
		if item["type"] == "image_generation_call" {
			of.Images++
		}
	}
	if of.InputTokens+of.OutputTokens > 0 {
		p.Others = append(p.Others, of)
	}
}

// searchCalls counts the calls of web search. Opening a page that was found, and finding words in it, are not charged for.
func searchCalls(output []object) (calls int64) {
	for _, item := range output {
		if item["type"] != "web_search_call" {
			continue
		}
		action, _ := item["action"].(object)
		if kind, told := action["type"].(string); !told || kind == "search" {
			calls++
		}
	}
	return calls
}

// imageModel returns which model the request had pictures made by; empty when it left that to OpenAI.
func imageModel(a *answer) string {
	for _, tool := range list(a.field("tools")) {
		if tool["type"] == "image_generation" {
			model, _ := tool["model"].(string)
			return model
		}
	}
	return ""
}

// readEmbeddings reads an answer of an embeddings API, which has input alone.
func readEmbeddings(a *answer, p *Parts) {
	u := a.root("usage", "prompt_tokens", "total_tokens")
	if u == nil {
		a.none()
		return
	}
	tokens, ok := a.count(u, "prompt_tokens")
	if !ok {
		tokens = a.required(u, "total_tokens") // Voyage
	}
	p.InputTokens = tokens
}

// readImages reads an answer of the image API. Older models have no usage but the number of pictures.
func readImages(a *answer, p *Parts) {
	p.Images = int64(len(list(a.field("data"))))
	u := a.root("usage", "input_tokens", "output_tokens")
	if u == nil {
		if p.Images == 0 {
			a.none()
		}
		return
	}
	p.InputTokens = a.required(u, "input_tokens")
	p.OutputTokens = a.required(u, "output_tokens")
	p.CachedInputTokens = a.optional(u, "input_tokens_details", "cached_tokens")
}

// readRealtime reads the event response.done. Input includes audio and what was read from a cache, audio among it; output includes audio.
func readRealtime(a *answer, p *Parts) {
	u := a.root("response.usage", "input_tokens", "output_tokens")
	if u == nil {
		a.none()
		return
	}
	if a.inside("response") {
		p.Model = a.text("model")
	}
	p.InputTokens = a.required(u, "input_tokens")
	p.OutputTokens = a.required(u, "output_tokens")
	p.CachedInputTokens = a.optional(u, "input_token_details", "cached_tokens")
	audio := a.optional(u, "input_token_details", "audio_tokens")
	cachedAudio := a.optional(u, "input_token_details", "cached_tokens_details", "audio_tokens")
	p.AudioInputTokens = max(audio-cachedAudio, 0)
	p.AudioOutputTokens = a.optional(u, "output_token_details", "audio_tokens")
}

// readTranscription reads an answer of the transcription API, where that counts tokens. Seconds have no part.
func readTranscription(a *answer, p *Parts) {
	u := a.root("usage", "input_tokens", "output_tokens")
	if u == nil {
		a.none()
		return
	}
	p.InputTokens = a.required(u, "input_tokens")
	p.OutputTokens = a.required(u, "output_tokens")
	p.AudioInputTokens = a.optional(u, "input_token_details", "audio_tokens")
}
