package demoprovider

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"bursar/gateway/demoprovider/demomodel"
	"bursar/usage"
)

// question is a request in one of the dialects: a JSON object without its last brace.
type question struct {
	name, path, body string
	streamed         string // the path of the stream, where that is another one; else the body asks for it
	flavor           usage.Flavor
	piece            string // under which name events have the text
}

// questions ask in every dialect for a second turn, with a prompt cache and with thoughts.
func questions() []question {
	return []question{
		{
			name: "chat", path: "/v1/chat/completions", flavor: usage.OpenAIChat, piece: "content",
			body: `{"model": "demo-large", "reasoning_effort": "low", "stream_options": {"include_usage": true}, "n": 2,
				"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Hello"},
					{"type": "image_url", "image_url": {"url": "data:,"}}]}, {"role": "assistant", "content": "Hi."}, {"role": "user", "content": "Go on"}]`,
		},
		{
			name: "completions", path: "/v1/completions", flavor: usage.OpenAIChat, piece: "text",
			body: `{"model": "demo-small", "prompt": ["One two", "three"], "max_tokens": 9, "stream_options": {"include_usage": true}`,
		},
		{
			name: "responses", path: "/v1/responses", flavor: usage.OpenAIResponses, piece: "delta",
			body: `{"model": "demo-reasoning", "instructions": "Be brief.", "input": [{"role": "user", "content": "Hello"},
				{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi."}]}, {"role": "user", "content": "Go on"}]`,
		},
		{
			name: "messages", path: "/v1/messages", flavor: usage.Anthropic, piece: "text",
			body: `{"model": "demo-large", "max_tokens": 500, "thinking": {"type": "enabled", "budget_tokens": 20},
				"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
				"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}, {"role": "user", "content": "Go on"}]`,
		},
		{
			name: "generateContent", path: "/v1beta/models/demo-large:generateContent", flavor: usage.Gemini, piece: "text",
			streamed: "/v1beta/models/demo-large:streamGenerateContent?alt=sse",
			body: `{"systemInstruction": {"parts": [{"text": "Be brief."}]}, "generationConfig": {"candidateCount": 2, "thinkingConfig": {"thinkingBudget": 20}},
				"contents": [{"role": "user", "parts": [{"text": "Hello"}]}, {"role": "model", "parts": [{"text": "Hi."}]}, {"role": "user", "parts": [{"text": "Go on"}]}]`,
		},
		{
			name: "generateContent in an array", path: "/v1/models/demo-small:generateContent", flavor: usage.Gemini, piece: "text",
			streamed: "/v1/models/demo-small:streamGenerateContent", body: `{"contents": [{"parts": [{"text": "Hello"}]}]`,
		},
	}
}

// ask sends the question, streamed or not.
func (s *served) ask(q question, stream bool, headers ...string) *http.Response {
	s.t.Helper()
	switch {
	case stream && q.streamed != "":
		return s.post(q.streamed, q.body+"}", headers...)
	case stream:
		return s.post(q.path, q.body+`, "stream": true}`, headers...)
	}
	return s.post(q.path, q.body+"}", headers...)
}

// What an answer says of its usage, as Bursar reads it, is the truth that the provider tells, in every dialect, streamed or not; so is its cost. A
// stream says what the whole answer says.
func TestAnswersTellTheTruth(t *testing.T) {
	t.Parallel()
	for _, q := range questions() {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			body := s.read(s.ask(q, false), http.StatusOK)
			told, err := usage.Read(q.flavor, body)
			if err != nil {
				t.Fatal(err)
			}
			s.expectTruth(told)
			pieces := events(t, s.read(s.ask(q, true), http.StatusOK))
			said := texts(t, pieces, q.piece)
			if q.name == "completions" || q.name == "chat" || strings.HasPrefix(q.name, "generate") {
				if len(said) < 20 {
					t.Errorf("the stream says %q", said)
				}
			} else if whole := texts(t, []json.RawMessage{body}, "text"); said != whole {
				t.Errorf("the stream says %q, the answer %q", said, whole)
			}
			var last usage.Parts
			for _, event := range pieces {
				parts, err := usage.Read(q.flavor, event)
				if errors.Is(err, usage.ErrNone) {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if q.flavor == usage.Anthropic && last.InputTokens > 0 { // cumulative; message_delta has not all fields
					parts.CacheWrite1hTokens, parts.Model = last.CacheWrite1hTokens, last.Model
				}
				last = parts
			}
			s.expectTruth(last)
		})
	}
}

// expectTruth fails the test unless the newest request used and cost what an answer has told.
func (s *served) expectTruth(told usage.Parts) {
	s.t.Helper()
	truth := s.last()
	model, ok := demomodel.Find(truth.Model)
	if !ok {
		s.t.Fatalf("no model %q", truth.Model)
	}
	if told.Others != nil || told.InputTokens != truth.Usage.InputTokens || told.OutputTokens != truth.Usage.OutputTokens ||
		told.CachedInputTokens != truth.Usage.CachedInputTokens || told.CacheWriteTokens != truth.Usage.CacheWriteTokens ||
		told.CacheWrite1hTokens != truth.Usage.CacheWrite1hTokens || told.ReasoningTokens != truth.Usage.ReasoningTokens ||
		told.Model != truth.Model {
		s.t.Errorf("the answer tells %+v, the truth is %+v", told, truth.Usage)
	}
	if truth.CostNanos <= 0 || truth.CostNanos != model.CostNanos(&told) || truth.Ended != Complete || truth.Status != http.StatusOK {
		s.t.Errorf("%+v cost %d nano-dollars; the truth is %+v", told, model.CostNanos(&told), truth)
	}
}

// An error on demand has its status, the form of its dialect and the wait that was asked for; it costs nothing.
func TestErrorsOnDemand(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for _, test := range []struct {
		path, demand, want, retryAfter string
		status                         int
	}{
		{"/v1/chat/completions", "429", `"code":"rate_limit_exceeded"`, "1", 429},
		{"/v1/responses", "500", `"type":"server_error"`, "", 500},
		{"/v1/messages", "529", `"type":"overloaded_error"`, "", 529},
		{"/v1/messages", "429, retry-after=20", `"type":"rate_limit_error"`, "20", 429},
		{"/v1beta/models/demo-small:generateContent", "429,retry-after=3", `"status":"RESOURCE_EXHAUSTED"`, "3", 429},
		{"/v1/embeddings", "explode", `x-demo: \"explode\" is none of`, "", 400},
	} {
		response := s.post(test.path, `{}`, DemandHeader, test.demand)
		body := s.read(response, test.status)
		if !strings.Contains(string(body), test.want) || response.Header.Get("Retry-After") != test.retryAfter {
			t.Errorf("%s %q: Retry-After %q, %s", test.path, test.demand, response.Header.Get("Retry-After"), body)
		}
		if truth := s.last(); truth.Ended != Refused || truth.CostNanos != 0 || truth.Status != test.status {
			t.Errorf("%s %q: %+v", test.path, test.demand, truth)
		}
	}
}
