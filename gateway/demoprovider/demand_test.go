package demoprovider

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/usage"
)

// A stream that is cut breaks off, one that ends has no last event, and one that fails has an error event: none of them is whole, and what was made
// until then is charged for.
func TestStreamsBreakOnDemand(t *testing.T) {
	t.Parallel()
	last := map[string]string{"chat": "[DONE]", "completions": "[DONE]", "responses": "response.completed", "messages": "message_stop",
		"generateContent": "finishReason"}
	for _, q := range questions()[:5] {
		for _, demand := range []string{"cut", "ends", "error"} {
			t.Run(q.name+" "+demand, func(t *testing.T) {
				t.Parallel()
				s := serve(t, Config{})
				whole := s.read(s.ask(q, true), http.StatusOK)
				complete := s.last()
				if !strings.Contains(string(whole), last[q.name]) {
					t.Fatalf("a whole stream has no %s: %s", last[q.name], whole)
				}
				response := s.ask(q, true, DemandHeader, demand)
				part, err := io.ReadAll(response.Body)
				if broke := errors.Is(err, io.ErrUnexpectedEOF); broke != (demand == "cut") || err != nil && !broke {
					t.Errorf("the stream's end: %v", err)
				}
				if strings.Contains(string(part), last[q.name]) || len(part) < 100 {
					t.Errorf("the stream is whole, or nothing of it: %s", part)
				}
				if failed := strings.Contains(string(part), `"error":{`); failed != (demand == "error") {
					t.Errorf("whether it has an error event: %v; %s", failed, part)
				}
				truth := s.last()
				if truth.Ended != Broken || truth.Usage.OutputTokens <= 0 || truth.Usage.OutputTokens >= complete.Usage.OutputTokens ||
					truth.CostNanos <= 0 || truth.CostNanos >= complete.CostNanos {
					t.Errorf("the truth is %+v, of the whole stream %+v", truth, complete)
				}
			})
		}
	}
}

// When the client leaves, what was made until then is charged for, whether the answer was to be a stream or not.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	for _, q := range questions() {
		for _, stream := range []bool{true, false} {
			s := serve(t, Config{})
			ctx, leave := context.WithCancel(t.Context())
			body, path := q.body+"}", q.path
			if stream && q.streamed != "" {
				path = q.streamed
			} else if stream {
				body = q.body + `, "stream": true}`
			}
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set(DemandHeader, "hold")
			if stream {
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				leave()
				_ = response.Body.Close()
			} else {
				asked := make(chan error)
				go func() {
					_, err := http.DefaultClient.Do(request)
					asked <- err
				}()
				for s.Totals().InFlight == 0 { // nothing tells that a request is held
					select {
					case err := <-asked:
						t.Fatalf("%s: it was answered: %v", q.name, err)
					default:
					}
				}
				leave()
				if err := <-asked; !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: %v", q.name, err)
				}
			}
			s.WaitIdle()
			for _, truth := range s.Requests(0) {
				if truth.Ended != Left || stream && (truth.Usage.OutputTokens == 0 || truth.CostNanos == 0) {
					t.Errorf("%s, stream %v: %+v", q.name, stream, truth)
				}
			}
			leave()
		}
	}
}

// An answer that is asked for without usage, or with nonsense for usage, has that; a page and compressed answers are what they are asked to be.
func TestAnswersOnDemand(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for _, q := range questions() {
		for _, stream := range []bool{false, true} {
			body := s.read(s.ask(q, stream, DemandHeader, "no-usage"), http.StatusOK)
			for _, event := range events(t, body) {
				if parts, err := usage.Read(q.flavor, event); !errors.Is(err, usage.ErrNone) {
					t.Errorf("%s has usage: %+v, %v", q.name, parts, err)
				}
			}
			if truth := s.last(); truth.CostNanos == 0 {
				t.Errorf("%s: it is charged for, whatever it says: %+v", q.name, truth)
			}
		}
		for _, nonsense := range []string{"usage=negative", "usage=huge", "usage=cached"} {
			body := s.read(s.ask(q, false, DemandHeader, nonsense), http.StatusOK)
			if parts, err := usage.Read(q.flavor, body); err == nil {
				t.Errorf("%s, %s: %+v is believed", q.name, nonsense, parts)
			}
		}
		if page := s.ask(q, false, DemandHeader, "html"); !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: no page: %v", q.name, page.Header)
		}
		packed := s.ask(q, false, DemandHeader, "gzip")
		if _, err := usage.Read(q.flavor, s.read(packed, http.StatusOK)); err != nil || !packed.Uncompressed {
			t.Errorf("%s: compressed %v, %v", q.name, packed.Uncompressed, err)
		}
		long := s.read(s.ask(q, false, DemandHeader, "tokens=200"), http.StatusOK)
		parts, err := usage.Read(q.flavor, long)
		if err != nil || parts.OutputTokens < 200 && q.name != "completions" { // which has a bound
			t.Errorf("%s: %d output tokens, want 200: %v", q.name, parts.OutputTokens, err)
		}
	}
}
