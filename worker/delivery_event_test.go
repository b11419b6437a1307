package worker

import (
	"context"
	"errors"
	"testing"

	"bursar/db"
	"bursar/mail"
)

// A delivery moves on with the provider's events and never back; the same event again changes nothing; one about a mail
// that nobody knows says so.
func TestDeliveryEventsMoveOn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	f.query(`update alert_deliveries set status = 'SENT', provider_id = 'm1'`)
	note := NoteDelivery(f.Pool)
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
		if got := f.deliveries()[f.owner()]; got.Status != step.want {
			t.Fatalf("after %s: %s, want %s", step.event, got.Status, step.want)
		}
	}
	if err := note(context.Background(), mail.Event{ProviderID: "m2", Status: "DELIVERED"}); !errors.Is(err, mail.ErrUnknownMail) {
		t.Fatalf("an unknown mail: %v", err)
	}
}
