package delivery

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
	"bursar/mail/resend"
	"bursar/mail/resend/resendtest"
)

// All dispatchers on one database share one throttle: however many run, calls to the provider keep their distance.
func TestDispatchersShareOneThrottle(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("a@acme.test", "b@acme.test", "c@acme.test", "d@acme.test", "e@acme.test")
	var mutex sync.Mutex
	var at []time.Time
	config := f.config(&deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		mutex.Lock()
		defer mutex.Unlock()
		at = append(at, time.Now())
		return nil, nil
	}})
	config.MailsPerCall, config.CallsPerSecond = 1, 20
	failures := make(chan error)
	for range 3 {
		go func() { failures <- run(t.Context(), dispatcherOf(t, config)) }()
	}
	for range 3 {
		must(t, <-failures)
	}
	slices.SortFunc(at, time.Time.Compare)
	if len(at) != 6 {
		t.Fatalf("%d calls, want 6", len(at))
	}
	// on a busy machine the first call may begin later than the throttle allowed it; six calls have five distances in all
	if took := at[5].Sub(at[0]); took < 4*50*time.Millisecond {
		t.Errorf("six calls within %s, want 250 ms between the first and the last", took)
	}
}

// When the provider asks to wait no worker disturbs it before, also one that has heard nothing of it, and what waits for one
// recipient meanwhile goes out as one mail. What it asks for does not count as an attempt; when it does not say how long, as
// when the day's quota is used up, each attempt waits longer.
func TestTooManyCallsHoldForAllWorkers(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]struct {
		attempts int32
		waits    [2]time.Duration // at least
	}{
		"600": {0, [2]time.Duration{9 * time.Minute, 9 * time.Minute}},
		"":    {1, [2]time.Duration{time.Minute, 3 * time.Minute}},
	} {
		t.Run("Retry-After "+header, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Alert("a@acme.test")
			provider := resendtest.New(t)
			provider.RetryAfter = header
			provider.Fault = func(request resendtest.Request) resendtest.Fault {
				if request.Number <= len(want.waits) {
					return resendtest.Limited
				}
				return resendtest.None
			}
			sender, err := resend.New("re_test", provider.URL, nil)
			must(t, err)
			config := f.config(sender)
			config.RetryAfter = 2 * time.Minute
			for i, wait := range want.waits {
				f.MakeDue()
				must(t, run(t.Context(), dispatcherOf(t, config)))
				for address, delivery := range f.Deliveries() {
					if delivery.Status != db.DeliveryStatusQUEUED || delivery.Attempts != want.attempts*int32(i+1) ||
						time.Until(delivery.NextAttemptAt) < wait || delivery.LastError == nil || delivery.FirstAttemptAt == nil {
						t.Errorf("the delivery to %s is %+v, want it to wait %s", address, delivery, wait)
					}
				}
			}
			must(t, f.Record(500, time.Time{})) // EXHAUSTED is due at once, but for the pause
			must(t, run(t.Context(), dispatcherOf(t, config)))
			if more := provider.Requests() - len(want.waits); more != 0 {
				t.Errorf("%d requests during the pause, want none", more)
			}

			f.MakeDue()
			must(t, run(t.Context(), dispatcherOf(t, config)))
			for _, address := range []string{f.OwnerAddress(), "a@acme.test"} {
				if inbox := provider.Inbox(address); len(inbox) != 1 || inbox[0].Subject != fmt.Sprintf(
					"[Bursar] Exhausted: key %q, monthly budget of 1,000 tokens (Acme)", f.Key.Name) {
					t.Errorf("%s got %+v, want one mail about EXHAUSTED", address, inbox)
				}
			}
			f.AssertAllSent(4)
		})
	}
}

// A used-up quota of mails is told from too many calls: in the log, as a fact that the metrics show, and by the wait, which grows with
// each attempt although the provider names the second after which a further call is allowed. The first mail that it takes ends it.
func TestUsedUpQuotaIsNoMatterOfSeconds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	provider := resendtest.New(t)
	provider.RetryAfter = "1"
	provider.Fault = func(request resendtest.Request) resendtest.Fault {
		if request.Number <= 2 {
			return resendtest.QuotaUsedUp
		}
		return resendtest.None
	}
	sender, err := resend.New("re_test", provider.URL, nil)
	must(t, err)
	config, log := f.config(sender), &bytes.Buffer{}
	config.RetryAfter, config.Logger = 2*time.Minute, slog.New(slog.NewTextHandler(log, nil))
	for attempt, wait := range []time.Duration{2 * time.Minute, 4 * time.Minute, 0} {
		log.Reset()
		f.MakeDue()
		must(t, run(t.Context(), dispatcherOf(t, config)))
		usedUp, err := db.New().IsMailQuotaUsedUp(t.Context(), f.Pool)
		must(t, err)
		refused := wait > 0
		logged := strings.Contains(log.String(), "level=ERROR") && strings.Contains(log.String(), "quota is used up")
		delivery := f.Deliveries()[f.OwnerAddress()]
		if usedUp != refused || logged != refused || delivery.Attempts != int32(attempt+1) || provider.Requests() != attempt+1 {
			t.Errorf("attempt %d: used up %t, in the log %t, attempts %d, requests %d", attempt+1, usedUp, logged, delivery.Attempts, provider.Requests())
		}
		if refused && (time.Until(delivery.NextAttemptAt) < wait-10*time.Second || !strings.Contains(*delivery.LastError, "daily_quota_exceeded")) {
			t.Errorf("attempt %d: the next one is in %s after %q, want %s", attempt+1, time.Until(delivery.NextAttemptAt), *delivery.LastError, wait)
		}
	}
	f.AssertAllSent(1)
}

// A worker that freezes while it holds the throttle's lock, or whose machine is gone, does not delay the others' mail, and what it
// had begun to compose is in one call all the same.
func TestFrozenWorkerKeepsNoMailBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender, frozen, thaw := &deliverytest.Sender{}, make(chan struct{}), make(chan struct{})
	config := f.config(sender)
	config.LinkTo = func(string) string { // it is asked in the middle of the transaction
		close(frozen)
		<-thaw
		return ""
	}
	dispatcher := dispatcherOf(t, config)
	dispatcher.maxLockIdle = 100 * time.Millisecond
	ended := make(chan error)
	go func() { ended <- run(t.Context(), dispatcher) }()
	await(t, frozen)
	must(t, run(t.Context(), f.dispatcher(sender)))
	f.AssertAllSent(1)
	close(thaw)
	if err := <-ended; err == nil {
		t.Error("the worker that was frozen found nothing amiss")
	}
	if len(sender.Calls()) != 1 {
		t.Errorf("%d calls, want 1", len(sender.Calls()))
	}
}
