package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/usage"
)

// budgetOfOne is a Bursar whose budget has room for one call: a call is denied until the one before is recorded or released. Its signals say what was asked.
type budgetOfOne struct {
	reserved, recorded atomic.Int64 // requests to reserve, and to record or release
	held               atomic.Bool
	denied             chan struct{} // one for each denial
	record             chan struct{} // one for each report that may pass; closed: all
	reason             string
}

func (b *budgetOfOne) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(body, []byte(`"operationName":"ReserveUsage"`)) {
		b.reserved.Add(1)
		if !b.held.CompareAndSwap(false, true) {
			b.denied <- struct{}{}
			return answerOf(http.StatusOK, `{"data":{"reserveUsage":{"decision":{"allowed":false,"httpStatus":412,"denials":[{"reason":"`+b.reason+`","message":"full"}]}}}}`), nil
		}
		return answerOf(http.StatusOK, `{"data":{"reserveUsage":{"reservation":{"id":"res_1","status":"HELD","admittedAt":"2026-01-01T00:00:00Z",`+
			`"expiresAt":"2026-01-01T00:10:00Z"},"decision":{"allowed":true,"httpStatus":200,"denials":[]}}}}`), nil
	}
	select {
	case <-b.record:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	b.recorded.Add(1)
	b.held.Store(false)
	if bytes.Contains(body, []byte(`"operationName":"RecordUsage"`)) {
		return answerOf(http.StatusOK, `{"data":{"recordUsage":{"usageEvent":{"id":"use_1"}}}}`), nil
	}
	return answerOf(http.StatusOK, `{"data":{"releaseReservation":{"reservation":{"status":"RELEASED"}}}}`), nil
}

// newBudgetOfOne returns it and its client, whose calls wait for a time, so many at most.
func newBudgetOfOne(t *testing.T, wait time.Duration, waiting int) (*budgetOfOne, *gateway.Client) {
	t.Helper()
	b := &budgetOfOne{denied: make(chan struct{}, 100), record: make(chan struct{}), reason: "BUDGET_EXHAUSTED"}
	client, err := gateway.New(gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Transport: b, Timeout: timeout, AttemptTimeout: timeout,
		ReportWait: wait, Waiting: waiting})
	if err != nil {
		t.Fatal(err)
	}
	return b, client
}

// hold reserves for a key, which must be admitted.
func hold(t *testing.T, client *gateway.Client, secret string) *gateway.Reservation {
	t.Helper()
	held, err := client.Reserve(t.Context(), gateway.Request{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// A key's call is not denied for what its last call holds whose report is on its way: it waits for that, and is decided once more.
func TestOwnReportIsAwaited(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"BUDGET_EXHAUSTED", "RATE_LIMITED", "HOLDS_EXCEEDED"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			b, client := newBudgetOfOne(t, timeout, 0)
			b.reason = reason
			held := hold(t, client, "bsr_x")
			done, recorded := client.Pending("bsr_x"), make(chan error, 1)
			go func() {
				<-b.denied
				close(b.record)
				defer done()
				_, err := client.Record(t.Context(), gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Secret: "bsr_x", Parts: usage.Parts{Requests: 1}})
				recorded <- err
			}()
			hold(t, client, "bsr_x")
			if err := <-recorded; err != nil {
				t.Error(err)
			}
			if n := b.reserved.Load(); n != 3 {
				t.Errorf("asked %d times, want once, and twice for the call that was denied", n)
			}
		})
	}
}

// A report that was on its way when a call was asked for is awaited, too, if it is over when the denial arrives, which it may have been the reason of.
func TestReportThatEndsMeanwhile(t *testing.T) {
	t.Parallel()
	var client *gateway.Client
	var done func()
	asked := 0
	client, err := gateway.New(gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		asked++
		done()
		return answerOf(http.StatusOK, `{"data":{"checkUsage":{"allowed":false,"httpStatus":429,"denials":[{"reason":"RATE_LIMITED","message":"m"}]}}}`), nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	done = client.Pending("bsr_x")
	if err := client.Check(t.Context(), gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.RateLimited) || asked != 2 {
		t.Errorf("asked %d times, want 2: %v", asked, err)
	}
	if err := client.Check(t.Context(), gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.RateLimited) || asked != 3 {
		t.Errorf("asked %d times, want once more: %v", asked, err)
	}
}

// A denial is final at once when nothing of the key is on its way, and for a reason that no report lifts.
func TestDenialIsFinal(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]struct{ pending, reason string }{
		"nothing is on its way":    {"", "BUDGET_EXHAUSTED"},
		"another key's is":         {"bsr_another", "BUDGET_EXHAUSTED"},
		"larger than the limit":    {"bsr_x", "ESTIMATE_EXCEEDS_LIMIT"},
		"the key":                  {"bsr_x", "KEY_REVOKED"},
		"no price":                 {"bsr_x", "PRICE_UNKNOWN"},
		"of a later version":       {"bsr_x", "ANOTHER"},
		"the request was answered": {"bsr_x", "RESERVATION_CLOSED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, client := newBudgetOfOne(t, timeout, 0)
			b.reason = of.reason
			b.held.Store(true)
			if of.pending != "" {
				defer client.Pending(of.pending)()
			}
			if _, err := client.Reserve(t.Context(), gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.Reason(of.reason)) || b.reserved.Load() != 1 {
				t.Errorf("asked %d times: %v", b.reserved.Load(), err)
			}
		})
	}
}

// A call waits for a time at most, and not longer than its caller does.
func TestWaitingIsBounded(t *testing.T) {
	t.Parallel()
	b, client := newBudgetOfOne(t, 20*time.Millisecond, 0)
	b.held.Store(true)
	defer client.Pending("bsr_x")()
	began := time.Now()
	if _, err := client.Reserve(t.Context(), gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.BudgetExhausted) || b.reserved.Load() != 2 || time.Since(began) < 20*time.Millisecond {
		t.Errorf("asked %d times in %v: %v", b.reserved.Load(), time.Since(began), err)
	}
	b, client = newBudgetOfOne(t, timeout, 0)
	b.held.Store(true)
	defer client.Pending("bsr_x")()
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-b.denied
		leave()
	}()
	if _, err := client.Reserve(ctx, gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.BudgetExhausted) || b.reserved.Load() != 1 {
		t.Errorf("asked %d times: %v", b.reserved.Load(), err)
	}
}

// As many calls wait as the configuration says, of one key an eighth; those beyond it are denied at once.
func TestWaitingCallsAreBounded(t *testing.T) {
	t.Parallel()
	b, client := newBudgetOfOne(t, timeout, 16)
	b.held.Store(true)
	secrets := []string{"bsr_a", "bsr_b", "bsr_c"}
	var over []func()
	for _, secret := range secrets {
		over = append(over, client.Pending(secret))
	}
	ctx, leave := context.WithCancel(t.Context())
	answers := make(chan error, 100)
	for _, secret := range secrets {
		for range 5 {
			go func() {
				_, err := client.Reserve(ctx, gateway.Request{Secret: secret})
				answers <- err
			}()
		}
	}
	for range 5 * len(secrets) {
		<-b.denied
	}
	for range 3 * len(secrets) { // two of each key wait
		if err := <-answers; !errors.Is(err, gateway.BudgetExhausted) {
			t.Error(err)
		}
	}
	leave()
	for range 2 * len(secrets) {
		if err := <-answers; !errors.Is(err, gateway.BudgetExhausted) {
			t.Error(err)
		}
	}
	if n := b.reserved.Load(); n != int64(5*len(secrets)) {
		t.Errorf("asked %d times, want once for each", n)
	}
	for _, each := range over {
		each()
	}
}

// Calls through a Transport that a program makes one after the other are not denied for each other's holds, whether they were answered or failed.
func TestTransportAwaitsItsReports(t *testing.T) {
	t.Parallel()
	b, client := newBudgetOfOne(t, timeout, 0)
	status := http.StatusOK
	transport := &gateway.Transport{Policy: gateway.Policy{Client: client, Provider: "test"}, Secret: func(*http.Request) string { return "bsr_x" },
		Base: roundTripper(func(*http.Request) (*http.Response, error) {
			return answerOf(status, `{"usage":{"prompt_tokens":3,"completion_tokens":4}}`), nil
		})}
	go func() {
		for range b.denied {
			b.record <- struct{}{}
		}
	}()
	defer close(b.denied)
	for i := range 5 {
		if status = http.StatusOK; i%2 == 1 {
			status = http.StatusInternalServerError
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://provider.test/v1/chat/completions", strings.NewReader(`{"model":"m","messages":[]}`))
		if err != nil {
			t.Fatal(err)
		}
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != status {
			t.Errorf("call %d: %d, %v", i, response.StatusCode, err)
		}
		_ = response.Body.Close()
	}
	if n, m := b.reserved.Load(), b.recorded.Load(); n != 9 || m != 4 {
		t.Errorf("asked %d times, and %d were reported, want 9 and 4: each call but the first is denied once", n, m)
	}
}
