package demoprovider

import (
	"encoding/json"
	"net/http"

	"bursar/gateway/demoprovider/demomodel"
)

// completionRequest is a request to /v1/completions.
type completionRequest struct {
	Model         string  `json:"model"`
	Prompt        prompts `json:"prompt"`
	MaxTokens     *int64  `json:"max_tokens"`
	N             *int64  `json:"n"`
	Stream        bool    `json:"stream"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

// completionTokens is how many tokens a completion has when the request does not say.
const completionTokens = 16

// prompts is a text, a list of texts, a list of tokens or a list of lists of tokens, as completions and embeddings take them.
type prompts []prompt

// prompt is a text, or a number of tokens.
type prompt struct {
	text   string
	tokens int64
}

// UnmarshalJSON reads any of the forms.
func (p *prompts) UnmarshalJSON(body []byte) error {
	*p = nil
	var text string
	var list []json.RawMessage
	if json.Unmarshal(body, &text) == nil {
		*p = prompts{{text, demomodel.CountTokens(text)}}
		return nil
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return err
	}
	numbers := int64(0)
	for _, each := range list {
		var tokens []int64
		switch {
		case len(each) > 0 && each[0] == '"':
			if err := json.Unmarshal(each, &text); err != nil {
				return err
			}
			*p = append(*p, prompt{text, demomodel.CountTokens(text)})
		case len(each) > 0 && each[0] == '[':
			if err := json.Unmarshal(each, &tokens); err != nil {
				return err
			}
			*p = append(*p, prompt{string(each), int64(len(tokens))})
		default:
			numbers++
		}
	}
	if numbers > 0 {
		*p = append(*p, prompt{string(body), numbers})
	}
	return nil
}

// completion answers POST /v1/completions.
func (e *exchange) completion() {
	var request completionRequest
	if !e.decode(&request) {
		return
	}
	model, ok := e.knownModel(request.Model, demomodel.Chat)
	if !ok {
		return
	}
	if len(request.Prompt) == 0 {
		e.fail(failure{status: http.StatusBadRequest, param: "prompt", message: "There is no prompt."})
		return
	}
	bound := int64(completionTokens)
	q := &demomodel.Ask{Model: model, MaxOutput: &bound, Candidates: int64(len(request.Prompt))}
	if request.MaxTokens != nil {
		q.MaxOutput = request.MaxTokens
	}
	if request.N != nil {
		if *request.N < 1 || *request.N > demomodel.MaxCandidates {
			q.Candidates = 0 // which is refused
		}
		q.Candidates *= *request.N
	}
	for _, each := range request.Prompt {
		q.Conversation = append(q.Conversation, demomodel.Turn{By: demomodel.User, Text: each.text, Tokens: each.tokens})
	}
	a, ok := e.answer(q)
	if !ok {
		return
	}
	f := &completionFormat{e: e, a: a, usageAsked: request.StreamOptions.IncludeUsage}
	if request.Stream {
		e.stream(a, f, dataEvents)
		return
	}
	if e.produceAll(a) {
		whole := f.envelope(f.a.Text(), f.finishReason())
		if u := e.chatUsage(a); u != nil {
			whole["usage"] = u
		}
		e.answerJSON(whole)
	}
}

// completionFormat writes completions.
type completionFormat struct {
	e          *exchange
	a          *demomodel.Answer
	usageAsked bool
}

// envelope returns an object with the same text for each candidate.
func (f *completionFormat) envelope(text string, finishReason any) object {
	var choices []any
	for i := range f.a.Asked.Candidates {
		choices = append(choices, object{"index": i, "text": text, "logprobs": nil, "finish_reason": finishReason})
	}
	return object{"id": "cmpl-" + f.a.ID, "object": "text_completion", "created": f.a.Created.Unix(), "model": f.a.Asked.Model.Name, "choices": choices}
}

func (f *completionFormat) finishReason() string {
	if f.a.Short {
		return "length"
	}
	return "stop"
}

func (f *completionFormat) begin(*sink) {}

func (f *completionFormat) open(*sink, int, *demomodel.Part) {}

func (f *completionFormat) piece(to *sink, _ int, p *demomodel.Part, token string) {
	if p.Kind == demomodel.Text {
		to.object("", f.envelope(token, nil))
	}
}

func (f *completionFormat) end(*sink, int, *demomodel.Part) {}

func (f *completionFormat) finish(to *sink) {
	to.object("", f.envelope("", f.finishReason()))
	if u := f.e.chatUsage(f.a); f.usageAsked && u != nil {
		event := f.envelope("", nil)
		event["choices"], event["usage"] = []any{}, u
		to.object("", event)
	}
	to.event("", []byte("[DONE]"))
}

func (f *completionFormat) fail(to *sink) { to.object("", openAI.errorObject(midway(), f.e.id)) }
