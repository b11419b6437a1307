package test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"bursar/fault"
)

// promptly is how long an answer may take at most, UNAVAILABLE while the database is gone included: the time that a server
// gives the look-up of a token and the operation, and some for a busy machine.
const promptly = 25 * time.Second

type object = map[string]any

// fleet is several servers on one database, and how gateways reach them.
type fleet struct {
	t           *testing.T
	binary      string // of the servers
	databaseURL string
	environment []string // of the servers, beside the usual one
	cell        string   // that the operator's requests name; "": none
	documents   map[string]string
	http        *http.Client
	servers     []*process
	urls        []atomic.Pointer[string]
	mortal      atomic.Bool  // whether servers are killed, so that connections may break
	outages     atomic.Int64 // answers UNAVAILABLE, and connections that broke
	attempts    attempts
}

// newFleet starts servers on one database. They go with the test.
func newFleet(t *testing.T, databaseURL string, servers int) *fleet {
	t.Helper()
	return newFleetOf(t, binary, databaseURL, servers)
}

// newFleetOf is newFleet for a build of the program.
func newFleetOf(t *testing.T, binary, databaseURL string, servers int) *fleet {
	t.Helper()
	f := &fleet{
		t: t, binary: binary, databaseURL: databaseURL, documents: documents(t),
		servers: make([]*process, servers), urls: make([]atomic.Pointer[string], servers),
		http: &http.Client{Timeout: promptly, Transport: &http.Transport{MaxIdleConnsPerHost: 1000}},
	}
	for i := range servers {
		f.start(i)
	}
	t.Cleanup(f.http.CloseIdleConnections)
	return f
}

// start starts the server of an index.
func (f *fleet) start(i int) {
	f.t.Helper()
	p, url := serve(f.t, f.binary, f.databaseURL, f.environment...)
	f.servers[i] = p
	f.urls[i].Store(&url)
}

// post sends a document to a server once; an error is one of the transport.
func (f *fleet) post(ctx context.Context, server int, token, operation string, variables object) (*answer, error) {
	body, err := json.Marshal(object{"query": f.documents[operation], "operationName": operation, "variables": variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, *f.urls[server].Load()+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	if f.cell != "" && token == rootToken {
		request.Header.Set("Bursar-Cell", f.cell)
	}
	response, err := f.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	result := &answer{}
	return result, json.NewDecoder(response.Body).Decode(result)
}

// once sends a document to a server; any error fails the test.
func (f *fleet) once(server int, token, operation string, input object) *answer {
	f.t.Helper()
	a, err := f.post(f.t.Context(), server, token, operation, object{"input": input})
	switch {
	case err != nil:
		f.t.Errorf("%s: %v", operation, err)
	case a.code() != "":
		f.t.Errorf("%s: %+v", operation, a.Errors)
	default:
		return a
	}
	return &answer{}
}

// ask is a gateway: it sends a document until it is answered, after UNAVAILABLE and after a connection that broke to the
// next server and with the same request id. Any other error fails the test, and so does a broken connection when no server
// is killed.
func (f *fleet) ask(server int, token, operation string, input object) *answer {
	f.t.Helper()
	for try := 0; ; try++ {
		began := time.Now()
		a, err := f.post(f.t.Context(), (server+try)%len(f.urls), token, operation, object{"input": input})
		f.attempts.add(began, a, err)
		switch {
		case f.t.Context().Err() != nil:
			return nil
		case err != nil && !f.mortal.Load():
			f.t.Errorf("%s: %v", operation, err)
			return nil
		case err != nil, a.code() == fault.Unavailable:
			f.outages.Add(1)
		case a.code() != "":
			f.t.Errorf("%s: %+v", operation, a.Errors)
			return nil
		default:
			return a
		}
		pause := min(10<<min(try, 5), 200) // milliseconds: as gateways do, longer with each try, and not all at once
		select {
		case <-f.t.Context().Done():
		case <-time.After(time.Duration(pause/2+rand.IntN(pause)) * time.Millisecond):
		}
	}
}
