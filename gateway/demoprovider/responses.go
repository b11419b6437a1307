package demoprovider

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"bursar/gateway/demoprovider/demomodel"
)

// responseRequest is a request to /v1/responses, as far as it changes the answer.
type responseRequest struct {
	Model              string          `json:"model"`
	Input              json.RawMessage `json:"input"` // a text, or a list of items
	Instructions       string          `json:"instructions"`
	PreviousResponseID string          `json:"previous_response_id"`
	MaxOutputTokens    *int64          `json:"max_output_tokens"`
	Stream             bool            `json:"stream"`
	Tools              []struct {
		Type       string          `json:"type"`
		Name       string          `json:"name"`
		Parameters json.RawMessage `json:"parameters"`
	} `json:"tools"`
	ToolChoice json.RawMessage `json:"tool_choice"`
	Reasoning  struct {
		Effort string `json:"effort"`
	} `json:"reasoning"`
	Text struct {
		Format *responseFormat `json:"format"`
	} `json:"text"`
	Store *bool `json:"store"`

	echoed map[string]json.RawMessage // all fields, of which the answer repeats some
}

// inputItem is an item of a request's input.
type inputItem struct {
	ID        string  `json:"id"` // of an item_reference: of which item
	Type      string  `json:"type"`
	Role      string  `json:"role"`
	Content   content `json:"content"`
	Name      string  `json:"name"`
	Arguments string  `json:"arguments"`
	Output    content `json:"output"`
}

// maxConversations is how many answers are kept for requests that go on from them, the newest.
const maxConversations = 1000

// response answers POST /v1/responses.
func (e *exchange) response() {
	var request responseRequest
	if !e.decode(&request) || !e.decode(&request.echoed) {
		return
	}
	model, ok := e.knownModel(request.Model, demomodel.Chat)
	if !ok {
		return
	}
	q, ok := e.askOfResponse(&request, model)
	if !ok {
		return
	}
	a, ok := e.answer(q)
	if !ok {
		return
	}
	f := &responsesFormat{e: e, a: a, request: &request}
	switch {
	case request.Stream:
		e.stream(a, f, namedEvents)
	case e.produceAll(a):
		e.answerJSON(f.whole())
	default: // the client has left
		return
	}
	if request.Store == nil || *request.Store {
		e.p.keepConversation(f, q.Conversation)
	}
}

// askOfResponse returns what the request asks for. It answers an error and returns false when that cannot be told.
func (e *exchange) askOfResponse(r *responseRequest, model *demomodel.Model) (*demomodel.Ask, bool) {
	q := &demomodel.Ask{Model: model, Candidates: 1, MaxOutput: r.MaxOutputTokens, Choice: openAIChoice(r.ToolChoice), Schema: r.Text.Format.schema(),
		Effort: demomodel.Effort{Tokens: demomodel.EffortOf(r.Reasoning.Effort)}, Cached: true}
	if r.PreviousResponseID != "" {
		earlier, ok := e.p.conversationOf(r.PreviousResponseID)
		if !ok {
			e.fail(failure{status: http.StatusBadRequest, param: "previous_response_id", code: "previous_response_not_found",
				message: "Previous response with id " + quoted(r.PreviousResponseID) + " not found."})
			return nil, false
		}
		q.Conversation = earlier
	}
	if r.Instructions != "" {
		q.Conversation.Say(demomodel.System, r.Instructions, 0)
	}
	var question string
	var items []inputItem
	if json.Unmarshal(r.Input, &question) == nil {
		q.Conversation.Say(demomodel.User, question, 0)
	} else if err := json.Unmarshal(r.Input, &items); err != nil {
		e.fail(failure{status: http.StatusBadRequest, param: "input", message: "The input is neither a text nor a list of items."})
		return nil, false
	}
	for _, item := range items {
		switch item.Type {
		case "item_reference":
			earlier, _ := e.p.conversationOf(item.ID) // one that was dropped counts nothing
			q.Conversation = append(q.Conversation, earlier...)
		case "function_call", "reasoning":
			q.Conversation.Say(demomodel.Assistant, item.Name+item.Arguments, 0)
		case "function_call_output":
			q.Conversation.Say(demomodel.ToolResult, item.Output.text, item.Output.images)
		default:
			q.Conversation.Say(openAIRole(item.Role), item.Content.text, item.Content.images)
		}
	}
	for _, t := range r.Tools {
		if t.Type == "function" {
			q.Tools = append(q.Tools, demomodel.Tool{Name: t.Name, Schema: t.Parameters})
		}
	}
	return q, true
}

// conversationOf returns a copy of what is kept under an id.
func (p *Provider) conversationOf(id string) (demomodel.Conversation, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.kept[id]
	return slices.Clone(c), ok
}

// keepConversation keeps a conversation with its answer, and each item of the answer, and drops the oldest of too many.
func (p *Provider) keepConversation(f *responsesFormat, c demomodel.Conversation) {
	items, ids := map[string]demomodel.Conversation{}, []string{f.id()}
	for i := range f.a.Parts {
		part := &f.a.Parts[i]
		var item demomodel.Conversation
		if part.Kind != demomodel.Thought {
			item.Say(demomodel.Assistant, part.Call+part.Text(), 0)
		}
		items[f.itemID(i, part)] = item
		ids = append(ids, f.itemID(i, part))
		c = append(c, item...)
	}
	items[f.id()] = c
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.order) >= maxConversations {
		for _, id := range p.order[0] {
			delete(p.kept, id)
		}
		p.order = slices.Delete(p.order, 0, 1)
	}
	maps.Copy(p.kept, items)
	p.order = append(p.order, ids)
}

// responsesFormat writes answers of the Responses API.
type responsesFormat struct {
	e          *exchange
	a          *demomodel.Answer
	request    *responseRequest
	number     int    // of the next event
	head, tail []byte // of the events with a token, around the token and the number
}

func (f *responsesFormat) id() string { return "resp_" + f.a.ID }

// envelope returns the response in a state.
func (f *responsesFormat) envelope(status string, output []any) object {
	r := object{
		"id": f.id(), "object": "response", "created_at": f.a.Created.Unix(), "status": status, "background": false, "error": nil,
		"incomplete_details": nil, "instructions": nil, "max_output_tokens": nil, "max_tool_calls": nil, "model": f.a.Asked.Model.Name, "output": output,
		"parallel_tool_calls": true, "previous_response_id": nil, "prompt_cache_key": nil, "reasoning": object{"effort": nil, "summary": nil},
		"safety_identifier": nil, "service_tier": "default", "store": true, "temperature": 1, "text": object{"format": object{"type": "text"}},
		"tool_choice": "auto", "tools": []any{}, "top_logprobs": 0, "top_p": 1, "truncation": "disabled", "usage": nil, "user": nil,
		"metadata": object{},
	}
	for _, name := range []string{"instructions", "max_output_tokens", "max_tool_calls", "parallel_tool_calls", "previous_response_id",
		"prompt_cache_key", "reasoning", "safety_identifier", "store", "temperature", "text", "tool_choice", "tools", "top_p", "truncation",
		"user", "metadata"} {
		if value, ok := f.request.echoed[name]; ok && string(value) != "null" {
			r[name] = value
		}
	}
	return r
}

func (f *responsesFormat) whole() object {
	var output []any
	for i := range f.a.Parts {
		if f.begun(i) {
			output = append(output, f.item(i, &f.a.Parts[i], "completed"))
		}
	}
	r := f.envelope("completed", output)
	if f.a.Short {
		r["status"], r["incomplete_details"] = "incomplete", object{"reason": "max_output_tokens"}
	}
	r["completed_at"] = f.a.Created.Unix()
	if u := f.usage(); u != nil {
		r["usage"] = u
	}
	return r
}

// begun reports whether anything of a part was said before the bound on the output ended the answer.
func (f *responsesFormat) begun(i int) bool { return len(f.a.Parts[i].Tokens) > 0 }

func (f *responsesFormat) usage() object {
	u := f.a.Usage
	return f.e.distorted(object{
		"input_tokens": u.InputTokens, "input_tokens_details": object{"cached_tokens": u.CachedInputTokens},
		"output_tokens": u.OutputTokens, "output_tokens_details": object{"reasoning_tokens": u.ReasoningTokens},
		"total_tokens": u.InputTokens + u.OutputTokens,
	}, "input_tokens", "input_tokens_details", "cached_tokens")
}
