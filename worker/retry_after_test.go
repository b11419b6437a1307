package worker

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db"
	"bursar/mail"
)

// When the provider asks to wait, the run stops sending, everything it holds waits that long, no later run disturbs the
// provider before, and none of it counts as a failure.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var added []string
	for _, name := range "abcdefghijklmnop" {
		added = append(added, string(name)+"@acme.test")
	}
	f.alert(added...)
	var requests atomic.Int32
	var open atomic.Bool
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		if !open.Load() {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"statusCode":429,"name":"rate_limit_exceeded","message":"too many requests"}`))
			return
		}
		_, _ = w.Write([]byte(`{"id":"accepted"}`))
	}))
	t.Cleanup(provider.Close)
	sender, err := mail.NewResend("re_test", provider.URL, nil)
	must(t, err)
	dispatcher := f.dispatcher(sender)

	must(t, work(t.Context(), dispatcher))
	if asked := requests.Load(); asked > concurrentMails {
		t.Errorf("%d requests although the first was told to wait, want at most the %d that were on their way", asked, concurrentMails)
	}
	for address, delivery := range f.deliveries() {
		wait := time.Until(delivery.NextAttemptAt)
		if delivery.Status != db.DeliveryStatusQUEUED || delivery.Attempts != 0 || wait < 9*time.Minute || wait > 10*time.Minute {
			t.Errorf("the delivery to %s is %+v, want it untried and due in 10 minutes", address, delivery)
		}
	}

	f.makeDue() // an alert that is raised meanwhile is due at once, too
	before := requests.Load()
	must(t, work(t.Context(), dispatcher))
	if after := requests.Load(); after != before {
		t.Errorf("%d requests during the pause, want none", after-before)
	}

	open.Store(true)
	must(t, work(t.Context(), f.dispatcher(sender))) // a worker that knows of no pause
	for address, delivery := range f.deliveries() {
		if delivery.Status != db.DeliveryStatusSENT || *delivery.ProviderID != "accepted" || delivery.Attempts != 1 {
			t.Errorf("the delivery to %s is %+v, want it sent", address, delivery)
		}
	}
}
