package worker

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/mail"
)

// However many dispatchers race, each recipient gets each mail once.
func TestDispatchSendsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const recipients = 45 // more than two claims
	var added []string
	for i := range recipients - 1 {
		added = append(added, fmt.Sprintf("Person-%d@acme.test", i))
	}
	f.alert(added...)
	sender := &fakeSender{}
	failures := make(chan error)
	for range 3 {
		go func() { failures <- work(t.Context(), f.dispatcher(sender)) }()
	}
	for range 3 {
		must(t, <-failures)
	}

	received := map[string]int{}
	for _, message := range sender.messages() {
		received[message.To]++
	}
	if len(received) != recipients || len(sender.messages()) != recipients {
		t.Errorf("%d mails to %d addresses, want %d to as many", len(sender.messages()), len(received), recipients)
	}
	for address, delivery := range f.deliveries() {
		if delivery.Status != db.DeliveryStatusSENT || delivery.SentAt == nil || delivery.ProviderID == nil || delivery.Attempts != 1 {
			t.Errorf("the delivery to %s is %+v, want sent at the first attempt", address, delivery)
		}
	}
}

// A refused address fails alone, for good, and keeps the provider's reason; the others get their mail in the same run.
func TestPermanentFailureIsAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert("bad@acme.test", "good@acme.test")
	refusal := &mail.Error{Status: http.StatusUnprocessableEntity, Code: "validation_error", Message: "bad \x00 address \xff"}
	sender := &fakeSender{answer: func(_ context.Context, message mail.Message) error {
		if strings.HasPrefix(message.To, "bad") {
			return refusal
		}
		return nil
	}}
	must(t, work(t.Context(), f.dispatcher(sender)))
	deliveries := f.deliveries()
	bad := deliveries["bad@acme.test"]
	if bad.Status != db.DeliveryStatusFAILED || bad.LastError == nil || !strings.Contains(*bad.LastError, "validation_error") {
		t.Errorf("the refused delivery is %+v, want it failed with the provider's reason", bad)
	}
	for _, address := range []string{"good@acme.test", f.owner()} {
		if status := deliveries[address].Status; status != db.DeliveryStatusSENT {
			t.Errorf("the delivery to %s is %s, want it sent", address, status)
		}
	}
	f.makeDue()
	must(t, work(t.Context(), f.dispatcher(sender)))
	if sent := len(sender.messages()); sent != 3 {
		t.Errorf("%d attempts in all, want 3: nothing is tried again", sent)
	}
}

// A temporary error delays its mail and is tried again later, under the same idempotency key, until it goes.
func TestTemporaryFailureIsRetried(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	sender := &fakeSender{answer: func(context.Context, mail.Message) error { return errOutage }}
	dispatcher := f.dispatcher(sender)
	must(t, work(t.Context(), dispatcher))
	delivery := f.deliveries()[f.owner()]
	wait := time.Until(delivery.NextAttemptAt)
	if delivery.Status != db.DeliveryStatusQUEUED || delivery.LastError == nil || delivery.Attempts != 1 {
		t.Errorf("after the error the delivery is %+v, want it queued with the error", delivery)
	}
	if wait < minBackoff-patience/2 || wait > minBackoff*3/2 {
		t.Errorf("the next attempt is in %s, want 30 to 45 s", wait)
	}
	must(t, work(t.Context(), dispatcher))
	if sent := len(sender.messages()); sent != 1 {
		t.Fatalf("%d attempts before the delay is over, want 1", sent)
	}

	f.makeDue()
	sender.answer = nil
	must(t, work(t.Context(), dispatcher))
	delivery = f.deliveries()[f.owner()]
	if delivery.Status != db.DeliveryStatusSENT || delivery.LastError != nil || delivery.Attempts != 2 {
		t.Errorf("after the outage the delivery is %+v, want it sent without an error", delivery)
	}
	assertOneKey(t, sender, 2)
}

// A mail that still fails a day after its alert is given up, with the reason: the provider no longer knows whether it
// accepted it before.
func TestDispatchGivesUpAfterADay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	f.query(`update alert_deliveries set queued_at = queued_at - interval '24 hours', attempts = 20`)
	sender := &fakeSender{answer: func(context.Context, mail.Message) error { return errOutage }}
	must(t, work(t.Context(), f.dispatcher(sender)))
	delivery := f.deliveries()[f.owner()]
	if delivery.Status != db.DeliveryStatusFAILED || delivery.LastError == nil ||
		!strings.Contains(*delivery.LastError, "gave up") || !strings.Contains(*delivery.LastError, errOutage.Error()) {
		t.Fatalf("the delivery is %+v, want it given up with the last error", delivery)
	}
}

// A worker that dies between the provider's answer and its own note leaves a lease behind. Nobody touches the mail before
// it passes; then it is sent under the same idempotency key, so that the recipient has one mail.
func TestCrashBetweenSendingAndNoting(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	dying := &fakeSender{}
	claimed, err := db.New().ClaimDeliveries(t.Context(), f.Pool, &db.ClaimDeliveriesParams{Lease: deliveryLease, Number: 10})
	must(t, err)
	dispatcher := f.dispatcher(dying)
	subjects, err := dispatcher.subjects(t.Context(), claimed)
	must(t, err)
	_, err = dispatcher.send(t.Context(), claimed[0], subjects[claimed[0].AlertID]) // and nothing is noted
	must(t, err)

	next := &fakeSender{}
	must(t, work(t.Context(), f.dispatcher(next)))
	if sent := len(next.messages()); sent != 0 {
		t.Fatalf("%d mails were sent within the lease, want none", sent)
	}
	f.makeDue() // the lease passes
	must(t, work(t.Context(), f.dispatcher(next)))
	if len(next.messages()) != 1 || next.messages()[0].IdempotencyKey != dying.messages()[0].IdempotencyKey {
		t.Fatalf("sent %+v after the crash, want one mail with the key %q", next.messages(), dying.messages()[0].IdempotencyKey)
	}
	if delivery := f.deliveries()[f.owner()]; delivery.Status != db.DeliveryStatusSENT || delivery.Attempts != 2 {
		t.Errorf("the delivery is %+v, want it sent", delivery)
	}
}

// The provider's word that it has the mail already is success: sending it anew would deliver it twice.
func TestAlreadyAcceptedIsSent(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	sender := &fakeSender{answer: func(context.Context, mail.Message) error {
		return &mail.Error{Status: http.StatusConflict, Code: "invalid_idempotent_request", Message: "other contents"}
	}}
	must(t, work(t.Context(), f.dispatcher(sender)))
	if delivery := f.deliveries()[f.owner()]; delivery.Status != db.DeliveryStatusSENT || delivery.ProviderID != nil {
		t.Fatalf("the delivery is %+v, want it sent under an unknown id", delivery)
	}
}

// A worker that stops gives back what it was sending and what it had not begun: due at once and not counted as attempts.
func TestInterruptedDispatchGivesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert("a@acme.test", "b@acme.test", "c@acme.test", "d@acme.test", "e@acme.test")
	ctx, interrupt := context.WithCancel(t.Context())
	sender := &fakeSender{answer: func(ctx context.Context, _ mail.Message) error {
		interrupt()
		<-ctx.Done()
		return ctx.Err()
	}}
	if err := work(ctx, f.dispatcher(sender)); err == nil {
		t.Error("an interrupted run reports success, so that River would not put it back")
	}
	for address, delivery := range f.deliveries() {
		if delivery.Status != db.DeliveryStatusQUEUED || delivery.Attempts != 0 || time.Until(delivery.NextAttemptAt) > 0 {
			t.Errorf("the delivery to %s is %+v, want it due and untried", address, delivery)
		}
	}
}

// A slow limit holds mail back without losing it or counting attempts: what does not come to its turn in a run is due again.
func TestMailsPerSecond(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert("a@acme.test", "b@acme.test")
	sender := &fakeSender{}
	config := f.config(sender)
	config.MailsPerSecond = 0.001
	dispatcher := dispatcherOf(t, config)
	must(t, work(t.Context(), dispatcher))
	if sent := len(sender.messages()); sent != 1 {
		t.Fatalf("%d mails at once, want 1", sent)
	}
	queued := 0
	for _, delivery := range f.deliveries() {
		if delivery.Status == db.DeliveryStatusQUEUED && delivery.Attempts == 0 && time.Until(delivery.NextAttemptAt) <= 0 {
			queued++
		}
	}
	if queued != 2 {
		t.Errorf("%d deliveries are due and untried, want 2: %+v", queued, f.deliveries())
	}
}

func assertOneKey(t *testing.T, sender *fakeSender, attempts int) {
	t.Helper()
	keys := map[string]bool{}
	for _, message := range sender.messages() {
		keys[message.IdempotencyKey] = true
	}
	if len(sender.messages()) != attempts || len(keys) != 1 {
		t.Errorf("%d attempts under the keys %v, want %d under one", len(sender.messages()), keys, attempts)
	}
}
