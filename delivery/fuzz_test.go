package delivery

import (
	"errors"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/mail"
)

// Whatever Resend's event says, it is noted, or said to be about a mail that nobody knows: an event that could not be stored
// would come again and again for days.
func FuzzNoteDelivery(f *testing.F) {
	note := NoteDelivery(db.NewTenantDB(dbtest.NewTenant(f, server.New(f)).Pool))
	for i, seed := range [][3]string{{"m1", "", ""}, {"", "", ""}, {"\x00", "\x00", "\x00"}, {"\xff", "\xff", "\xff"}, {"m1", "018f0000-0000-7000-8000-000000000000", "no such mailbox"},
		{"'; drop table mails --", "{018f0000-0000-7000-8000-000000000000}", "🚀"}} {
		f.Add(seed[0], seed[1], seed[2], byte(i), i%2 == 0)
	}
	statuses := []db.DeliveryStatus{db.DeliveryStatusDELIVERED, db.DeliveryStatusBOUNCED, db.DeliveryStatusCOMPLAINED, db.DeliveryStatusFAILED}
	f.Fuzz(func(t *testing.T, providerID, mailID, reason string, status byte, suppress bool) {
		event := mail.Event{ProviderID: providerID, MailID: mailID, Reason: reason, Status: string(statuses[int(status)%len(statuses)])}
		event.Suppress = suppress && (event.Status == "BOUNCED" || event.Status == "COMPLAINED")
		if err := note(t.Context(), event); err != nil && !errors.Is(err, mail.ErrUnknownMail) {
			t.Fatalf("%+v: %v", event, err)
		}
	})
}
