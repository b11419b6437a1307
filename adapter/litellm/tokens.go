package litellm

import "bursar/usage"

// tokens is the usage of an answer, in LiteLLM's form: that of OpenAI for all providers, with what was written to a cache beside.
type tokens struct {
	CacheCreation int64 `json:"cache_creation_input_tokens"`
	CacheRead     int64 `json:"cache_read_input_tokens"`
	Prompt        *struct {
		Cached        *int64 `json:"cached_tokens"`
		CacheCreation *int64 `json:"cache_creation_tokens"`
		Audio         *int64 `json:"audio_tokens"`
	} `json:"prompt_tokens_details"`
	Completion *struct {
		Reasoning *int64 `json:"reasoning_tokens"`
		Audio     *int64 `json:"audio_tokens"`
	} `json:"completion_tokens_details"`
}

// parts returns what was used. Details that do not fit into the whole are left out: LiteLLM passes on what providers say.
func (e *entry) parts() usage.Parts {
	p := usage.Parts{Model: e.Model, InputTokens: e.Input, OutputTokens: e.Output}
	u := e.Metadata.Usage
	if u == nil {
		return p
	}
	p.CachedInputTokens, p.CacheWriteTokens = u.CacheRead, u.CacheCreation
	if d := u.Prompt; d != nil {
		p.CachedInputTokens, p.CacheWriteTokens = max(p.CachedInputTokens, orZero(d.Cached)), max(p.CacheWriteTokens, orZero(d.CacheCreation))
		p.AudioInputTokens = orZero(d.Audio)
	}
	if d := u.Completion; d != nil {
		p.ReasoningTokens, p.AudioOutputTokens = orZero(d.Reasoning), orZero(d.Audio)
	}
	if p.CachedInputTokens < 0 || p.CacheWriteTokens < 0 || p.CachedInputTokens+p.CacheWriteTokens > p.InputTokens {
		p.CachedInputTokens, p.CacheWriteTokens = 0, 0
	}
	if p.AudioInputTokens < 0 || p.AudioInputTokens > p.InputTokens {
		p.AudioInputTokens = 0
	}
	if p.ReasoningTokens < 0 || p.ReasoningTokens > p.OutputTokens {
		p.ReasoningTokens = 0
	}
	if p.AudioOutputTokens < 0 || p.AudioOutputTokens > p.OutputTokens {
		p.AudioOutputTokens = 0
	}
	return p
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// providerOf returns Bursar's name of a provider of LiteLLM's; the same where there is no other.
func providerOf(name string) string {
	switch name {
	case "gemini", "vertex_ai", "vertex_ai_beta":
		return "google"
	case "bedrock", "bedrock_converse":
		return "aws"
	case "azure_ai":
		return "azure"
	case "together_ai":
		return "together"
	case "fireworks_ai":
		return "fireworks"
	case "xai":
		return "x-ai"
	}
	return name
}
