package demoprovider

import (
	"encoding/json"
	"net/http"

	"bursar/gateway/demoprovider/demomodel"
)

// messageRequest is a request to /v1/messages, as far as it changes the answer.
type messageRequest struct {
	Model    string  `json:"model"`
	System   content `json:"system"`
	Messages []struct {
		Role    string  `json:"role"`
		Content content `json:"content"`
	} `json:"messages"`
	Tools []struct {
		Type         string          `json:"type"`
		Name         string          `json:"name"`
		InputSchema  json.RawMessage `json:"input_schema"`
		CacheControl *cacheControl   `json:"cache_control"`
	} `json:"tools"`
	ToolChoice struct {
		Type string `json:"type"`
		Name string `json:"name"`
	} `json:"tool_choice"`
	MaxTokens *int64 `json:"max_tokens"`
	Stream    bool   `json:"stream"`
	Thinking  *struct {
		Type         string `json:"type"`
		BudgetTokens int64  `json:"budget_tokens"`
	} `json:"thinking"`
	CacheControl *cacheControl   `json:"cache_control"`
	OutputFormat *responseFormat `json:"output_format"`
	OutputConfig struct {
		Format *responseFormat `json:"format"`
		Effort string          `json:"effort"`
	} `json:"output_config"`
}

// message answers POST /v1/messages.
func (e *exchange) message() {
	request, q, ok := e.readMessage()
	if !ok {
		return
	}
	if request.MaxTokens == nil || *request.MaxTokens < 1 {
		e.fail(failure{status: http.StatusBadRequest, message: "max_tokens: Field required, at least 1"})
		return
	}
	a, ok := e.answer(q)
	if !ok {
		return
	}
	f := &messageFormat{e: e, a: a}
	if request.Stream {
		e.stream(a, f, namedEvents)
		return
	}
	if e.produceAll(a) {
		e.answerJSON(f.whole())
	}
}

// countMessage answers POST /v1/messages/count_tokens.
func (e *exchange) countMessage() {
	if _, q, ok := e.readMessage(); ok {
		e.model = nil // counting is free
		e.answerJSON(object{"input_tokens": q.InputTokens()})
	}
}

// readMessage returns the request and what it asks for. It answers an error and returns false when that cannot be told.
func (e *exchange) readMessage() (*messageRequest, *demomodel.Ask, bool) {
	var request messageRequest
	if !e.decode(&request) {
		return nil, nil, false
	}
	model, ok := e.knownModel(request.Model, demomodel.Chat)
	if !ok {
		return nil, nil, false
	}
	if len(request.Messages) == 0 {
		e.fail(failure{status: http.StatusBadRequest, message: "messages: at least one message is required"})
		return nil, nil, false
	}
	return &request, request.ask(model), true
}

// ask returns what the request asks for.
func (r *messageRequest) ask(model *demomodel.Model) *demomodel.Ask {
	q := &demomodel.Ask{Model: model, Candidates: 1, MaxOutput: r.MaxTokens, Choice: demomodel.ToolChoice{Mode: r.ToolChoice.Type, Name: r.ToolChoice.Name}}
	if q.Choice.Mode == "any" {
		q.Choice.Mode = "required"
	}
	q.Schema = r.OutputFormat.schema()
	if q.Schema == nil {
		q.Schema = r.OutputConfig.Format.schema()
	}
	q.Effort = r.effort()
	keep(q, r.CacheControl)
	if r.System.text != "" {
		q.Conversation.Say(demomodel.System, r.System.text, 0)
		keepParts(q, r.System.parts)
	}
	for _, m := range r.Messages {
		sayMessage(q, m.Role, &m.Content)
	}
	for _, t := range r.Tools {
		keep(q, t.CacheControl)
		if len(t.InputSchema) > 0 {
			q.Tools = append(q.Tools, demomodel.Tool{Name: t.Name, Schema: t.InputSchema})
		}
	}
	return q
}

// effort returns how much the request wants to be thought, and shown.
func (r *messageRequest) effort() demomodel.Effort {
	none := int64(0)
	switch {
	case r.Thinking == nil || r.Thinking.Type == "disabled":
		return demomodel.Effort{Tokens: &none}
	case r.Thinking.Type == "adaptive":
		wanted := demomodel.EffortOf(r.OutputConfig.Effort)
		if wanted == nil {
			wanted = demomodel.EffortOf("high")
		}
		return demomodel.Effort{Tokens: wanted, Shown: true}
	}
	wanted := min(r.Thinking.BudgetTokens, demomodel.OwnEffort)
	return demomodel.Effort{Tokens: &wanted, Shown: true}
}

// sayMessage adds a message. Results of tools are turns of their own.
func sayMessage(q *demomodel.Ask, by string, c *content) {
	keepParts(q, c.parts)
	images, said := c.images, c.text
	for i := range c.parts {
		switch p := &c.parts[i]; p.Type {
		case "tool_result":
			result := content{}
			if p.Content != nil {
				result = *p.Content
			}
			q.Conversation.Say(demomodel.ToolResult, result.text, result.images)
		case "tool_use":
			said += p.Name + string(marshal(p.Input))
		case "thinking":
			said += p.Thinking
		}
	}
	switch {
	case by == "assistant":
		q.Conversation.Say(demomodel.Assistant, said, images)
	case said != "" || images > 0:
		q.Conversation.Say(demomodel.User, said, images)
	}
}

// keep notes that something is to be kept in a cache: then all of the request is, and what an earlier request had is read from there.
func keep(q *demomodel.Ask, control *cacheControl) {
	if control != nil {
		q.Cached = true
		q.Written = &demomodel.CacheWrite{Hour: control.TTL == "1h" || q.Written != nil && q.Written.Hour}
	}
}

func keepParts(q *demomodel.Ask, parts []contentPart) {
	for i := range parts {
		keep(q, parts[i].CacheControl)
		if inner := parts[i].Content; inner != nil {
			keepParts(q, inner.parts)
		}
	}
}
