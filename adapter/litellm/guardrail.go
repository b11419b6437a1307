// Package litellm answers LiteLLM's proxy: its generic guardrail, which asks before a call, and its generic callback, which tells what calls have
// used. Names of fields are LiteLLM's; they were read in, and tried with, version 1.105.7.
package litellm

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/adapter"
	"bursar/db"
	"bursar/fault"
	"bursar/gateway/wire"
	"bursar/graph/model"
)

const (
	// requestPrefix begins the request ids of reservations, before LiteLLM's id of the call.
	requestPrefix = "litellm/"
	// callIDHeader is how a caller of LiteLLM chooses the id of their call.
	callIDHeader = "x-litellm-call-id"
	// otherCost is held, in dollars, for calls of which nothing says what they cost, as by the gateway.
	otherCost = "0.01"
)

// Routes returns the paths of the adapter.
func Routes(enforcement *adapter.Enforcement) []adapter.Route {
	l := &litellm{enforcement}
	return []adapter.Route{
		{Pattern: "POST /v1/litellm/beta/litellm_basic_guardrail_api", Operation: "reserveUsage", Serve: l.guard, Refuse: adapter.RefuseJSON},
		{Pattern: "POST /v1/litellm/log", Operation: "recordUsage", Serve: l.log, Refuse: adapter.RefuseJSON},
	}
}

type litellm struct{ enforcement *adapter.Enforcement }

// question is the guardrail's request.
type question struct {
	InputType string            `json:"input_type"`
	CallID    *string           `json:"litellm_call_id"`
	Model     *string           `json:"model"`
	Texts     []string          `json:"texts"`
	Images    []string          `json:"images"`
	Messages  json.RawMessage   `json:"structured_messages"`
	Tools     json.RawMessage   `json:"tools"`
	Data      identity          `json:"request_data"`
	Headers   map[string]string `json:"request_headers"`
}

// guard answers whether a call may be made, and holds what it may use. Answers of providers pass.
func (l *litellm) guard(w http.ResponseWriter, r *adapter.Request) error {
	s, err := read(r.Request, "key", "provider", "estimate.cost", "estimate.maxOutputTokens")
	if err != nil {
		return err
	}
	var q question
	if err := json.Unmarshal(r.Body, &q); err != nil {
		return fault.New(fault.BadUserInput, "the request's body is none of LiteLLM's generic guardrail: %v", err)
	}
	if q.InputType == "response" {
		adapter.WriteJSON(w, http.StatusOK, map[string]any{"action": "NONE"})
		return nil
	}
	input, err := q.input(s)
	if err != nil {
		return err
	}
	key, err := q.Data.name(s)
	if err != nil {
		return err
	}
	var answer *db.UsageAnswer
	if key.hash != "" {
		answer, err = l.enforcement.ReserveHash(r.Context(), "user_api_key_hash", key.hash, input)
	} else {
		input.Key, input.Secret = key.id, key.secret
		answer, err = l.enforcement.Reserve(r.Context(), input)
	}
	if fault.CodeOf(err) == fault.IdempotencyMismatch {
		block(w, idUsed)
		return nil
	} else if err != nil {
		return err
	}
	decision := adapter.DecisionOf(answer)
	decision.SetHeaders(w.Header())
	_, reason := decision.Reason(answer)
	if decision.Allowed && decision.Replayed && !q.idIsLiteLLMs() {
		decision.Allowed, reason = false, idUsed
	}
	if !decision.Allowed {
		block(w, reason)
		return nil
	}
	adapter.WriteJSON(w, http.StatusOK, map[string]any{"action": "NONE"})
	return nil
}

const idUsed = "The x-litellm-call-id was used before; a call needs one of its own."

// block answers that a call may not be made. LiteLLM tells its caller the reason, with the status 400.
func block(w http.ResponseWriter, reason string) {
	adapter.WriteJSON(w, http.StatusOK, map[string]any{"action": "BLOCKED", "blocked_reason": reason})
}

// idIsLiteLLMs tells whether the call's id is not one that the caller chose: then a repeated question is LiteLLM's own, about the same call.
func (q *question) idIsLiteLLMs() bool {
	for name := range q.Headers {
		if strings.EqualFold(name, callIDHeader) {
			return false
		}
	}
	return q.Headers != nil
}

// input returns the reservation that is asked for.
func (q *question) input(s *settings) (*model.ReserveUsageInput, error) {
	if q.InputType != "request" {
		return nil, fault.BadInput("input_type", "must be request or response")
	}
	if q.CallID == nil || *q.CallID == "" {
		return nil, fault.BadInput("litellm_call_id", "is missing")
	}
	input := &model.ReserveUsageInput{
		RequestID: new(requestPrefix + *q.CallID), Model: q.Model, Metadata: q.Data.metadata(), Estimate: &model.UsageEstimateInput{},
	}
	if s.provider != "" {
		input.Provider = &s.provider
	}
	if s.output != "" {
		tokens, err := decimal.NewFromString(s.output)
		if err != nil || !tokens.IsInteger() {
			return nil, fault.BadInput("estimate.maxOutputTokens", "must be a whole number")
		}
		input.Estimate.MaxOutputTokens = new(tokens.IntPart())
	}
	tokens, bounded := q.bound()
	input.Estimate.InputTokens = &tokens
	if cost := s.cost; cost != "" || !bounded {
		if cost == "" {
			cost = otherCost
		}
		amount, err := decimal.NewFromString(cost)
		if err != nil {
			return nil, fault.BadInput("estimate.cost", "must be a number")
		}
		input.Estimate.Cost = &amount
	}
	return input, nil
}

// bound returns how many tokens go in at most; false where pictures and the like have a size that nobody knows.
func (q *question) bound() (tokens int64, bounded bool) {
	for _, text := range q.Texts {
		tokens += int64(len(text))
	}
	if len(q.Messages) == 0 || string(q.Messages) == "null" {
		return tokens, len(q.Images) == 0
	}
	chat := map[string]any{"messages": q.Messages, "model": "model"}
	if len(q.Tools) > 0 && string(q.Tools) != "null" {
		chat["tools"] = q.Tools
	}
	body, err := json.Marshal(chat)
	if err != nil {
		return tokens, false
	}
	call, err := wire.Parse(wire.Match(http.MethodPost, "/v1/chat/completions", http.Header{}), http.Header{}, body)
	if err != nil {
		return tokens, false
	}
	return call.InputTokens, call.Unbounded == ""
}
