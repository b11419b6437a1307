package gateway_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/gateway"
)

// losing loses the answer to the first request, for whose caller it then is too late. What comes after it passes, once it may.
type losing struct {
	next  http.RoundTripper
	leave context.CancelFunc // of the first caller
	after func() error       // what later requests meet; nil: nothing
	sent  atomic.Int64
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.sent.Add(1) > 1 {
		if l.after != nil {
			if err := l.after(); err != nil {
				return nil, err
			}
		}
		return l.next.RoundTrip(r)
	}
	response, err := l.next.RoundTrip(r)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	l.leave()
	return nil, errors.Join(err, errors.New("the connection broke"))
}

// losingClient returns a client that tells what became of lost answers, the context of the first call, and its transport.
func losingClient(t *testing.T, url, token string, next http.RoundTripper) (*gateway.Client, context.Context, *losing, chan gateway.LostOutcome) {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	t.Cleanup(leave)
	transport, told := &losing{next: next, leave: leave}, make(chan gateway.LostOutcome, 2000)
	client, err := gateway.New(gateway.Config{URLs: []string{url}, Token: token, Timeout: timeout, AttemptTimeout: timeout, Transport: transport,
		Lost: func(outcome gateway.LostOutcome) { told <- outcome }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Shutdown(ctx) })
	return client, ctx, transport, told
}

// A call that is refused because the answer to reserveUsage did not come holds nothing in the end: it is asked for in the background, also when Bursar does not
// answer that at first, and given back.
func TestLostReservationIsReleased(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	budget(t, a, "TOKENS", "10")
	client, ctx, transport, told := losingClient(t, a.URL, a.Gateway, http.DefaultTransport)
	var failures atomic.Int64
	transport.after = func() error {
		if failures.Add(1) <= 3 {
			return errors.New("the connection broke")
		}
		return nil
	}
	if _, err := client.Reserve(ctx, gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 10}); !errors.Is(err, gateway.ErrUnavailable) {
		t.Fatal(err)
	}
	if got := <-told; got != gateway.LostReleased {
		t.Errorf("it was %s", got)
	}
	if got, number := status(t, a); got != gateway.StatusReleased || number != 1 {
		t.Errorf("%d reservations, %s", number, got)
	}
	if n := transport.sent.Load(); n != 6 {
		t.Errorf("%d requests were sent, want 6: one that was lost, three that failed, one that found it, and the release", n)
	}
	if _, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 10}); err != nil {
		t.Error(err)
	}
}

// A request whose RequestID may be sent again holds what it holds: the next one is told of it. Only where nobody asks again is it given back.
func TestNamedReservationIsKept(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client, ctx, _, told := losingClient(t, a.URL, a.Gateway, http.DefaultTransport)
	request := gateway.Request{Secret: a.Tenant.Secret.Text, RequestID: "mine", InputTokens: 10}
	if _, err := client.Reserve(ctx, request); !errors.Is(err, gateway.ErrUnavailable) {
		t.Fatal(err)
	}
	if held, err := client.Reserve(t.Context(), request); err != nil || !held.Replayed {
		t.Errorf("%+v, %v", held, err)
	}
	client.Shutdown(t.Context())
	if got, number := status(t, a); got != gateway.StatusHeld || number != 1 || len(told) != 0 {
		t.Errorf("%d reservations, %s", number, got)
	}
}

// What was not sent, or denied, holds nothing; what Bursar refuses to answer is left to expire.
func TestLostOutcomes(t *testing.T) {
	t.Parallel()
	const denied = `{"data":{"reserveUsage":{"decision":{"allowed":false,"httpStatus":412,"denials":[{"reason":"BUDGET_EXHAUSTED","message":"full"}]}}}}`
	for answer, want := range map[string]gateway.LostOutcome{
		denied: gateway.LostNothing,
		`{"data":null,"errors":[{"message":"m","extensions":{"code":"UNAUTHENTICATED"}}]}`: gateway.LostDropped,
	} {
		client, ctx, transport, told := losingClient(t, "http://bursar.test", "bst_x", roundTripper(func(*http.Request) (*http.Response, error) {
			return answerOf(http.StatusOK, answer), nil
		}))
		if _, err := client.Reserve(ctx, gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.ErrUnavailable) {
			t.Fatal(err)
		}
		if got := <-told; got != want || transport.sent.Load() != 2 {
			t.Errorf("%s after %d requests, want %s after 2", got, transport.sent.Load(), want)
		}
	}
	for name, certain := range map[string]func() (*http.Response, error){
		"no connection": func() (*http.Response, error) { return nil, &net.OpError{Op: "dial", Err: errors.New("refused")} },
		"HTTP 503":      func() (*http.Response, error) { return answerOf(http.StatusServiceUnavailable, "stopping"), nil },
		"UNAVAILABLE": func() (*http.Response, error) {
			return answerOf(http.StatusOK, `{"data":null,"errors":[{"message":"m","extensions":{"code":"UNAVAILABLE"}}]}`), nil
		},
	} {
		ctx, leave := context.WithCancel(t.Context())
		var sent atomic.Int64
		client, err := gateway.New(gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Lost: func(gateway.LostOutcome) { t.Errorf("%s: it may hold", name) },
			Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				sent.Add(1)
				leave()
				return certain()
			})})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Reserve(ctx, gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.ErrUnavailable) {
			t.Fatal(err)
		}
		client.Shutdown(t.Context())
		if sent.Load() != 1 {
			t.Errorf("%s: %d requests were sent, want one", name, sent.Load())
		}
	}
}

// At most a thousand wait to be given back; when they have expired, or the program ends, they are left alone. A client that follows another one has what
// it has under way.
func TestLostAreBounded(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	leave := func() {}
	told := make(chan gateway.LostOutcome, 2000)
	config := gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Timeout: time.Millisecond, Lost: func(outcome gateway.LostOutcome) { told <- outcome },
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			leave()
			return answerOf(http.StatusBadGateway, ""), nil
		})}
	client, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	config.Follows = client
	follower, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(secret string, ttl time.Duration) {
		ctx, cancel := context.WithCancel(t.Context())
		mu.Lock()
		leave = cancel
		mu.Unlock()
		if _, err := client.Reserve(ctx, gateway.Request{Secret: secret, TTL: ttl}); !errors.Is(err, gateway.ErrUnavailable) {
			t.Error(err)
		}
	}
	ask("bsr_expires", time.Second)
	if got := <-told; got != gateway.LostExpired {
		t.Errorf("it was %s", got)
	}
	for range 1001 {
		ask("bsr_x", time.Hour)
	}
	if got := <-told; got != gateway.LostDropped || len(told) != 0 {
		t.Errorf("%s, and %d others", got, len(told))
	}
	ended, end := context.WithCancel(t.Context())
	end()
	follower.Shutdown(ended)
	for range 1000 {
		if got := <-told; got != gateway.LostDropped {
			t.Errorf("it was %s", got)
		}
	}
	ask("bsr_x", time.Hour)
	if got := <-told; got != gateway.LostDropped || len(told) != 0 {
		t.Errorf("after the end: %s, and %d others", got, len(told))
	}
}
