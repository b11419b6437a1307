package delivery

import (
	"context"
	"errors"
	"testing"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// An event that comes before our own note of the sending is not lost, and the note does not take it back: the mail is known by
// its own id. One that bounced for good suppresses its address then, too.
func TestDeliveryEventBeforeTheNote(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("gone@acme.test")
	note := NoteDelivery(db.NewTenantDB(f.Pool))
	sender := &deliverytest.Sender{Answer: func(ctx context.Context, messages []mail.Message) ([]mail.Result, error) {
		results := make([]mail.Result, len(messages))
		for i, message := range messages {
			results[i].ProviderID = "p-" + message.To
			event := mail.Event{ProviderID: results[i].ProviderID, MailID: message.Tags["mail_id"], Status: "DELIVERED"}
			if message.To == "gone@acme.test" {
				event.Status, event.Reason, event.Suppress = "BOUNCED", "no such mailbox", true
			}
			for range 2 {
				must(t, note(ctx, event))
			}
		}
		return results, nil
	}}
	must(t, run(t.Context(), f.dispatcher(sender)))
	for address, want := range map[string]db.DeliveryStatus{f.OwnerAddress(): db.DeliveryStatusDELIVERED, "gone@acme.test": db.DeliveryStatusBOUNCED} {
		got := f.Deliveries()[address]
		if got.Status != want || got.ProviderID == nil || *got.ProviderID != "p-"+address || got.SentAt == nil {
			t.Errorf("the delivery to %s is %+v, want %s", address, got, want)
		}
	}
	f.nothingLeft()
	suppressed, err := db.New().ListSuppressedAddresses(t.Context(), f.Pool, f.Organization.ID)
	if err != nil || len(suppressed) != 1 || suppressed[0].Address != "gone@acme.test" {
		t.Errorf("suppressed are %+v, error %v, want the address that bounced", suppressed, err)
	}
	must(t, note(t.Context(), mail.Event{ProviderID: "p-" + f.OwnerAddress(), Status: "BOUNCED", Reason: "late"}))
	if got := f.Deliveries()[f.OwnerAddress()].Status; got != db.DeliveryStatusBOUNCED {
		t.Errorf("after a late bounce the delivery is %s", got)
	}
}

// A delivery moves on with the provider's events and never back; the same event again changes nothing; one about a mail
// that nobody knows says so.
func TestDeliveryEventsMoveOn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	f.Exec(`update alert_deliveries set status = 'SENT', provider_id = 'm1'`)
	note := NoteDelivery(db.NewTenantDB(f.Pool))
	for _, step := range []struct {
		event string
		want  db.DeliveryStatus
	}{
		{"DELIVERED", db.DeliveryStatusDELIVERED},
		{"DELIVERED", db.DeliveryStatusDELIVERED},
		{"FAILED", db.DeliveryStatusDELIVERED}, // late: it came before
		{"BOUNCED", db.DeliveryStatusBOUNCED},
		{"DELIVERED", db.DeliveryStatusBOUNCED},
		{"COMPLAINED", db.DeliveryStatusCOMPLAINED},
		{"BOUNCED", db.DeliveryStatusCOMPLAINED},
	} {
		must(t, note(context.Background(), mail.Event{ProviderID: "m1", Status: step.event, Reason: "because " + step.event}))
		if got := f.Deliveries()[f.OwnerAddress()]; got.Status != step.want {
			t.Fatalf("after %s: %s, want %s", step.event, got.Status, step.want)
		}
	}
	if err := note(context.Background(), mail.Event{ProviderID: "m2", Status: "DELIVERED"}); !errors.Is(err, mail.ErrUnknownMail) {
		t.Fatalf("an unknown mail: %v", err)
	}
}
