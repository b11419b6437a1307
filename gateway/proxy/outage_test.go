package proxy_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bursar/gateway/proxy"
	"bursar/gateway/spool"
)

// While Bursar does not answer, calls are refused and do not reach the provider.
func TestFailsClosed(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, nil)
	if got := b.chat(""); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	b.booked(1)
	b.setDown(true)
	got := b.chat("")
	if got.status != http.StatusServiceUnavailable || field(t, got.body, "error", "type") != "UNAVAILABLE" || got.header.Get("Retry-After") == "" {
		t.Errorf("%+v", got)
	}
	if b.reached.Load() != 1 {
		t.Error("the provider was reached")
	}
	b.booked(1)
}

// With failOpen calls go on while Bursar does not answer, of keys that it has admitted here lately, until they may have cost what they may. They are booked when
// Bursar is back, marked, and then others may go on again.
func TestFailsOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, func(s *proxy.Settings) {
		s.FailOpen = &proxy.FailOpen{Dollars: "2.5", For: time.Hour, SeenWithin: time.Hour}
		s.Unbounded.Cost = "1" // what a call of a model counts that the list in the binary has no price of a bound for
	})
	second := b.Run(b.Admin, "CreateApiKey", object{"input": object{"ownerId": b.OrganizationID(), "name": "never seen"}}).Text("createApiKey", "secret")
	if got := b.chat(""); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	b.booked(1)
	b.over()
	b.setDown(true)
	open := func(fields string) int {
		return b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","messages":[]`+fields+`}`).status
	}
	if got := b.ask(second, "/v1/chat/completions", `{"model":"model-1","messages":[]}`); got.status != http.StatusServiceUnavailable {
		t.Errorf("a key that was never seen: %+v", got)
	}
	b.over()
	if got := open(`,"max_tokens":5`); got != http.StatusServiceUnavailable {
		t.Errorf("a model that the list has no price of: %d", got)
	}
	b.over()
	for i, want := range []int{http.StatusOK, http.StatusOK, http.StatusServiceUnavailable} {
		if got := open(""); got != want {
			t.Errorf("call %d: %d, want %d", i, got, want)
		}
		if o := b.over(); o.FailedOpen != (want == http.StatusOK) {
			t.Errorf("call %d: %+v", i, o)
		}
	}
	if n := b.reached.Load(); n != 3 {
		t.Errorf("the provider was reached %d times, want 3", n)
	}
	b.setDown(false)
	for _, e := range b.booked(3)[1:] {
		if !e.FailedOpen || e.Estimated || e.Cost != chatCost || e.Status != "" {
			t.Errorf("%+v", e)
		}
	}
	b.settled()
	b.setDown(true)
	b.await("calls go on again", func() bool { return open("") == http.StatusOK })
	b.setDown(false)
	b.booked(4)
}

// Beyond the time of an outage, and for keys that are not named, calls are refused.
func TestFailOpenIsBounded(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]proxy.FailOpen{
		"time":      {Dollars: "100", For: time.Nanosecond, SeenWithin: time.Hour},
		"last seen": {Dollars: "100", For: time.Hour, SeenWithin: time.Nanosecond},
		"keys":      {Dollars: "100", For: time.Hour, SeenWithin: time.Hour, Keys: []string{"key_another"}},
		"dollars":   {Dollars: "0", For: time.Hour, SeenWithin: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, answerChat, func(s *proxy.Settings) { s.FailOpen = &policy })
			if got := b.chat(""); got.status != http.StatusOK {
				t.Fatalf("%+v", got)
			}
			b.booked(1)
			b.setDown(true)
			b.ask("bsr_unknown", "/v1/chat/completions", `{"model":"model-1","messages":[]}`) // the outage begins with the first call
			for range 2 {
				if got := b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","messages":[]}`); got.status != http.StatusServiceUnavailable {
					t.Errorf("%+v", got)
				}
			}
		})
	}
}

// A report that Bursar cannot take now is made as soon as it can, also by the gateway's next process.
func TestReportsWait(t *testing.T) {
	t.Parallel()
	var b *bench
	b = newBench(t, func(w http.ResponseWriter, r *http.Request) {
		b.down.Store(true) // after the decision
		answerChat(w, r)
	}, nil)
	if got := b.chat(""); got.status != http.StatusOK || got.body != chatAnswer {
		t.Fatalf("%+v", got)
	}
	if stats := b.service.Proxy.SpoolStats(); stats.Entries != 1 {
		t.Errorf("%+v", stats)
	}
	b.service.Stop(time.Millisecond)
	names := must(filepath.Glob(filepath.Join(b.settings.Spool.Dir, "*.spool")))
	for _, name := range names {
		if content := must(os.ReadFile(name)); strings.Contains(string(content), b.Tenant.Secret.Text) {
			t.Error("the API key stands in the spool")
		}
	}
	b.down.Store(false)
	b.start()
	if e := b.booked(1)[0]; e != (event{100, 20, 60, chatCost, "model-1", "SETTLED", false, false}) {
		t.Errorf("%+v", e)
	}
	b.settled()
}

// When the spool is full, calls are refused before Bursar or the provider are asked, and pass again when reports are booked.
func TestSpoolIsFull(t *testing.T) {
	t.Parallel()
	release, arrived := make(chan struct{}), make(chan struct{}, 1000)
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-release
		answerChat(w, r)
	}, func(s *proxy.Settings) { s.Spool.MaxBytes = spool.MinMaxBytes })
	var refused *answer
	answers, sent := make(chan *answer, 1000), 0
	for refused == nil {
		go func() { answers <- b.chat("") }()
		sent++
		select {
		case <-arrived:
		case refused = <-answers:
		case <-time.After(timeout):
			t.Fatal("nothing happens")
		}
	}
	if refused.status != http.StatusServiceUnavailable || !strings.Contains(refused.body, "cannot keep reports") {
		t.Errorf("%+v", refused)
	}
	if response := must(http.Get(b.url + "/readyz")); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", response.StatusCode)
	}
	close(release)
	for range sent - 1 {
		if got := <-answers; got.status != http.StatusOK {
			t.Errorf("%+v", got)
		}
	}
	b.booked(sent - 1)
	b.await("calls pass again", func() bool { return b.chat("").status == http.StatusOK })
}

// Changed settings are for new calls; those in flight end as they began.
func TestChange(t *testing.T) {
	t.Parallel()
	next, arrived := make(chan struct{}), make(chan struct{}, 1)
	b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, chunk("one"))
		_ = http.NewResponseController(w).Flush()
		arrived <- struct{}{}
		<-next
		_, _ = io.WriteString(w, usageChunk+"data: [DONE]\n\n")
	}, nil)
	answers := make(chan *answer)
	go func() { answers <- b.chat(`"stream":true`) }()
	<-arrived
	changed := *b.settings
	changed.Providers = nil
	if err := b.service.Proxy.Change(&changed); err != nil {
		t.Fatal(err)
	}
	if got := b.chat(""); got.status != http.StatusNotFound {
		t.Errorf("after the change: %+v", got)
	}
	close(next)
	if got := <-answers; got.status != http.StatusOK || !strings.HasSuffix(got.body, "[DONE]\n\n") {
		t.Errorf("in flight: %+v", got)
	}
	b.booked(1)
	elsewhere := changed
	elsewhere.Spool.Dir = t.TempDir()
	if err := b.service.Proxy.Change(&elsewhere); err == nil {
		t.Error("the spool was moved")
	}
}
