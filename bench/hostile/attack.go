package bench

import (
	"bytes"
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

// Attack says where and how long to attack, and with whose tokens.
type Attack struct {
	Server  string        // URL
	Viewer  string        // tokens of one organization, which is its own worst enemy
	Admin   string        //
	Subject string        // its external id
	Secret  string        // of one of its API keys
	Size    int           // connections of each kind of attack
	For     time.Duration // how long
}

// Assault is what one kind of attack did.
type Assault struct {
	Name       string           `json:"name"`
	Requests   int64            `json:"requests"`
	Answers    map[string]int64 `json:"answers"`         // by error code or, without one, HTTP status; "closed" by the server, before it answered
	Unexpected int64            `json:"unexpected"`      // answers that this kind must not have
	First      string           `json:"first,omitempty"` // of the unexpected ones
	MaxMillis  float64          `json:"maxMilliseconds"` // the longest that an answer took
	Bytes      int64            `json:"bytes"`           // of all answers

	mutex sync.Mutex
}

// assault is one kind of attack: what one connection does, again and again.
type assault struct {
	name    string
	expects []string // codes and statuses beside those of a server that has enough
	strike  func(ctx context.Context, client *http.Client, number int) (outcome string, read int64, err error)
	times   int // as many connections as others
}

// enough are the answers with which a server keeps an attacker off: they are always right.
func enough() []string { return []string{"UNAVAILABLE", "429", "503", "closed"} }

// Run attacks in all ways at once until the time is over, and returns what each came to.
func (a *Attack) Run(ctx context.Context) []*Assault {
	ctx, cancel := context.WithTimeout(ctx, a.For)
	defer cancel()
	var running sync.WaitGroup
	assaults := a.assaults()
	results := make([]*Assault, len(assaults))
	for i, kind := range assaults {
		result := &Assault{Name: kind.name, Answers: map[string]int64{}}
		results[i] = result
		transport := &http.Transport{MaxIdleConnsPerHost: a.Size * kind.times, DialContext: dialNarrow}
		client := &http.Client{Transport: transport, Timeout: time.Minute}
		for number := range a.Size * kind.times {
			running.Go(func() {
				for ctx.Err() == nil {
					result.strike(ctx, client, &kind, number)
				}
			})
		}
		defer transport.CloseIdleConnections()
	}
	running.Wait()
	return results
}

// dialNarrow connects so that the system holds little that was sent and not received: what it holds is copied on this machine, which the
// attacker's is not.
func dialNarrow(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, network, address)
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // the connection may be gone; writing to it will say so
	}
	return connection, err
}

const sendBuffer = 64 << 10 // bytes

// strike does one request and notes its outcome; one that the end of the attack cuts short is none.
func (r *Assault) strike(ctx context.Context, client *http.Client, kind *assault, number int) {
	began := time.Now()
	outcome, read, err := kind.strike(ctx, client, number)
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
	r.MaxMillis = max(r.MaxMillis, milliseconds(took))
	if !slices.Contains(kind.expects, outcome) && !slices.Contains(enough(), outcome) {
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
	var start bytes.Buffer // an answer without data begins with its errors
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

// document sends a document that the server has not seen before, for a comment in it is new.
func (a *Attack) document(ctx context.Context, client *http.Client, token, query string, variables any) (string, int64, error) {
	body, err := json.Marshal(map[string]any{"query": query + " # " + rand.Text(), "variables": variables})
	if err != nil {
		return "", 0, err
	}
	return a.post(ctx, client, token, bytes.NewReader(body))
}
