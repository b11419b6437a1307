package demoprovider

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"bursar/gateway/demoprovider/demomodel"
)

// chatRequest is a request to /v1/chat/completions, as far as it changes the answer.
type chatRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role      string  `json:"role"`
		Content   content `json:"content"`
		ToolCalls []struct {
			Function struct {
				Name      string `json:"name"`
				Arguments string `json:"arguments"`
			} `json:"function"`
		} `json:"tool_calls"`
	} `json:"messages"`
	Tools []struct {
		Function struct {
			Name       string          `json:"name"`
			Parameters json.RawMessage `json:"parameters"`
		} `json:"function"`
	} `json:"tools"`
	ToolChoice          json.RawMessage `json:"tool_choice"`
	MaxTokens           *int64          `json:"max_tokens"`
	MaxCompletionTokens *int64          `json:"max_completion_tokens"`
	N                   *int64          `json:"n"`
	Stream              bool            `json:"stream"`
	StreamOptions       struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	ReasoningEffort string          `json:"reasoning_effort"`
	ResponseFormat  *responseFormat `json:"response_format"`
}

// responseFormat says whether the answer is JSON, in the forms of chat completions and of the Responses API.
type responseFormat struct {
	Type       string          `json:"type"`
	Schema     json.RawMessage `json:"schema"`
	JSONSchema struct {
		Schema json.RawMessage `json:"schema"`
	} `json:"json_schema"`
}

// schema returns the schema of the answer; nil for a text.
func (f *responseFormat) schema() json.RawMessage {
	switch {
	case f == nil || f.Type != "json_schema" && f.Type != "json_object":
		return nil
	case f.JSONSchema.Schema != nil:
		return f.JSONSchema.Schema
	case f.Schema != nil:
		return f.Schema
	}
	return json.RawMessage(`{"type":"object","properties":{"answer":{"type":"string"}}}`)
}

// openAIChoice reads tool_choice: a word, or which function.
func openAIChoice(raw json.RawMessage) demomodel.ToolChoice {
	var mode string
	if json.Unmarshal(raw, &mode) == nil {
		return demomodel.ToolChoice{Mode: mode}
	}
	var one struct {
		Type, Name string
		Function   struct{ Name string }
	}
	if json.Unmarshal(raw, &one) != nil {
		return demomodel.ToolChoice{}
	}
	return demomodel.ToolChoice{Mode: "tool", Name: one.Name + one.Function.Name} // one of both is empty
}

// chatCompletion answers POST /v1/chat/completions.
func (e *exchange) chatCompletion() {
	var request chatRequest
	if !e.decode(&request) {
		return
	}
	model, ok := e.knownModel(request.Model, demomodel.Chat)
	if !ok {
		return
	}
	if len(request.Messages) == 0 {
		e.fail(failure{status: http.StatusBadRequest, param: "messages", message: "There are no messages."})
		return
	}
	a, ok := e.answer(request.ask(model))
	if !ok {
		return
	}
	f := &chatFormat{e: e, a: a, usageAsked: request.StreamOptions.IncludeUsage}
	if request.Stream {
		e.stream(a, f, dataEvents)
		return
	}
	if e.produceAll(a) {
		e.answerJSON(f.whole())
	}
}

// ask returns what the request asks for.
func (r *chatRequest) ask(model *demomodel.Model) *demomodel.Ask {
	q := &demomodel.Ask{Model: model, Candidates: 1, MaxOutput: r.MaxTokens, Choice: openAIChoice(r.ToolChoice), Schema: r.ResponseFormat.schema(),
		Effort: demomodel.Effort{Tokens: demomodel.EffortOf(r.ReasoningEffort)}, Cached: true}
	if r.MaxCompletionTokens != nil {
		q.MaxOutput = r.MaxCompletionTokens
	}
	if r.N != nil {
		q.Candidates = *r.N
	}
	for _, m := range r.Messages {
		said := []string{m.Content.text}
		for _, c := range m.ToolCalls {
			said = append(said, c.Function.Name, c.Function.Arguments)
		}
		q.Conversation.Say(openAIRole(m.Role), strings.Join(said, ""), m.Content.images)
	}
	for _, t := range r.Tools {
		if t.Function.Name != "" {
			q.Tools = append(q.Tools, demomodel.Tool{Name: t.Function.Name, Schema: t.Function.Parameters})
		}
	}
	return q
}

func openAIRole(name string) demomodel.Role {
	switch name {
	case "assistant":
		return demomodel.Assistant
	case "tool", "function":
		return demomodel.ToolResult
	case "system", "developer":
		return demomodel.System
	}
	return demomodel.User
}

// chatFormat writes chat completions.
type chatFormat struct {
	e          *exchange
	a          *demomodel.Answer
	usageAsked bool
	around     [][]byte // what stands before and after a token in its event, for each candidate
}

func (f *chatFormat) envelope(kind string, choices any) object {
	return object{"id": "chatcmpl-" + f.a.ID, "object": kind, "created": f.a.Created.Unix(), "model": f.a.Asked.Model.Name, "service_tier": "default",
		"system_fingerprint": "fp_demo", "choices": choices}
}

func (f *chatFormat) whole() object {
	var choices []any
	for i := range f.a.Asked.Candidates {
		message := object{"role": "assistant", "content": f.a.Text(), "refusal": nil, "annotations": []any{}}
		if f.a.Calls() {
			called := &f.a.Parts[len(f.a.Parts)-1]
			message["content"] = orNull(f.a.Text())
			message["tool_calls"] = []any{object{"id": f.callID(i), "type": "function",
				"function": object{"name": called.Call, "arguments": called.Text()}}}
		}
		choices = append(choices, object{"index": i, "message": message, "logprobs": nil, "finish_reason": f.finishReason()})
	}
	whole := f.envelope("chat.completion", choices)
	if u := f.e.chatUsage(f.a); u != nil {
		whole["usage"] = u
	}
	return whole
}

func (f *chatFormat) callID(choice int64) string {
	return "call_" + f.a.ID + strconv.FormatInt(choice, 10)
}

func (f *chatFormat) finishReason() string {
	switch {
	case f.a.Short:
		return "length"
	case f.a.Calls():
		return "tool_calls"
	}
	return "stop"
}

// chatUsage returns the usage of a chat completion or a completion; nil where the request wants none.
func (e *exchange) chatUsage(a *demomodel.Answer) object {
	u := a.Usage
	return e.distorted(object{
		"prompt_tokens": u.InputTokens, "completion_tokens": u.OutputTokens, "total_tokens": u.InputTokens + u.OutputTokens,
		"prompt_tokens_details": object{"cached_tokens": u.CachedInputTokens, "audio_tokens": 0},
		"completion_tokens_details": object{"reasoning_tokens": u.ReasoningTokens, "audio_tokens": 0, "accepted_prediction_tokens": 0,
			"rejected_prediction_tokens": 0},
	}, "prompt_tokens", "prompt_tokens_details", "cached_tokens")
}

// distorted returns a usage object, or the nonsense or the nothing that the request asks for. part is a number in the object of details, which is
// then more than its whole.
func (e *exchange) distorted(usage object, input, details, part string) object {
	switch {
	case e.demand.NoUsage:
		return nil
	case e.demand.Usage == usageNegative:
		usage[input] = -5
	case e.demand.Usage == usageHuge:
		usage[input] = json.Number("1000000000000000000000000000000")
	case e.demand.Usage == usageOverCached:
		if inner, ok := usage[details].(object); ok {
			inner[part] = 1_000_000_000
		} else {
			usage[part] = 1_000_000_000
		}
	}
	return usage
}
