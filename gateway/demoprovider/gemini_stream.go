package demoprovider

import (
	"encoding/json"

	"bursar/gateway/demoprovider/demomodel"
)

// geminiFormat writes answers of Gemini.
type geminiFormat struct {
	e *exchange
	a *demomodel.Answer
}

// rawJSON is JSON that is written as it is.
func rawJSON(text string) json.RawMessage { return json.RawMessage(text) }

// envelope returns an answer with the same parts for each candidate, and the usage when a number of tokens has been made.
func (f *geminiFormat) envelope(parts []any, made int, finishReason string) object {
	var candidates []any
	for i := range f.a.Asked.Candidates {
		candidate := object{"content": object{"parts": parts, "role": "model"}, "index": i}
		if finishReason != "" {
			candidate["finishReason"] = finishReason
		}
		candidates = append(candidates, candidate)
	}
	whole := object{"candidates": candidates, "modelVersion": f.a.Asked.Model.Name, "responseId": f.a.ID}
	if u := f.usage(made); u != nil {
		whole["usageMetadata"] = u
	}
	return whole
}

// usage returns the usage when a number of tokens has been made; nil where the request wants none. Candidates do not include thoughts.
func (f *geminiFormat) usage(made int) object {
	u := f.a.UsageOf(made)
	usage := object{"promptTokenCount": u.InputTokens, "totalTokenCount": u.InputTokens + u.OutputTokens,
		"promptTokensDetails": []any{object{"modality": "TEXT", "tokenCount": u.InputTokens}}}
	if said := u.OutputTokens - u.ReasoningTokens; said > 0 {
		usage["candidatesTokenCount"] = said
	}
	if u.ReasoningTokens > 0 {
		usage["thoughtsTokenCount"] = u.ReasoningTokens
	}
	if u.CachedInputTokens > 0 {
		usage["cachedContentTokenCount"] = u.CachedInputTokens
		usage["cacheTokensDetails"] = []any{object{"modality": "TEXT", "tokenCount": u.CachedInputTokens}}
	}
	return f.e.distorted(usage, "promptTokenCount", "", "cachedContentTokenCount")
}

// said returns a token, or all of a part, as parts of a content; none for what is not shown.
func (f *geminiFormat) said(p *demomodel.Part, text string) []any {
	switch {
	case p.Kind == demomodel.Text:
		return []any{object{"text": text}}
	case p.Kind == demomodel.Thought && f.a.Asked.Effort.Shown:
		return []any{object{"text": text, "thought": true}}
	case p.Kind == demomodel.Call && !f.a.Short: // JSON that was cut is none
		return []any{object{"functionCall": object{"name": p.Call, "args": rawJSON(text)}, "thoughtSignature": signature}}
	}
	return nil
}

func (f *geminiFormat) whole() object {
	parts := []any{}
	for i := range f.a.Parts {
		if p := &f.a.Parts[i]; len(p.Tokens) > 0 {
			parts = append(parts, f.said(p, p.Text())...)
		}
	}
	return f.envelope(parts, f.a.Tokens(), f.finishReason())
}

func (f *geminiFormat) finishReason() string {
	if f.a.Short {
		return "MAX_TOKENS"
	}
	return "STOP"
}

func (f *geminiFormat) begin(*sink) {}

func (f *geminiFormat) open(*sink, int, *demomodel.Part) {}

// piece writes a token. A call is written whole, after its last token.
func (f *geminiFormat) piece(to *sink, _ int, p *demomodel.Part, token string) {
	if p.Kind == demomodel.Call {
		return
	}
	if parts := f.said(p, token); parts != nil {
		to.object("", f.envelope(parts, f.e.produced, ""))
	}
}

func (f *geminiFormat) end(to *sink, _ int, p *demomodel.Part) {
	if parts := f.said(p, p.Text()); p.Kind == demomodel.Call && parts != nil {
		to.object("", f.envelope(parts, f.e.produced, ""))
	}
}

func (f *geminiFormat) finish(to *sink) {
	to.object("", f.envelope([]any{object{"text": ""}}, f.a.Tokens(), f.finishReason()))
}

func (f *geminiFormat) fail(to *sink) {
	to.object("", gemini.errorObject(failure{status: 503, message: "The model is overloaded. Please try again later."}, f.e.id))
}
