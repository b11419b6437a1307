package proxy_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/gateway/proxy"
)

// An agent's next call is not denied for what its last one holds, whose answer it has while the report is on its way: the call waits for that, whether it
// was answered or has failed, and also when the settings change meanwhile. A call that is too large is denied at once.
func TestOwnReportIsAwaited(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"recorded": http.StatusOK, "released": http.StatusInternalServerError} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
				if status == http.StatusOK {
					answerChat(w, r)
				} else {
					http.Error(w, "broken", status)
				}
			}, nil)
			b.Run(b.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": b.KeyID(), "type": "TOKENS", "amount": "1100"}})
			var asked atomic.Int64
			denied := make(chan struct{}, 1) // what is reported waits for it
			b.pass = func(operation string, next http.Handler, w http.ResponseWriter, r *http.Request) {
				switch operation {
				case "ReserveUsage":
					answer := httptest.NewRecorder()
					next.ServeHTTP(answer, r)
					asked.Add(1)
					if strings.Contains(answer.Body.String(), "BUDGET_EXHAUSTED") {
						select {
						case denied <- struct{}{}:
						default:
						}
					}
					w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
					w.WriteHeader(answer.Code)
					_, _ = w.Write(answer.Body.Bytes())
					return
				case "RecordUsage", "ReleaseReservation":
					select {
					case <-denied:
					case <-t.Context().Done():
					}
				}
				next.ServeHTTP(w, r)
			}
			for i := range 3 {
				if got := b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","max_tokens":500,"messages":[]}`); got.status != status {
					t.Errorf("call %d: %+v", i, got)
				}
				if i == 0 {
					changed := *b.settings
					if err := b.service.Proxy.Change(&changed); err != nil {
						t.Fatal(err)
					}
				}
			}
			denied <- struct{}{}
			b.settled()
			if n := asked.Load(); n != 5 {
				t.Errorf("asked %d times, want 5: the second and the third call were denied once each", n)
			}
			if got := b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","max_tokens":2000,"messages":[]}`); got.status != http.StatusPreconditionFailed || asked.Load() != 6 {
				t.Errorf("asked %d times, want 6: %+v", asked.Load(), got)
			}
		})
	}
}

// A call whose caller leaves while Bursar decides holds nothing in the end, although nobody got the decision, and does not reach the provider.
func TestLostDecision(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, func(s *proxy.Settings) { s.Hold = time.Hour })
	ctx, leave := context.WithCancel(t.Context())
	var asked atomic.Int64
	b.pass = func(operation string, next http.Handler, w http.ResponseWriter, r *http.Request) {
		if operation != "ReserveUsage" || asked.Add(1) > 1 {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		leave()
		select {
		case <-r.Context().Done():
		case <-t.Context().Done():
		}
	}
	request := must(http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/v1/chat/completions", strings.NewReader(`{"model":"model-1","max_tokens":5,"messages":[]}`)))
	request.Header.Set("Authorization", "Bearer "+b.Tenant.Secret.Text)
	if response, err := http.DefaultTransport.RoundTrip(request); err == nil {
		_ = response.Body.Close()
		t.Error("it was answered")
	}
	if o := b.over(); o.Outcome != proxy.Left || b.reached.Load() != 0 {
		t.Errorf("%+v", o)
	}
	select {
	case got := <-b.lost:
		if got != gateway.LostReleased || asked.Load() != 2 {
			t.Errorf("%s, asked %d times", got, asked.Load())
		}
	case <-time.After(timeout):
		t.Error("nobody has asked again")
	}
	b.nothingHeld()
}
