package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/graph/graphtest"
)

// event is a server-sent event.
type event struct {
	id, name string
	IDs      []string `json:"ids"`
	Types    []string `json:"types"`
	More     bool     `json:"more"`
}

// stream is what a listener hears.
type stream struct {
	a      *graphtest.API
	header http.Header
	events chan event // closed when the stream ends
	leave  context.CancelFunc
}

// openStream asks for events. The response's body must be closed.
func openStream(ctx context.Context, a *graphtest.API, token string, header map[string]string) *http.Response {
	a.T.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL+"/events", nil)
	if err != nil {
		a.T.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	return response
}

// listen opens a stream and returns it with its first event.
func listen(a *graphtest.API, token string, header map[string]string) (*stream, event) {
	a.T.Helper()
	ctx, leave := context.WithCancel(a.T.Context())
	response := openStream(ctx, a, token, header)
	s := &stream{a: a, header: response.Header, events: make(chan event, 100), leave: leave}
	a.T.Cleanup(leave)
	if response.StatusCode != http.StatusOK {
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		a.T.Fatalf("status %d, %s, %v", response.StatusCode, body, err)
	}
	go s.read(response.Body)
	return s, s.next()
}

// read reads the stream until it ends.
func (s *stream) read(body io.ReadCloser) {
	defer close(s.events)
	defer func() { _ = body.Close() }()
	e := event{}
	for lines := bufio.NewScanner(body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e); err != nil {
				s.a.T.Errorf("data %q: %v", value, err)
			}
		case "":
			if lines.Text() == "" && e.name != "" {
				s.events <- e
				e = event{}
			}
		}
	}
}

// next returns the next event.
func (s *stream) next() event {
	s.a.T.Helper()
	select {
	case e, open := <-s.events:
		if !open {
			s.a.T.Fatal("the stream has ended")
		}
		return e
	case <-time.After(2 * time.Minute):
		s.a.T.Fatal("no event")
	}
	return event{}
}

// await returns what was heard up to the event that names an id.
func (s *stream) await(id string) (heard []event) {
	s.a.T.Helper()
	for {
		e := s.next()
		heard = append(heard, e)
		if slices.Contains(e.IDs, id) {
			return heard
		}
	}
}

// awaitEnd fails the test unless the stream ends.
func (s *stream) awaitEnd() {
	s.a.T.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case _, open := <-s.events:
			if !open {
				return
			}
		case <-deadline:
			s.a.T.Fatal("the stream does not end")
		}
	}
}

// renameKey changes the tenant's API key.
func renameKey(a *graphtest.API, name string) {
	a.T.Helper()
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": name}})
}

func wantTypes(t *testing.T, e event, types ...string) {
	t.Helper()
	for _, name := range types {
		if !slices.Contains(e.Types, name) {
			t.Errorf("the types are %v, without %s", e.Types, name)
		}
	}
}
