package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/graph/graphtest"
	"bursar/usage"
)

// wire is a transport that counts requests of one call and of many, and lets tests hold the first one and answer others.
type wire struct {
	single, many atomic.Int64
	hold         chan struct{} // the first request waits until it is closed; nil: it does not
	held         chan struct{} // closed when it waits
	first        sync.Once
	instead      func(body string, n int64) (*http.Response, error, bool) // of the nth request of many calls
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(body), `"operationName":"ReserveUsages"`) || strings.Contains(string(body), `"operationName":"RecordUsages"`) {
		if n := w.many.Add(1); w.instead != nil {
			if answer, err, is := w.instead(string(body), n); is {
				return answer, err
			}
		}
	} else {
		w.single.Add(1)
	}
	if w.hold != nil {
		w.first.Do(func() { close(w.held); <-w.hold })
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

// gatheringClient returns a client one of whose requests is under way at a time, and its transport, which holds the first.
func gatheringClient(t *testing.T, a *graphtest.API) (*gateway.Client, *wire) {
	t.Helper()
	w := &wire{hold: make(chan struct{}), held: make(chan struct{})}
	return newClient(t, a, func(c *gateway.Config) { c.Transport, c.Shared = w, 1 }), w
}

// holdFirst makes a call whose request is held, and returns what waits for its end.
func holdFirst(t *testing.T, a *graphtest.API, client *gateway.Client, w *wire) *sync.WaitGroup {
	t.Helper()
	var running sync.WaitGroup
	running.Go(func() {
		if _, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text}); err != nil {
			t.Errorf("the first call: %v", err)
		}
	})
	<-w.held
	return &running
}

// waitFor waits until calls wait to share a request.
func waitFor(t *testing.T, client *gateway.Client, number int) {
	t.Helper()
	for client.Gathered() < number {
		if t.Context().Err() != nil {
			t.Fatal("the calls do not wait")
		}
	}
}

// A call of an idle client goes at once and alone. Those that arrive while as many requests are under way as may be share the next one, and each
// has its own answer: a reservation, a typed denial, an error about its own input.
func TestCallsShareARequest(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	budget(t, a, "TOKENS", "1000")
	client, w := gatheringClient(t, a)
	running := holdFirst(t, a, client, w)
	reserve := func(request gateway.Request, check func(*gateway.Reservation, error) bool) {
		running.Go(func() {
			held, err := client.Reserve(t.Context(), request)
			if !check(held, err) {
				t.Errorf("%+v: %+v, %v", request, held, err)
			}
		})
	}
	for n := range int64(5) {
		id := fmt.Sprint("r-", n)
		reserve(gateway.Request{Secret: a.Tenant.Secret.Text, RequestID: id, InputTokens: n + 1}, func(held *gateway.Reservation, err error) bool {
			return err == nil && held.RequestID == id && held.Tokens == n+1 && held.Status == gateway.StatusHeld
		})
	}
	reserve(gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 1001}, func(_ *gateway.Reservation, err error) bool {
		denied, is := errors.AsType[*gateway.Denied](err)
		return is && errors.Is(err, gateway.EstimateExceedsLimit) && denied.HTTPStatus == http.StatusPreconditionFailed && denied.RequestID != ""
	})
	reserve(gateway.Request{Secret: "bsr_unknown"}, func(_ *gateway.Reservation, err error) bool { return errors.Is(err, gateway.KeyNotFound) })
	reserve(gateway.Request{Secret: a.Tenant.Secret.Text, Cost: "-1"}, func(_ *gateway.Reservation, err error) bool {
		failed, is := errors.AsType[*gateway.Error](err)
		return is && failed.Code == gateway.CodeBadUserInput && failed.Field == "estimate.cost" && strings.HasPrefix(failed.Message, "estimate.cost: ")
	})
	waitFor(t, client, 8)
	close(w.hold)
	running.Wait()
	if single, many := w.single.Load(), w.many.Load(); single != 1 || many != 1 {
		t.Errorf("%d requests of one call and %d of many, want one of each", single, many)
	}
}

// Reports share requests as well, and each is booked once, also when the answer to the request that they share is lost: each is sent again.
func TestALostRequestIsRetried(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client, w := gatheringClient(t, a)
	w.instead = func(body string, n int64) (*http.Response, error, bool) {
		if n > 1 {
			return nil, nil, false
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Error(err)
		}
		request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + a.Gateway}}
		if answer, err := http.DefaultTransport.RoundTrip(request); err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("%v, %v", answer, err)
		}
		return nil, errors.New("the connection broke"), true // after Bursar has carried it out
	}
	var running sync.WaitGroup
	record := func(n int) {
		running.Go(func() {
			booked, err := client.Record(t.Context(), gateway.Report{Secret: a.Tenant.Secret.Text, RequestID: fmt.Sprint(n), Parts: usage.Parts{Requests: 1}})
			if err != nil || booked.EventID == "" || n > 0 && !booked.Replayed {
				t.Errorf("report %d: %+v, %v", n, booked, err)
			}
		})
	}
	record(0)
	<-w.held
	for n := range 20 {
		record(n + 1)
	}
	waitFor(t, client, 20)
	close(w.hold)
	running.Wait()
	if events := ledger(t, a); len(events) != 21 {
		t.Errorf("%d events were booked, want 21", len(events))
	}
}

// A caller who leaves while its call waits, or is under way in a request with others, hurts nobody: the others have their answers, and what may be
// held for it is given back.
func TestCallersLeaveAlone(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client, w := gatheringClient(t, a)
	running := holdFirst(t, a, client, w)
	waitingCtx, leaveWaiting := context.WithCancel(t.Context())
	sentCtx, leaveSent := context.WithCancel(t.Context())
	w.instead = func(string, int64) (*http.Response, error, bool) { leaveSent(); return nil, nil, false }
	var left sync.WaitGroup
	for name, ctx := range map[string]context.Context{"waiting": waitingCtx, "sent": sentCtx, "one": t.Context(), "two": t.Context()} {
		run := running.Go
		if name == "waiting" {
			run = left.Go
		}
		run(func() {
			_, err := client.Reserve(ctx, gateway.Request{Secret: a.Tenant.Secret.Text, RequestID: name, Once: true})
			if stays := ctx == t.Context(); stays && err != nil || name == "waiting" && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	waitFor(t, client, 4)
	leaveWaiting()
	left.Wait()
	close(w.hold)
	running.Wait()
	client.Shutdown(t.Context())
	var names string
	err := a.Pool.QueryRow(t.Context(), `select string_agg(request_id, ' ' order by request_id) from reservations where request_id in ('waiting', 'sent', 'one', 'two')
		and (request_id <> 'sent' or status = 'HELD')`).Scan(&names)
	if err != nil || names != "one two" {
		t.Errorf("reservations of %q are held, or were made for who had left: %v", names, err)
	}
	if w.many.Load() != 1 {
		t.Errorf("%d requests of many calls, want 1", w.many.Load())
	}
}

// A server of the release before, which does not know requests of many calls, answers each call by itself, and is sent no more of them for a while.
func TestServersThatKnowSingleCallsAlone(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client, w := gatheringClient(t, a)
	w.instead = func(string, int64) (*http.Response, error, bool) {
		return answerOf(http.StatusBadRequest, `{"errors":[{"message":"Unknown type \"ReserveUsagesInput\".","extensions":{"code":"BAD_USER_INPUT"}}]}`), nil, true
	}
	running := holdFirst(t, a, client, w)
	reserve := func() {
		running.Go(func() {
			if _, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text}); err != nil {
				t.Error(err)
			}
		})
	}
	for range 10 {
		reserve()
	}
	waitFor(t, client, 10)
	close(w.hold)
	running.Wait()
	for range 10 {
		reserve()
	}
	running.Wait()
	if single, many := w.single.Load(), w.many.Load(); single != 21 || many != 1 {
		t.Errorf("%d requests of one call and %d of many, want 21 and 1", single, many)
	}
	if _, number := status(t, a); number != 21 {
		t.Errorf("%d reservations, want 21", number)
	}
}

// With several servers, the calls of a request that one does not answer go to the next, each with its own requestId.
func TestGatheredCallsChangeServers(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client, w := gatheringClient(t, a)
	config := gateway.Config{URLs: []string{a.URL, strings.Replace(a.URL, "127.0.0.1", "localhost", 1)}, Token: a.Gateway, Transport: w, Shared: 1, Timeout: timeout}
	client.Close()
	client, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	w.instead = func(_ string, n int64) (*http.Response, error, bool) {
		return nil, errors.New("gone"), n == 1
	}
	running := holdFirst(t, a, client, w)
	began := time.Now()
	for n := range 10 {
		running.Go(func() {
			held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, RequestID: fmt.Sprint(n)})
			if err != nil || held.Replayed || held.RequestID != fmt.Sprint(n) {
				t.Errorf("%d: %+v, %v", n, held, err)
			}
		})
	}
	waitFor(t, client, 10)
	close(w.hold)
	running.Wait()
	if took := time.Since(began); took > timeout/2 {
		t.Errorf("it took %s", took)
	}
}
