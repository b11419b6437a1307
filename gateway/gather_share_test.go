package gateway_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"bursar/gateway"
)

// sharing is a transport that holds requests of one call until it is told not to, and notes how many calls the others have.
type sharing struct {
	secret string
	held   sync.WaitGroup
	free   chan struct{}

	mu    sync.Mutex
	calls []int
}

func (s *sharing) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(body), `"operationName":"ReserveUsages"`) {
		s.mu.Lock()
		s.calls = append(s.calls, strings.Count(string(body), s.secret))
		s.mu.Unlock()
	} else {
		s.held.Done()
		<-s.free
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

// Guarantee: many calls that wait are parted among the requests that may be under way, so that one is answered while another is decided; none
// is lost, and none is sent twice.
func TestRequestsPartManyCalls(t *testing.T) {
	t.Parallel()
	const shared, waiting = 2, 100
	a := kit.NewAPI(t)
	s := &sharing{secret: a.Tenant.Secret.Text, free: make(chan struct{})}
	s.held.Add(shared)
	client := newClient(t, a, func(c *gateway.Config) { c.Transport, c.Shared = s, shared })
	var running sync.WaitGroup
	call := func() {
		if _, err := client.Reserve(t.Context(), gateway.Request{Secret: s.secret}); err != nil {
			t.Error(err)
		}
	}
	for range shared {
		running.Go(call)
	}
	s.held.Wait()
	for range waiting {
		running.Go(call)
	}
	waitFor(t, client, waiting)
	close(s.free)
	running.Wait()
	sum := 0
	for _, calls := range s.calls {
		if sum += calls; calls > waiting/shared {
			t.Errorf("a request has %d of %d calls, and %d may be under way", calls, waiting, shared)
		}
	}
	if sum != waiting || len(s.calls) < shared {
		t.Errorf("%d calls in %d requests, want %d", sum, len(s.calls), waiting)
	}
}
