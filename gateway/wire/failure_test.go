package wire_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"bursar/gateway/wire"
)

// write writes a failure and returns the answer, with its body decoded.
func write(t *testing.T, d wire.Dialect, f wire.Failure) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	wire.WriteError(w, d, f)
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s is no JSON: %v", w.Body, err)
	}
	if w.Code != f.Status || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	return w, body
}

// at returns what stands at a path of a body.
func at(body any, path ...string) any {
	for _, name := range path {
		object, ok := body.(map[string]any)
		if !ok {
			return nil
		}
		body = object[name]
	}
	return body
}

// Guarantee: a denial by a budget has, in each dialect, the form that its SDKs show and the marks at which all of them stop: one request, not seven.
func TestBudgetDenial(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusPreconditionFailed, http.StatusPaymentRequired} {
		f := wire.Failure{Status: status, Reason: "BUDGET_EXHAUSTED", Message: "The budget is used up.", RequestID: "req_1", Details: map[string]any{"limitId": "bud_1"}}
		for _, d := range []wire.Dialect{wire.OpenAI, wire.Anthropic, wire.Gemini} {
			w, body := write(t, d, f)
			if h := w.Header(); h.Get("X-Should-Retry") != "false" || h.Get("Retry-After") != "" || h.Get("X-Request-Id") != "req_1" || h.Get("Request-Id") != "req_1" {
				t.Errorf("%s: headers %v", d, h)
			}
			if at(body, "error", "message") != f.Message {
				t.Errorf("%s: %s", d, w.Body)
			}
			switch d {
			case wire.OpenAI:
				if at(body, "error", "code") != "insufficient_quota" || at(body, "error", "type") != f.Reason || at(body, "error", "details", "limitId") != "bud_1" {
					t.Errorf("OpenAI: %s", w.Body)
				}
			case wire.Anthropic:
				if at(body, "code") != "insufficient_quota" || at(body, "message") != f.Message || at(body, "type") != "error" || at(body, "request_id") != "req_1" ||
					at(body, "error", "type") != "billing_error" || at(body, "error", "details", "error_code") != f.Reason {
					t.Errorf("Anthropic: %s", w.Body)
				}
			case wire.Gemini:
				if at(body, "error", "status") != "FAILED_PRECONDITION" || at(body, "error", "code") != float64(status) || !strings.Contains(w.Body.String(), `"reason":"BUDGET_EXHAUSTED"`) || !strings.Contains(w.Body.String(), `"limitId":"bud_1"`) {
					t.Errorf("Gemini: %s", w.Body)
				}
			}
		}
	}
}

// Guarantee: a rate limit says when to come back in whole seconds, never before the window opens and never above what clients obey; above a minute they are
// told not to wait by themselves. Its message has no words at which a client does something else.
func TestRateDenial(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]struct {
		least, most int
		final       bool
	}{
		time.Nanosecond: {1, 3, false}, time.Second: {1, 3, false}, 1500 * time.Millisecond: {2, 4, false}, 30 * time.Second: {30, 32, false}, 57 * time.Second: {57, 59, false},
		58 * time.Second: {58, 59, false}, 59 * time.Second: {59, 59, false}, time.Minute: {60, 60, false}, 61 * time.Second: {61, 61, true}, time.Hour: {3600, 3600, true},
	} {
		seen := map[int]bool{}
		for range 200 {
			w, _ := write(t, wire.OpenAI, wire.Failure{Status: http.StatusTooManyRequests, Reason: "RATE_LIMITED", Message: "Wait.", RetryAfter: wait})
			seconds, err := strconv.Atoi(w.Header().Get("Retry-After"))
			if err != nil || seconds < want.least || seconds > want.most || (w.Header().Get("X-Should-Retry") == "false") != want.final {
				t.Fatalf("after %s: headers %v", wait, w.Header())
			}
			seen[seconds] = true
		}
		if len(seen) != want.most-want.least+1 {
			t.Errorf("after %s: only %v", wait, seen)
		}
	}
	for d, kind := range map[wire.Dialect]string{wire.OpenAI: "RATE_LIMITED", wire.Anthropic: "rate_limit_error"} {
		_, body := write(t, d, wire.Failure{Status: http.StatusTooManyRequests, Reason: "RATE_LIMITED", Message: "Your usage quota will reset at noon, try again in 20 seconds."})
		if message := at(body, "error", "message"); message != "A limit of requests or tokens is reached (RATE_LIMITED)." {
			t.Errorf("%s: message %q", d, message)
		}
		if at(body, "error", "type") != kind || at(body, "error", "code") != nil || at(body, "code") != nil {
			t.Errorf("%s: %v", d, body)
		}
	}
	if w, _ := write(t, wire.OpenAI, wire.Failure{Status: http.StatusTooManyRequests, Reason: "HOLDS_EXCEEDED", Message: "m"}); w.Header().Get("Retry-After") != "" {
		t.Errorf("a wait that nobody knows: headers %v", w.Header())
	}
	if w, _ := write(t, wire.OpenAI, wire.Failure{Status: http.StatusTooManyRequests, Reason: "ESTIMATE_EXCEEDS_LIMIT", Message: "m", Final: true}); w.Header().Get("X-Should-Retry") != "false" {
		t.Errorf("when waiting does not help: headers %v", w.Header())
	}
}

// Guarantee: whatever the status and the dialect, an error is valid JSON of that dialect, also with details that are none.
func TestEveryFailure(t *testing.T) {
	t.Parallel()
	for _, d := range []wire.Dialect{wire.OpenAI, wire.Anthropic, wire.Gemini} {
		for _, status := range []int{400, 401, 402, 403, 404, 409, 412, 413, 422, 429, 500, 502, 503, 504} {
			_, body := write(t, d, wire.Failure{Status: status, Message: "m", Field: "model", Details: map[string]any{"f": func() {}}})
			if at(body, "error", "message") != "m" {
				t.Errorf("%s, %d: %v", d, status, body)
			}
		}
	}
	problem := &wire.Problem{Status: http.StatusBadRequest, Field: "n", Message: "n has to be at most 128."}
	w, body := write(t, wire.OpenAI, problem.Failure())
	if at(body, "error", "param") != "n" || at(body, "error", "message") != problem.Message || at(body, "error", "type") != "INVALID_REQUEST" || w.Header().Get("X-Should-Retry") != "false" {
		t.Errorf("a problem: %s, %v", w.Body, w.Header())
	}
}

// Guarantee: a failure in the middle of a stream is an event of the stream's own form, at a place where one may stand; never within another event.
func TestErrorEvent(t *testing.T) {
	t.Parallel()
	f := wire.Failure{Status: http.StatusGatewayTimeout, Reason: "UPSTREAM_TIMEOUT", Message: "The provider stopped answering."}
	const event = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
	for name, test := range map[string]struct {
		path, body, passed string
		begins             string
		has                []string
	}{
		"chat":                      {chat, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`, event, "data: {", []string{`"error":{`, `"type":"UPSTREAM_TIMEOUT"`}},
		"chat, within an event":     {chat, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`, event + event[:9], "", nil},
		"hidden, within an event":   {chat, `{"model":"m","stream":true}`, event + event[:9], "data: {", []string{`"error":{`}},
		"Anthropic":                 {messages, `{"model":"m","stream":true,"max_tokens":1}`, "event: ping\ndata: {\"type\":\"ping\"}\n\n", "event: error\ndata: {", []string{`"type":"error"`, `"type":"timeout_error"`, `"message":"The provider stopped answering.","request_id"`}},
		"Responses":                 {responses, `{"model":"m","stream":true}`, "data: {\"type\":\"response.created\"}\n\n", "event: error\ndata: {", []string{`"type":"error"`, `"sequence_number":1`, `"error":{`, `"message":"The provider stopped answering."`}},
		"Gemini":                    {"/v1beta/models/m:streamGenerateContent", `{}`, "data: {}\r\n\r\n", "data: {", []string{`"status":"DEADLINE_EXCEEDED"`}},
		"nothing has passed":        {chat, `{"model":"m","stream":true}`, "", "data: {", nil},
		"within an event of Gemini": {"/v1beta/models/m:streamGenerateContent", `{}`, "data: {}\r\n", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := errors.New("broken")
			b := must(t, test.path, test.body).Wrap(answer(events, io.MultiReader(strings.NewReader(test.passed), iotest.ErrReader(broken))))
			got, err := io.ReadAll(b)
			if !errors.Is(err, broken) {
				t.Fatalf("read %q with error %v", got, err)
			}
			written := string(b.ErrorEvent(f))
			if test.begins == "" {
				if written != "" {
					t.Errorf("within an event %q is written", written)
				}
				return
			}
			if !strings.HasPrefix(written, test.begins) || !strings.HasSuffix(written, "}\n\n") || strings.Count(written, "\n") != strings.Count(test.begins, "\n")+2 {
				t.Errorf("the event is %q", written)
			}
			for _, has := range test.has {
				if !strings.Contains(written, has) {
					t.Errorf("the event %q has no %s", written, has)
				}
			}
			if len(got) > 0 && !strings.HasSuffix(strings.ReplaceAll(string(got), "\r", ""), "\n\n") {
				t.Errorf("before it stands %q", got)
			}
		})
	}
	b := must(t, chat, `{"model":"m"}`).Wrap(answer(document, strings.NewReader("{}")))
	if written := b.ErrorEvent(f); written != nil {
		t.Errorf("in a document %q is written", written)
	}
}

// Guarantee: an error of the provider passes as it is, and says so; a caller who leaves is told of what has passed, once.
func TestFailedAndLeft(t *testing.T) {
	t.Parallel()
	c := must(t, chat, `{"model":"m","stream":true}`)
	refused := answer(document, strings.NewReader(`{"error":{"message":"no"},"usage":{"prompt_tokens":1,"completion_tokens":1}}`))
	refused.StatusCode = http.StatusTooManyRequests
	refused.Header.Set("Content-Encoding", "br")
	body, seen := pass(t, c, refused, 10)
	if !strings.HasPrefix(body, `{"error"`) || !seen.Failed || seen.HasUsage || refused.Header.Get("Content-Encoding") != "br" {
		t.Errorf("an error passes as %q, seen %+v", body, seen)
	}
	b := c.Wrap(answer(events, strings.NewReader("data: {\"choices\":[{\"delta\":{\"content\":\"abc\"}}]}\n\n")))
	var left []wire.Seen
	b.AtEnd = func(s wire.Seen) { left = append(left, s) }
	if _, err := b.Read(make([]byte, 4096)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(left) != 1 || left[0].OutputBytes != 3 || left[0].Ended || left[0].HasUsage {
		t.Errorf("who left is told of as %+v", left)
	}
}
