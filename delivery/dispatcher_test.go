package delivery

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
	"bursar/mail/resend"
)

// However many dispatchers race, each recipient gets each mail once, a hundred to a call.
func TestDispatchSendsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const recipients = 45
	var added []string
	for i := range recipients - 1 {
		added = append(added, fmt.Sprintf("Person-%d@acme.test", i))
	}
	f.Alert(added...)
	sender := &deliverytest.Sender{}
	config := f.config(sender)
	config.MailsPerCall = 10
	failures := make(chan error)
	for range 3 {
		go func() { failures <- run(t.Context(), dispatcherOf(t, config)) }()
	}
	for range 3 {
		must(t, <-failures)
	}

	received := map[string]int{}
	for _, message := range sender.Messages() {
		received[message.To]++
	}
	if len(received) != recipients || len(sender.Messages()) != recipients || len(sender.Calls()) != 5 {
		t.Errorf("%d mails to %d addresses in %d calls, want %d to as many in 5", len(sender.Messages()), len(received), len(sender.Calls()), recipients)
	}
	for address, delivery := range f.Deliveries() {
		if delivery.Status != db.DeliveryStatusSENT || delivery.SentAt == nil || delivery.ProviderID == nil || delivery.Attempts != 1 ||
			delivery.FirstAttemptAt == nil {
			t.Errorf("the delivery to %s is %+v, want sent at the first attempt", address, delivery)
		}
	}
	f.nothingLeft()
}

// A refused address fails alone, for good, and keeps the provider's reason; the others get their mail in the same call.
func TestPermanentFailureIsAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("bad@acme.test", "good@acme.test")
	refusal := &resend.Error{Status: http.StatusUnprocessableEntity, Code: "validation_error", Message: "bad \x00 address \xff"}
	sender := &deliverytest.Sender{Answer: func(_ context.Context, messages []mail.Message) ([]mail.Result, error) {
		results := make([]mail.Result, len(messages))
		for i, message := range messages {
			if results[i].ProviderID = message.To; strings.HasPrefix(message.To, "bad") {
				results[i] = mail.Result{Refusal: refusal}
			}
		}
		return results, nil
	}}
	must(t, run(t.Context(), f.dispatcher(sender)))
	f.badFailedAlone()
	if len(sender.Calls()) != 1 {
		t.Errorf("%d calls, want 1", len(sender.Calls()))
	}
	f.MakeDue()
	must(t, run(t.Context(), f.dispatcher(sender)))
	if sent := len(sender.Messages()); sent != 3 {
		t.Errorf("%d attempts in all, want 3: nothing is tried again", sent)
	}
}

// A provider that refuses a whole call for one bad address costs nobody else theirs: halves go under keys of their own,
// until the bad one is alone.
func TestRefusedCallIsSplit(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("a@acme.test", "bad@acme.test", "good@acme.test", "z@acme.test")
	sender := &deliverytest.Sender{Answer: func(_ context.Context, messages []mail.Message) ([]mail.Result, error) {
		for _, message := range messages {
			if strings.HasPrefix(message.To, "bad") {
				return nil, &resend.Error{Status: http.StatusUnprocessableEntity, Code: "validation_error", Message: "invalid to"}
			}
		}
		return nil, nil
	}}
	must(t, run(t.Context(), f.dispatcher(sender)))
	f.badFailedAlone()
	keys := map[string]bool{}
	for _, call := range sender.Calls() {
		if keys[call.Key] {
			t.Errorf("the key %s came twice, with other contents", call.Key)
		}
		keys[call.Key] = true
	}
	f.nothingLeft()
}

// A temporary error delays its mail and the very same call is made again, under the same idempotency key, until it goes.
func TestTemporaryFailureIsRetried(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender := &deliverytest.Sender{Answer: deliverytest.Failing(deliverytest.ErrOutage)}
	dispatcher := f.dispatcher(sender)
	must(t, run(t.Context(), dispatcher))
	delivery := f.Deliveries()[f.OwnerAddress()]
	wait := time.Until(delivery.NextAttemptAt)
	if delivery.Status != db.DeliveryStatusQUEUED || delivery.LastError == nil || delivery.Attempts != 1 {
		t.Errorf("after the error the delivery is %+v, want it queued with the error", delivery)
	}
	if wait < 15*time.Second || wait > 45*time.Second {
		t.Errorf("the next attempt is in %s, want 30 to 45 s", wait)
	}
	must(t, run(t.Context(), dispatcher))
	if sent := len(sender.Messages()); sent != 1 {
		t.Fatalf("%d attempts before the delay is over, want 1", sent)
	}

	f.Exec(`update organizations set name = 'Renamed in between'`)
	f.MakeDue()
	sender.Answer = nil
	must(t, run(t.Context(), dispatcher))
	delivery = f.Deliveries()[f.OwnerAddress()]
	if delivery.Status != db.DeliveryStatusSENT || delivery.LastError != nil || delivery.Attempts != 2 {
		t.Errorf("after the outage the delivery is %+v, want it sent without an error", delivery)
	}
	sender.AssertSameCall(t, 2)
	f.nothingLeft()
}

// Mail is tried for a day from its first attempt: the day that it waited for a worker before does not count. The failure
// at the end of the day is the last, and is visible.
func TestDispatchGivesUpADayAfterTheFirstAttempt(t *testing.T) {
	t.Parallel()
	for name, outage := range map[string]error{
		"certainly not accepted": &resend.Error{Status: http.StatusUnauthorized, Code: "missing_api_key", Message: "who are you"},
		"perhaps accepted":       deliverytest.ErrOutage,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Alert()
			f.Exec(`update alert_deliveries set queued_at = queued_at - interval '3 days', next_attempt_at = next_attempt_at - interval '3 days'`)
			sender := &deliverytest.Sender{Answer: deliverytest.Failing(outage)}
			must(t, run(t.Context(), f.dispatcher(sender)))
			if delivery := f.Deliveries()[f.OwnerAddress()]; delivery.Status != db.DeliveryStatusQUEUED || delivery.Attempts != 1 {
				t.Fatalf("after three days without a worker the first failure left %+v, want it queued", delivery)
			}
			f.Exec(`update alert_deliveries set first_attempt_at = first_attempt_at - interval '23 hours 49 minutes 50 seconds'`)
			f.Exec(`update mail_calls set uncertain_since = uncertain_since - interval '23 hours 49 minutes 50 seconds'`)
			f.Exec(`update alert_deliveries set attempts = 20`)
			f.Exec(`update mail_calls set attempts = 20`)
			f.MakeDue()
			must(t, run(t.Context(), f.dispatcher(sender)))
			delivery := f.Deliveries()[f.OwnerAddress()]
			if delivery.Status != db.DeliveryStatusFAILED || delivery.LastError == nil || delivery.Attempts != 21 ||
				!strings.Contains(*delivery.LastError, "gave up") || !strings.Contains(*delivery.LastError, outage.Error()) {
				t.Errorf("the delivery is %+v, want it given up with the last error", delivery)
			}
			f.nothingLeft()
		})
	}
}

// Once the provider is about to forget a key under which it may have accepted a call, no further attempt is made, since it
// could deliver everything twice. That is visible, and its delivery event tells the truth later on.
func TestNoAttemptAfterTheKeysLife(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender := &deliverytest.Sender{Answer: deliverytest.Failing(deliverytest.ErrOutage)}
	must(t, run(t.Context(), f.dispatcher(sender)))
	f.Exec(`update mail_calls set uncertain_since = uncertain_since - $1::interval`, keyLifetime)
	f.MakeDue()
	must(t, run(t.Context(), f.dispatcher(sender)))
	delivery := f.Deliveries()[f.OwnerAddress()]
	if delivery.Status != db.DeliveryStatusFAILED || delivery.LastError == nil || !strings.HasPrefix(*delivery.LastError, keyExpired) {
		t.Errorf("the delivery is %+v, want it failed for the key's sake", delivery)
	}
	if len(sender.Calls()) != 1 {
		t.Errorf("%d attempts, want 1", len(sender.Calls()))
	}
	f.nothingLeft()
	event := mail.Event{ProviderID: "late", MailID: delivery.MailID.String(), Status: "DELIVERED"}
	must(t, NoteDelivery(db.NewTenantDB(f.Pool))(t.Context(), event))
	if delivery := f.Deliveries()[f.OwnerAddress()]; delivery.Status != db.DeliveryStatusDELIVERED || *delivery.ProviderID != "late" {
		t.Errorf("the delivery is %+v, want it delivered after all", delivery)
	}
}

// A worker that dies between the provider's answer and its own note leaves a lease behind. Nobody makes the call before it
// passes; then the very same call is made under the same idempotency key, whatever waits besides.
func TestCrashBetweenSendingAndNoting(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("a@acme.test")
	sender := &deliverytest.Sender{}
	dispatcher := f.dispatcher(sender)
	call, _, err := dispatcher.begin(t.Context())
	must(t, err)
	_, err = sender.Send(t.Context(), call.key(), call.messages) // and nothing is noted
	must(t, err)
	must(t, f.Record(500, time.Time{})) // EXHAUSTED waits for the same recipients

	must(t, run(t.Context(), f.dispatcher(sender)))
	if sent := len(sender.Calls()); sent != 2 {
		t.Fatalf("%d calls, want the second to be about EXHAUSTED alone", sent)
	}
	f.MakeDue() // the lease passes
	must(t, run(t.Context(), f.dispatcher(sender)))
	calls := sender.Calls()
	if len(calls) != 3 || fmt.Sprint(calls[0]) != fmt.Sprint(calls[2]) || calls[1].Key == calls[0].Key {
		t.Fatalf("made %+v, want the first again after the crash", calls)
	}
	for _, status := range f.Statuses() {
		if status != db.DeliveryStatusSENT {
			t.Errorf("deliveries are %v, want all sent", f.Statuses())
		}
	}
	f.nothingLeft()
}

// The provider's word that it has the call already is success: making it anew would deliver everything twice.
func TestAlreadyAcceptedIsSent(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender := &deliverytest.Sender{Answer: deliverytest.Failing(&resend.Error{Status: http.StatusConflict, Code: "invalid_idempotent_request", Message: "other contents"})}
	must(t, run(t.Context(), f.dispatcher(sender)))
	if delivery := f.Deliveries()[f.OwnerAddress()]; delivery.Status != db.DeliveryStatusSENT || delivery.ProviderID != nil {
		t.Fatalf("the delivery is %+v, want it sent under an unknown id", delivery)
	}
}

// A worker that stops gives back what it was sending: due at once and not counted as an attempt, under the same key.
func TestInterruptedDispatchGivesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("a@acme.test", "b@acme.test")
	ctx, interrupt := context.WithCancel(t.Context())
	sender := &deliverytest.Sender{Answer: func(ctx context.Context, _ []mail.Message) ([]mail.Result, error) {
		interrupt()
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	if err := run(ctx, f.dispatcher(sender)); err == nil {
		t.Error("an interrupted run reports success, so that River would not put it back")
	}
	for address, delivery := range f.Deliveries() {
		if delivery.Status != db.DeliveryStatusQUEUED || delivery.Attempts != 0 || time.Until(delivery.NextAttemptAt) > 0 {
			t.Errorf("the delivery to %s is %+v, want it due and untried", address, delivery)
		}
	}
	sender.Answer = nil
	must(t, run(t.Context(), f.dispatcher(sender)))
	sender.AssertSameCall(t, 2)
}

// badFailedAlone fails the test unless the bad address's delivery failed with the provider's reason and all others are sent.
func (f *fixture) badFailedAlone() {
	f.T.Helper()
	for address, delivery := range f.Deliveries() {
		if !strings.HasPrefix(address, "bad") {
			if delivery.Status != db.DeliveryStatusSENT {
				f.T.Errorf("the delivery to %s is %+v, want it sent", address, delivery)
			}
			continue
		}
		if delivery.Status != db.DeliveryStatusFAILED || delivery.LastError == nil || !strings.Contains(*delivery.LastError, "validation_error") {
			f.T.Errorf("the refused delivery is %+v, want it failed with the provider's reason", delivery)
		}
	}
}

// nothingLeft fails the test if calls or mails are left although no delivery waits.
func (f *fixture) nothingLeft() {
	f.T.Helper()
	var calls, mails int
	must(f.T, f.Pool.QueryRow(context.Background(), `select (select count(*) from mail_calls), (select count(*) from mails)`).Scan(&calls, &mails))
	if calls != 0 || mails != 0 {
		f.T.Errorf("%d calls and %d mails are left", calls, mails)
	}
}
