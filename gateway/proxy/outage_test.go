package proxy_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/gateway"
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
	began := time.Now().Truncate(time.Microsecond)
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
	if got := b.audited(1)[0]; got.Calls != 2 || got.Cost != "2" || len(got.Keys) != 1 || got.Keys[0] != (gateway.OutageKey{APIKeyID: b.KeyID(), Calls: 2, Cost: "2"}) ||
		got.EndedAt.Before(got.BeganAt) || got.BeganAt.Before(began) {
		t.Errorf("the audit log has %+v", got)
	}
	b.setDown(true)
	b.await("calls go on again", func() bool { return open("") == http.StatusOK })
	b.setDown(false)
	b.booked(4)
	if got := b.audited(2)[1]; got.Calls != 1 || got.Cost != "1" {
		t.Errorf("the audit log has %+v of the second outage", got)
	}
}

// auditedOutage is what the audit log has about an outage.
type auditedOutage struct {
	BeganAt, EndedAt time.Time
	Calls            int64
	Cost             string
	Keys             []gateway.OutageKey
}

// audited waits until the audit log has a number of outages and returns them, the oldest first.
func (b *bench) audited(number int) (all []auditedOutage) {
	b.t.Helper()
	dbtest.Await(b.t, b.Pool, `select count(*) >= $1 from audit_log where action = 'reportOutage'`, number)
	var text string
	if err := b.Pool.QueryRow(b.t.Context(), `select jsonb_agg(after order by at, id) from audit_log where action = 'reportOutage'`).Scan(&text); err != nil {
		b.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all) != number {
		b.t.Fatalf("%d outages, want %d: %s, %v", len(all), number, text, err)
	}
	return all
}

// What went on is in the audit log once, too, when the gateway ends before Bursar is back, and when the answer to the report of it is lost; and so are calls that
// have cost nothing. The audit log has it before the ledger has the calls.
func TestOutageIsAuditedOnce(t *testing.T) {
	t.Parallel()
	t.Run("the gateway ends", func(t *testing.T) {
		t.Parallel()
		b := newOpenBench(t, answerChat)
		b.setDown(true)
		for range 3 {
			if got := b.open(); got != http.StatusOK {
				t.Fatalf("%d", got)
			}
		}
		b.service.Stop(time.Millisecond)
		b.pass = func(operation string, next http.Handler, w http.ResponseWriter, r *http.Request) {
			if operation == "RecordUsage" && len(b.audited(1)) != 1 {
				t.Error("a call is booked before its outage is audited")
			}
			next.ServeHTTP(w, r)
		}
		b.down.Store(false)
		b.start()
		b.booked(4)
		if got := b.audited(1)[0]; got.Calls != 3 || got.Cost != "3" || got.Keys[0].APIKeyID != b.KeyID() {
			t.Errorf("the audit log has %+v", got)
		}
	})
	t.Run("the answer is lost", func(t *testing.T) {
		t.Parallel()
		b := newOpenBench(t, answerChat)
		b.setDown(true)
		if got := b.open(); got != http.StatusOK {
			t.Fatalf("%d", got)
		}
		var reports atomic.Int64
		b.pass = func(operation string, next http.Handler, w http.ResponseWriter, r *http.Request) {
			if operation == "ReportOutage" && reports.Add(1) == 1 {
				next.ServeHTTP(httptest.NewRecorder(), r)
				http.Error(w, "lost", http.StatusBadGateway)
				return
			}
			next.ServeHTTP(w, r)
		}
		b.setDown(false)
		b.booked(2)
		b.audited(1)
		if n := reports.Load(); n != 2 {
			t.Errorf("it was reported %d times, want 2", n)
		}
	})
	t.Run("it cost nothing", func(t *testing.T) {
		t.Parallel()
		var broken atomic.Bool
		b := newOpenBench(t, func(w http.ResponseWriter, r *http.Request) {
			if broken.Load() {
				http.Error(w, "broken", http.StatusInternalServerError)
				return
			}
			answerChat(w, r)
		})
		broken.Store(true)
		b.setDown(true)
		if got := b.open(); got != http.StatusInternalServerError {
			t.Fatalf("%d", got)
		}
		b.setDown(false)
		if got := b.chat(""); got.status != http.StatusInternalServerError { // Bursar decides again
			t.Fatalf("%+v", got)
		}
		if got := b.audited(1)[0]; got.Calls != 1 {
			t.Errorf("the audit log has %+v", got)
		}
		b.settled()
		b.booked(1)
	})
}

// A call that went on and whose report Bursar refuses for good is in a file for the operator, and takes nothing of what calls may cost any more.
func TestRefusedReportFreesTheBound(t *testing.T) {
	t.Parallel()
	b := newOpenBench(t, answerChat)
	limited := *b.settings
	limited.FailOpen = &proxy.FailOpen{Dollars: "1", For: time.Hour, SeenWithin: time.Hour}
	b.settings = &limited
	b.setDown(true)
	for i, want := range []int{http.StatusOK, http.StatusServiceUnavailable} {
		if got := b.open(); got != want {
			t.Fatalf("call %d: %d, want %d", i, got, want)
		}
	}
	b.pass = func(operation string, next http.Handler, w http.ResponseWriter, r *http.Request) {
		if operation == "RecordUsage" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"data":null,"errors":[{"message":"refused","extensions":{"code":"BAD_USER_INPUT"}}]}`)
			return
		}
		next.ServeHTTP(w, r)
	}
	b.setDown(false)
	b.settled()
	if lines := strings.Count(string(must(os.ReadFile(filepath.Join(b.settings.Spool.Dir, "undeliverable.jsonl")))), "\n"); lines != 1 {
		t.Errorf("%d reports in the file, want one", lines)
	}
	b.setDown(true)
	b.await("a call goes on again", func() bool { return b.open() == http.StatusOK })
	b.booked(1)
	b.setDown(false) // else the gateway stops no sooner than it gives its last report up
}

// newOpenBench is a bench that fails open, whose key Bursar has admitted.
func newOpenBench(t *testing.T, provider http.HandlerFunc) *bench {
	t.Helper()
	b := newBench(t, provider, func(s *proxy.Settings) {
		s.FailOpen = &proxy.FailOpen{Dollars: "100", For: time.Hour, SeenWithin: time.Hour}
	})
	if got := b.chat(""); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	b.booked(1)
	return b
}

// open makes a call that counts a dollar while Bursar does not answer.
func (b *bench) open() int {
	b.t.Helper()
	return b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","messages":[]}`).status
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
	response := must(http.Get(b.url + "/readyz"))
	defer func() { _ = response.Body.Close() }()
	if why := string(must(io.ReadAll(response.Body))); response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(why, "spool: full") {
		t.Errorf("ready: %d, %s", response.StatusCode, why)
	}
	if stats := b.service.Proxy.SpoolStats(); stats.Entries != sent-1 || b.reached.Load() != int64(sent-1) {
		t.Errorf("%d entries in the spool, %d calls at the provider, want %d", stats.Entries, b.reached.Load(), sent-1)
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
