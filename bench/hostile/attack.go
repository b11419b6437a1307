// Package hostile measures gateways while an attacker sends a server the most expensive requests that its limits let through.
// The attacker is part of cmd/bursar-bench and not of the product.
package hostile

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Attack holds the target of an attack, its size and its duration.
type Attack struct {
	Server   string        // URL
	Viewer   string        // access token of role VIEWER of the attacker's organization
	Admin    string        // access token of role ADMIN
	Gateway  string        // access token of role GATEWAY
	Subject  string        // external id of the organization
	Secret   string        // of one of its API keys
	Size     int           // connections of each kind of attack
	For      time.Duration // how long; of those who watch, since their streams are open
	Lead     time.Duration // before gateways are measured; of those who watch, for which their streams are awaited at most
	Watchers []string      // access tokens of role VIEWER of those who watch
	Only     []string      // names of kinds: these and no others; none: the mix, which is all but Flood

	openings []*Opening // of the runs so far, as the attacker told them
}

// Result is what one kind of attack did.
type Result struct {
	Name       string           `json:"name"`
	Requests   int64            `json:"requests"`
	Answers    map[string]int64 `json:"answers"`         // by error code, else HTTP status; "closed": the server closed the connection before it answered
	Unexpected int64            `json:"unexpected"`      // answers that this kind must not get
	First      string           `json:"first,omitempty"` // of the unexpected ones
	MaxMillis  float64          `json:"maxMilliseconds"` // until the end of the slowest answer
	Bytes      int64            `json:"bytes"`           // of all answers

	mutex sync.Mutex
}

// addResults adds the results of a further attack of the same kinds to those before, which are none at first.
func addResults(sums, results []*Result) []*Result {
	if sums == nil {
		return results
	}
	for i, sum := range sums {
		more := results[i]
		sum.Requests += more.Requests
		sum.Unexpected += more.Unexpected
		sum.Bytes += more.Bytes
		sum.MaxMillis = max(sum.MaxMillis, more.MaxMillis)
		sum.First = cmp.Or(sum.First, more.First)
		for answer, number := range more.Answers {
			sum.Answers[answer] += number
		}
	}
	return sums
}

// kind is one kind of attack: the request that each of its connections sends repeatedly.
type kind struct {
	name    string
	expects []string // codes and statuses that are right, besides those of shedding
	await   await    // nil: a connection sends its next request at once
	send    send
	times   int // the kind has this many times Attack.Size connections
}

// send sends one request. The number is that of the connection. The outcome is an error code, "ok" or an HTTP status.
type send func(ctx context.Context, client *http.Client, number int) (outcome string, read int64, err error)

// await waits until a connection may send its next request, which takes none of the request's time. An outcome or an error is that of a
// request that could not be sent.
type await func(ctx context.Context, client *http.Client, number int) (outcome string, err error)

// shedding returns the outcomes with which a server sheds load. They are right for every kind of attack.
func shedding() []string { return []string{"UNAVAILABLE", "429", "503", "closed"} }

// Run runs the chosen kinds of attack at the same time until the duration is over, and returns a result for each. Of those who watch it tells how their
// streams were opened.
func (a *Attack) Run(ctx context.Context, opened func(*Opening)) []*Result {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	streams := newOpening(a.Size)
	kinds := a.chosen(streams)
	running.Go(func() {
		defer cancel()
		if a.watches() {
			opened(streams.await(ctx, a.Lead))
		}
		select {
		case <-ctx.Done():
		case <-time.After(a.For):
		}
	})
	results := make([]*Result, len(kinds))
	for i, kind := range kinds {
		result := &Result{Name: kind.name, Answers: map[string]int64{}}
		results[i] = result
		transport := &http.Transport{MaxIdleConnsPerHost: a.Size * kind.times, DialContext: dialSmallBuffer}
		client := &http.Client{Transport: transport, Timeout: time.Minute}
		for number := range a.Size * kind.times {
			running.Go(func() {
				for ctx.Err() == nil {
					result.request(ctx, client, &kind, number)
				}
			})
		}
		defer transport.CloseIdleConnections()
	}
	running.Wait()
	return results
}

// dialSmallBuffer connects with a small send buffer. The kernel's copies into a large one would take processor time of the
// server's machine, which a real attacker does not share.
func dialSmallBuffer(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, network, address)
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // fails on a connection that is closed; writing to it reports that
	}
	return connection, err
}

const sendBuffer = 64 << 10 // bytes

// request sends one request and counts its outcome. A request that the end of the attack interrupts is not counted.
func (r *Result) request(ctx context.Context, client *http.Client, kind *kind, number int) {
	var outcome string
	var read int64
	var err error
	if kind.await != nil {
		outcome, err = kind.await(ctx, client, number)
	}
	began := time.Now()
	if outcome == "" && err == nil {
		outcome, read, err = kind.send(ctx, client, number)
	}
	took := time.Since(began)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		outcome = "closed"
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.Requests++
	r.Bytes += read
	r.Answers[outcome]++
	r.MaxMillis = max(r.MaxMillis, float64(took.Round(time.Microsecond))/float64(time.Millisecond))
	if !slices.Contains(kind.expects, outcome) && !slices.Contains(shedding(), outcome) {
		r.Unexpected++
		if r.First == "" {
			r.First = fmt.Sprint(outcome, ": ", err)
		}
	}
}

var codeOf = regexp.MustCompile(`"code":"([A-Z_]+)"`)

// post sends a body and returns the code of the answer's first error, "ok" for an answer without one, or the HTTP status.
func (a *Attack) post(ctx context.Context, client *http.Client, token string, body io.Reader) (string, int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Server+"/graphql", body)
	if err != nil {
		return "", 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = response.Body.Close() }()
	var start bytes.Buffer // an answer with an error and no data has its code at the beginning
	read, err := io.CopyN(&start, response.Body, 4096)
	if err == nil {
		var rest int64
		rest, err = io.Copy(io.Discard, response.Body)
		read += rest
	} else if errors.Is(err, io.EOF) {
		err = nil
	}
	if code := codeOf.FindSubmatch(start.Bytes()); code != nil {
		return string(code[1]), read, err
	}
	if response.StatusCode == http.StatusOK {
		return "ok", read, err
	}
	return fmt.Sprint(response.StatusCode), read, err
}

// document sends a GraphQL document with a random comment, so that no cache has it.
func (a *Attack) document(ctx context.Context, client *http.Client, token, query string, variables any) (string, int64, error) {
	body, err := json.Marshal(map[string]any{"query": query + " # " + rand.Text(), "variables": variables})
	if err != nil {
		return "", 0, err
	}
	return a.post(ctx, client, token, bytes.NewReader(body))
}
