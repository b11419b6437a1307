package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/propagation"

	"bursar/gateway"
	"bursar/usage"
)

// A call is held at what it costs at most by its model's price, and booked with all its parts at what it cost; a second report with the same
// RequestID books nothing.
func TestReserveAndRecord(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	setPrice(t, a, "2", "10")
	budget(t, a, "COST", "100")
	client := newClient(t, a, func(c *gateway.Config) { c.Limits = true })
	most := int64(1000)
	held, err := client.Reserve(t.Context(), gateway.Request{
		Secret: a.Tenant.Secret.Text, Provider: "test", Model: "model-1", InputTokens: 500, MaxOutputTokens: &most, TTL: 90 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if held.Cost != "0.011" || held.Tokens != 1500 || held.Status != gateway.StatusHeld || held.APIKeyID != a.KeyID() || held.TTL != 90*time.Second || held.Replayed {
		t.Errorf("held: %+v", held)
	}
	if len(held.Limits) != 1 || held.Limits[0].Remaining != "99.989" {
		t.Errorf("limits: %+v", held.Limits)
	}
	report := gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Provider: "test",
		Parts: usage.Parts{Model: "model-1", Requests: 1, InputTokens: 400, CachedInputTokens: 100, OutputTokens: 30}}
	for i, replayed := range []bool{false, true} {
		booked, err := client.Record(t.Context(), report)
		if err != nil || booked.Replayed != replayed || booked.Cost != "0.0011" || booked.Tokens != 430 {
			t.Errorf("report %d: %+v, %v", i, booked, err)
		}
	}
	if got := ledger(t, a); len(got) != 1 || got[0].CachedInputTokens != 100 || got[0].Estimated {
		t.Errorf("ledger: %+v", got)
	}
}

// A denial is an error that says why, with what to answer and when to come back, and holds nothing.
func TestDenied(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client := newClient(t, a, nil)
	reserve := func(secret string, tokens int64) *gateway.Denied {
		t.Helper()
		held, err := client.Reserve(t.Context(), gateway.Request{Secret: secret, InputTokens: tokens})
		denied, ok := errors.AsType[*gateway.Denied](err)
		if !ok || held != nil {
			t.Fatalf("got %+v, %v", held, err)
		}
		return denied
	}
	for name, secret := range map[string]string{"unknown": "bsr_unknown", "an id": a.KeyID()} {
		if d := reserve(secret, 1); d.HTTPStatus != http.StatusUnauthorized || d.Reason() != gateway.KeyNotFound || !errors.Is(d, gateway.KeyNotFound) || d.Retryable {
			t.Errorf("%s: %+v", name, d)
		}
	}
	limit := budget(t, a, "TOKENS", "100")
	a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 50, "interval": "DAY"}})
	d := reserve(a.Tenant.Secret.Text, 200)
	if d.HTTPStatus != http.StatusPreconditionFailed || d.Reason() != gateway.EstimateExceedsLimit || len(d.Denials) != 2 || d.APIKeyID != a.KeyID() {
		t.Errorf("over both: %+v", d)
	}
	a.Run(a.Admin, "DeleteBudgetLimit", object{"input": object{"id": limit}})
	if _, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 50}); err != nil {
		t.Fatal(err)
	}
	if d = reserve(a.Tenant.Secret.Text, 1); d.HTTPStatus != http.StatusTooManyRequests || !d.Retryable || d.RetryAfter <= 0 || d.RetryAfter > 24*time.Hour || errors.Is(d, gateway.BudgetExhausted) {
		t.Errorf("rate: %+v", d)
	}
	if _, number := status(t, a); number != 1 {
		t.Errorf("%d reservations, want one", number)
	}
}

// lossy loses the answers of a server, once for each operation, after the server has given them.
type lossy struct {
	lost sync.Map // by body
	sent atomic.Int64
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	l.sent.Add(1)
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if _, before := l.lost.LoadOrStore(string(text), true); !before {
		_ = response.Body.Close()
		return nil, errors.New("the connection broke")
	}
	return response, nil
}

// An answer that is lost is asked for again with the same RequestID: each call is held once and booked once.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	budget(t, a, "TOKENS", "1000")
	wire := &lossy{}
	client := newClient(t, a, func(c *gateway.Config) { c.Transport = wire })
	held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 10})
	if err != nil || !held.Replayed {
		t.Fatalf("%+v, %v", held, err)
	}
	if _, err := client.Extend(t.Context(), held.ID, time.Hour); err != nil {
		t.Fatal(err)
	}
	parts := usage.Parts{Requests: 1, InputTokens: 7}
	if booked, err := client.Record(t.Context(), gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Parts: parts}); err != nil || !booked.Replayed {
		t.Fatalf("%+v, %v", booked, err)
	}
	if got, number := status(t, a); got != gateway.StatusSettled || number != 1 {
		t.Errorf("%d reservations, %s", number, got)
	}
	if got := ledger(t, a); len(got) != 1 || got[0].InputTokens != 7 {
		t.Errorf("ledger: %+v", got)
	}
	if sent := wire.sent.Load(); sent != 6 {
		t.Errorf("%d requests were sent, want two for each operation", sent)
	}
}

// One server that is gone is left for another one, at once, and not asked first any more.
func TestFailover(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var asked atomic.Int64
	stopping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	}))
	t.Cleanup(stopping.Close)
	client := newClient(t, a, func(c *gateway.Config) { c.URLs = []string{gone.URL, stopping.URL, a.URL} })
	for range 20 {
		if _, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text}); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() > 1 {
		t.Errorf("a server that is stopping was asked %d times", asked.Load())
	}
}

// Nothing is granted by an answer that is not Bursar's whole word, and by none. What passes by itself is ErrUnavailable; what does not is not
// asked for again.
func TestNothingIsGrantedByErrors(t *testing.T) {
	t.Parallel()
	const allowed = `"decision":{"allowed":true,"httpStatus":200,"denials":[]}`
	const held = `"reservation":{"id":"res_1","status":"HELD","admittedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:10:00Z"}`
	for name, of := range map[string]struct {
		status      int
		body        string
		unavailable bool
	}{
		"UNAVAILABLE":         {200, `{"data":null,"errors":[{"message":"m","extensions":{"code":"UNAVAILABLE"}}]}`, true},
		"INTERNAL":            {200, `{"data":null,"errors":[{"message":"m","extensions":{"code":"INTERNAL"}}]}`, false},
		"no code":             {200, `{"data":null,"errors":[{"message":"m"}]}`, false},
		"data and an error":   {200, `{"data":{"reserveUsage":{` + held + `,` + allowed + `}},"errors":[{"message":"m","extensions":{"code":"INTERNAL"}}]}`, false},
		"a proxy's 502":       {502, `<html>`, true},
		"a proxy's 429":       {429, `slow down`, true},
		"a proxy's 403":       {403, `<html>`, false},
		"a redirect":          {302, ``, false},
		"granted by a 500":    {500, `{"data":{"reserveUsage":{` + held + `,` + allowed + `}}}`, true},
		"HTML":                {200, `<html>`, false},
		"nothing":             {200, ``, false},
		"null":                {200, `{"data":null}`, false},
		"no decision":         {200, `{"data":{"reserveUsage":{` + held + `}}}`, false},
		"no reservation":      {200, `{"data":{"reserveUsage":{"reservation":null,` + allowed + `}}}`, false},
		"no id":               {200, `{"data":{"reserveUsage":{"reservation":{"id":"","status":"HELD"},` + allowed + `}}}`, false},
		"settled":             {200, `{"data":{"reserveUsage":{"reservation":{"id":"res_1","status":"SETTLED"},` + allowed + `}}}`, false},
		"half of an answer":   {200, `{"data":{"reserveUsage":{` + held + `,` + allowed, false},
		"of the wrong kind":   {200, `{"data":{"reserveUsage":{` + held + `,"decision":{"allowed":"true"}}}}`, false},
		"larger than answers": {200, `{"data":"` + string(make([]byte, 5<<20)) + `"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int64
			client, err := gateway.New(gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Timeout: 400 * time.Millisecond,
				Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					sent.Add(1)
					return answerOf(of.status, of.body), nil
				})})
			if err != nil {
				t.Fatal(err)
			}
			got, err := client.Reserve(t.Context(), gateway.Request{Secret: "bsr_x"})
			if got != nil || err == nil {
				t.Fatalf("granted: %+v", got)
			}
			if errors.Is(err, gateway.ErrUnavailable) != of.unavailable {
				t.Errorf("unavailable is %t: %v", !of.unavailable, err)
			}
			if !of.unavailable && sent.Load() != 1 {
				t.Errorf("asked %d times", sent.Load())
			}
		})
	}
}

// The attempts end with the context, and the error says what the last of them met.
func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	client, err := gateway.New(gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Transport: roundTripper(
		func(*http.Request) (*http.Response, error) { return answerOf(http.StatusBadGateway, ""), nil })})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := client.Reserve(ctx, gateway.Request{Secret: "bsr_x"}); !errors.Is(err, gateway.ErrUnavailable) {
		t.Error(err)
	}
}

// Usage whose reservation is closed or lost is booked to the secret, once; what other models used within the answer is booked beside it, as no
// request; and what is estimated is marked.
func TestUsageIsNotLost(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client := newClient(t, a, nil)
	reserve := func() *gateway.Reservation {
		t.Helper()
		held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, Model: "model"})
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	released, estimated := reserve(), reserve()
	if err := client.Release(t.Context(), released.ID); err != nil {
		t.Fatal(err)
	}
	parts := func(input int64, others ...usage.Parts) usage.Parts {
		return usage.Parts{Model: "model", Requests: 1, InputTokens: input, Others: others}
	}
	for i, report := range []gateway.Report{
		{ReservationID: released.ID, RequestID: "released", Secret: a.Tenant.Secret.Text, Parts: parts(1)},
		{ReservationID: "res_00000000000000000000000000000001", RequestID: "lost", Secret: a.Tenant.Secret.Text, Parts: parts(2)},
		{ReservationID: estimated.ID, RequestID: estimated.RequestID, Secret: a.Tenant.Secret.Text, Estimated: true,
			Parts: parts(3, usage.Parts{Model: "advisor", InputTokens: 4})},
	} {
		for range 2 {
			if _, err := client.Record(t.Context(), report); err != nil {
				t.Fatalf("report %d: %v", i, err)
			}
		}
	}
	var got []string
	for _, e := range ledger(t, a) {
		got = append(got, fmt.Sprintf("%s %d %d %t", e.Model, e.Requests, e.InputTokens, e.Estimated))
	}
	if want := []string{"model 1 1 false", "model 1 2 false", "model 1 3 true", "advisor 0 4 true"}; !slices.Equal(got, want) {
		t.Errorf("booked %q, want %q", got, want)
	}
}

// Heartbeats extend a reservation until they are stopped, and end by themselves with it.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	beats := make(chan int, 100)
	client := newClient(t, a, func(c *gateway.Config) {
		c.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			response, err := http.DefaultTransport.RoundTrip(r)
			beats <- 1
			return response, err
		})
	})
	held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text})
	if err != nil {
		t.Fatal(err)
	}
	<-beats
	fast := *held
	fast.TTL = time.Second
	stop := client.Heartbeat(t.Context(), &fast)
	for range 2 {
		<-beats
	}
	stop()
	if err := client.Release(t.Context(), held.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Extend(t.Context(), held.ID, time.Minute); err == nil {
		t.Error("a reservation that was released was extended")
	}
}

// A configuration without an address or a token is refused, and the token goes to no other address.
func TestConfig(t *testing.T) {
	t.Parallel()
	for _, config := range []gateway.Config{
		{}, {Token: "bst_x"}, {URLs: []string{"http://bursar.test"}}, {URLs: []string{"bursar.test"}, Token: "bst_x"},
		{URLs: []string{"ftp://bursar.test"}, Token: "bst_x"},
	} {
		if _, err := gateway.New(config); err == nil {
			t.Errorf("%+v was taken", config)
		}
	}
}

// A decision is asked for within the caller's trace, so that Bursar's spans are in it.
func TestTraceIsPassedOn(t *testing.T) {
	t.Parallel()
	const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	sent := make(chan string, 1)
	client, err := gateway.New(gateway.Config{URLs: []string{"http://bursar.test"}, Token: "bst_x", Transport: roundTripper(
		func(r *http.Request) (*http.Response, error) {
			sent <- r.Header.Get("Traceparent")
			return answerOf(http.StatusBadRequest, ""), nil
		})})
	if err != nil {
		t.Fatal(err)
	}
	ctx := propagation.TraceContext{}.Extract(t.Context(), propagation.MapCarrier{"traceparent": traceparent})
	if _, err := client.Reserve(ctx, gateway.Request{Secret: "bsr_x"}); err == nil {
		t.Error("granted")
	}
	if got := <-sent; got != traceparent {
		t.Errorf("sent %q", got)
	}
}
