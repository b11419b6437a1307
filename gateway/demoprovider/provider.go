// Package demoprovider answers in the formats of OpenAI, Anthropic and Gemini, as a provider that needs no network and no account: to try Bursar
// with, and to test gateways and clients against. Its models say the same to the same request, with usage, tool calls, structured output, prompt
// caches and reasoning. The header x-demo asks for errors (see Demand). What has reached it and what that costs is told under /demo/ (see Request).
package demoprovider

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"bursar/gateway/demoprovider/demomodel"
)

// Config is how a provider behaves. The zero value answers at once and takes any key.
type Config struct {
	Key      string // the key that requests must carry; "": any, or none
	Timing   Timing // the zero value has no delays
	Remember int    // how many requests are told one by one, the newest; 0: 10,000. Totals count all
}

// Timing is how long the models take.
type Timing struct {
	First time.Duration // until an answer begins
	Token time.Duration // for each output token
}

// Realistic returns the timing of a model of today: a quarter of a second until it begins, then about 80 tokens a second.
func Realistic() Timing { return Timing{First: 250 * time.Millisecond, Token: 12 * time.Millisecond} }

// Provider is a provider. It is an http.Handler.
type Provider struct {
	config Config
	mux    *http.ServeMux
	prefix string // of ids, so that those of two providers differ

	mu       sync.Mutex
	idle     *sync.Cond // broadcast when a request has ended
	inFlight int
	number   int64      // of the last request
	requests []*Request // the newest, in the order of their numbers
	totals   Totals
	kept     map[string]demomodel.Conversation // by the id of an answer of the Responses API, or of an item of one
	order    [][]string                        // of those ids, those of the oldest answer first
}

// New returns a provider.
func New(config Config) *Provider {
	if config.Remember <= 0 {
		config.Remember = 10_000
	}
	p := &Provider{config: config, mux: http.NewServeMux(), prefix: rand.Text()[:8], kept: map[string]demomodel.Conversation{}}
	p.idle = sync.NewCond(&p.mu)
	p.routes()
	return p
}

// ServeHTTP answers a request.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

func (p *Provider) routes() {
	p.mux.HandleFunc("GET /demo/requests", p.tellRequests)
	p.mux.HandleFunc("DELETE /demo/requests", p.forget)
	p.mux.HandleFunc("GET /demo/totals", p.tellTotals)
	p.mux.HandleFunc("GET /demo/models", tellModels)

	p.handle("POST /v1/chat/completions", openAI, (*exchange).chatCompletion)
	p.handle("POST /v1/completions", openAI, (*exchange).completion)
	p.handle("POST /v1/responses", openAI, (*exchange).response)
	p.handle("POST /v1/embeddings", openAI, (*exchange).embeddings)
	p.handle("POST /v1/images/generations", openAI, (*exchange).images)
	p.handle("POST /v1/images/edits", openAI, (*exchange).images)
	p.handle("POST /v1/images/variations", openAI, (*exchange).images)
	p.handle("POST /v1/audio/speech", openAI, (*exchange).speech)
	p.handle("POST /v1/audio/transcriptions", openAI, (*exchange).transcription)
	p.handle("POST /v1/audio/translations", openAI, (*exchange).transcription)
	p.handle("POST /v1/messages", anthropic, (*exchange).message)
	p.handle("POST /v1/messages/count_tokens", anthropic, (*exchange).countMessage)
	for _, version := range []string{"v1", "v1beta"} {
		p.handle("POST /"+version+"/models/{call}", gemini, (*exchange).geminiCall)
		p.handle("GET /"+version+"/models", unknownDialect, (*exchange).listModels)
		p.handle("GET /"+version+"/models/{model}", unknownDialect, (*exchange).getModel)
	}
	p.handle("/", unknownDialect, func(e *exchange) {
		e.fail(failure{status: http.StatusNotFound, message: "the demo provider has no " + e.r.Method + " " + e.r.URL.Path})
	})
}

// handle serves a pattern with what answers one exchange.
func (p *Provider) handle(pattern string, d dialect, answer func(*exchange)) {
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		of := d
		if of == unknownDialect {
			of = dialectOf(r)
		}
		e := p.begin(w, r, of)
		defer e.end()
		if e.receive() {
			answer(e)
		}
	})
}

// newID returns an id that no other answer has, for the number of its request.
func (p *Provider) newID(number int64) string {
	return fmt.Sprintf("%s%016x", strings.ToLower(p.prefix), number)
}
