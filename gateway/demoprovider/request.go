package demoprovider

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"bursar/gateway/demoprovider/demomodel"
	"bursar/usage"
)

// Request is the truth about one request: what reached the provider, and what the provider charges for it.
type Request struct {
	Number     int64       `json:"number"` // from 1
	At         time.Time   `json:"at"`
	Dialect    string      `json:"dialect"` // openai, anthropic or gemini
	Method     string      `json:"method"`
	Path       string      `json:"path"` // with the query
	Model      string      `json:"model,omitzero"`
	Stream     bool        `json:"stream,omitzero"`
	Key        string      `json:"key,omitzero"`    // the headers that had a key, and the ends of the keys: "x-api-key …cdef"
	Header     http.Header `json:"header"`          // without keys
	BodyBytes  int         `json:"bodyBytes"`       // of the request
	BodySHA256 string      `json:"bodySha256"`      // in hexadecimal digits
	Demand     string      `json:"demand,omitzero"` // the header x-demo
	Tag        string      `json:"tag,omitzero"`    // the header x-demo-tag

	Status    int         `json:"status"`
	Ended     Ending      `json:"ended"`       // "" while the answer is on its way
	ID        string      `json:"id,omitzero"` // the answer's, without the prefix that a format has
	Usage     usage.Parts `json:"usage"`       // what was made, also when it did not arrive
	CostNanos int64       `json:"costNanos"`

	closed bool // it is not in flight any more, and its costs are final
}

// Ending is how an answer ended.
type Ending string

// The endings.
const (
	Complete Ending = "complete" // the whole answer was written
	Refused  Ending = "refused"  // the answer is an error, which costs nothing
	Broken   Ending = "broken"   // it broke in the middle, as the request had asked for
	Left     Ending = "left"     // the client went away before its end
)

// Totals are sums over all requests since the start, or since they were forgotten.
type Totals struct {
	Requests  int64            `json:"requests"`
	InFlight  int              `json:"inFlight"`
	Endings   map[Ending]int64 `json:"endings"`
	CostNanos int64            `json:"costNanos"`

	InputTokens       int64 `json:"inputTokens"`
	CachedInputTokens int64 `json:"cachedInputTokens"` // which are input tokens, too
	OutputTokens      int64 `json:"outputTokens"`
}

// Requests returns the requests after a number, those that are remembered, in the order in which they came.
func (p *Provider) Requests(after int64) []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Request{}
	for _, r := range p.requests {
		if r.Number > after {
			list = append(list, *r)
		}
	}
	return list
}

// Totals returns the sums.
func (p *Provider) Totals() Totals {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sums()
}

func (p *Provider) sums() Totals {
	totals := p.totals
	totals.InFlight, totals.Endings = p.inFlight, map[Ending]int64{}
	for _, ending := range []Ending{Complete, Refused, Broken, Left} {
		totals.Endings[ending] = p.totals.Endings[ending]
	}
	return totals
}

// WaitIdle returns when no request is in flight.
func (p *Provider) WaitIdle() { p.waitIdle("") }

// waitIdle returns when no request with a tag is in flight; "": none at all.
func (p *Provider) waitIdle(tag string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.inFlight > 0 && (tag == "" || slices.ContainsFunc(p.requests, func(r *Request) bool { return r.Tag == tag && !r.closed })) {
		p.idle.Wait()
	}
}

// remember adds a request, and drops the oldest of too many.
func (p *Provider) remember(r *Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	p.totals.Requests++
	p.inFlight++
	r.Number = p.number
	if len(p.requests) >= p.config.Remember {
		p.requests = slices.Delete(p.requests, 0, max(1, p.config.Remember/10))
	}
	p.requests = append(p.requests, r)
}

// close adds what a request has cost to the totals.
func (p *Provider) close(r *Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.totals.Endings == nil {
		p.totals.Endings = map[Ending]int64{}
	}
	p.totals.Endings[r.Ended]++
	p.totals.CostNanos += r.CostNanos
	p.totals.InputTokens += r.Usage.InputTokens
	p.totals.CachedInputTokens += r.Usage.CachedInputTokens
	p.totals.OutputTokens += r.Usage.OutputTokens
	p.inFlight--
	r.closed = true
	p.idle.Broadcast()
}

// tellRequests answers GET /demo/requests: ?after=NUMBER leaves out those up to a number, ?tag=TAG those with another header x-demo-tag, and
// ?idle=1 waits until no request is in flight, or none with the tag.
func (p *Provider) tellRequests(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if r.URL.Query().Has("after") && err != nil {
		http.Error(w, "after is the number of a request", http.StatusBadRequest)
		return
	}
	p.awaitIdle(r)
	requests := p.Requests(after)
	if tag := r.URL.Query().Get("tag"); tag != "" {
		requests = slices.DeleteFunc(requests, func(r Request) bool { return r.Tag != tag })
	}
	writeJSON(w, requests)
}

// tellTotals answers GET /demo/totals, with ?idle=1 when no request is in flight.
func (p *Provider) tellTotals(w http.ResponseWriter, r *http.Request) {
	p.awaitIdle(r)
	writeJSON(w, p.Totals())
}

func (p *Provider) awaitIdle(r *http.Request) {
	if r.URL.Query().Get("idle") == "" {
		return
	}
	idle := make(chan struct{})
	go func() { // ends with the last of these requests, at the latest
		p.waitIdle(r.URL.Query().Get("tag"))
		close(idle)
	}()
	select {
	case <-idle:
	case <-r.Context().Done():
	}
}

// forget answers DELETE /demo/requests: nothing is remembered, and totals count what is in flight and what comes. Numbers go on.
func (p *Provider) forget(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	p.requests, p.totals = nil, Totals{Requests: int64(p.inFlight)}
	p.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// tellModels answers GET /demo/models: the models with their prices.
func tellModels(w http.ResponseWriter, _ *http.Request) { writeJSON(w, demomodel.Models()) }

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // fails when the client has gone
}
