package worker

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"bursar/db"
	"bursar/mail"
	"bursar/mail/resendtest"
)

// All workers on one database keep one pace: however many dispatch, calls to the provider have their distance.
func TestWorkersShareOnePace(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert("a@acme.test", "b@acme.test", "c@acme.test", "d@acme.test", "e@acme.test")
	var mutex sync.Mutex
	var at []time.Time
	config := f.config(&fakeSender{answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		mutex.Lock()
		defer mutex.Unlock()
		at = append(at, time.Now())
		return nil, nil
	}})
	config.MailsPerCall, config.MailCallsPerSecond = 1, 20
	failures := make(chan error)
	for range 3 {
		go func() { failures <- work(t.Context(), dispatcherOf(t, config)) }()
	}
	for range 3 {
		must(t, <-failures)
	}
	slices.SortFunc(at, time.Time.Compare)
	if len(at) != 6 {
		t.Fatalf("%d calls, want 6", len(at))
	}
	// the first call may begin late after its turn, by what a busy machine takes; six calls have five distances in all
	if took := at[5].Sub(at[0]); took < 4*50*time.Millisecond {
		t.Errorf("six calls within %s, want 250 ms between the first and the last", took)
	}
}

// When the provider asks to wait no worker disturbs it before, also one that has heard nothing of it; none of it counts as
// an attempt, and what waits for one recipient meanwhile goes out as one mail.
func TestRetryAfterHoldsForAllWorkers(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"600", ""} {
		t.Run("Retry-After "+header, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.alert("a@acme.test")
			provider := resendtest.New(t)
			provider.RetryAfter = header
			provider.Fault = func(request resendtest.Request) resendtest.Fault {
				if request.Number == 1 {
					return resendtest.Limited
				}
				return resendtest.None
			}
			sender, err := mail.NewResend("re_test", provider.URL, nil)
			must(t, err)
			config := f.config(sender)
			config.MailCallsPerSecond = 0.01 // so that without the header the pause is 100 s
			must(t, work(t.Context(), dispatcherOf(t, config)))
			for address, delivery := range f.deliveries() {
				if wait := time.Until(delivery.NextAttemptAt); delivery.Status != db.DeliveryStatusQUEUED || delivery.Attempts != 0 ||
					wait < 80*time.Second || delivery.LastError == nil || delivery.FirstAttemptAt == nil {
					t.Errorf("the delivery to %s is %+v, want it untried and to wait", address, delivery)
				}
			}
			must(t, f.record(500, time.Time{})) // EXHAUSTED is due at once, but for the pause
			must(t, work(t.Context(), dispatcherOf(t, config)))
			if provider.Requests() != 1 {
				t.Errorf("%d requests during the pause, want none", provider.Requests()-1)
			}

			f.makeDue()
			must(t, work(t.Context(), dispatcherOf(t, config)))
			for _, address := range []string{f.owner(), "a@acme.test"} {
				if inbox := provider.Inbox(address); len(inbox) != 1 || inbox[0].Subject != fmt.Sprintf(
					"[Bursar] Exhausted: key %q, monthly budget of 1,000 tokens (Acme)", f.Key.Name) {
					t.Errorf("%s got %+v, want one mail about EXHAUSTED", address, inbox)
				}
			}
			for _, status := range f.statuses() {
				if status != db.DeliveryStatusSENT {
					t.Errorf("deliveries are %v, want all sent", f.statuses())
				}
			}
		})
	}
}
