package delivery

import (
	"errors"
	"testing"

	"bursar/db"
	"bursar/mail"
)

// Guarantee: an event is noted in the database that decides for the mail's organization, wherever that is. It is refused, so that the provider sends it again, while the
// organization is being moved, and where no database knows it and one is silent.
func TestDeliveryEventsOfCells(t *testing.T) {
	t.Parallel()
	first, second := newFixture(t), newFixture(t)
	second.Alert()
	second.Exec(`update alert_deliveries set status = 'SENT', provider_id = 'm1'`)
	home, cell := db.NewTenantDB(first.Pool), db.NewTenantDB(second.Pool)
	event := mail.Event{ProviderID: "m1", Status: "DELIVERED"}
	if err := NoteDelivery(home)(t.Context(), event); !errors.Is(err, mail.ErrUnknownMail) {
		t.Errorf("without the cell: %v", err)
	}
	second.Exec(`select set_residence(id, 'LEAVING') from organizations`)
	if err := NoteDelivery(home, cell)(t.Context(), event); err == nil || errors.Is(err, mail.ErrUnknownMail) {
		t.Errorf("while it is moved: %v", err)
	}
	second.Exec(`select set_residence(id, 'HERE') from organizations`)
	must(t, NoteDelivery(home, cell)(t.Context(), event))
	if got := second.Deliveries()[second.OwnerAddress()].Status; got != db.DeliveryStatusDELIVERED {
		t.Errorf("the delivery is %s", got)
	}
	second.Exec(`select set_residence(id, 'LEAVING'), set_residence(id, 'LEFT') from organizations`)
	if err := NoteDelivery(home, cell)(t.Context(), event); !errors.Is(err, mail.ErrUnknownMail) {
		t.Errorf("after it has left: %v", err)
	}
	second.Pool.Close()
	if err := NoteDelivery(home, cell)(t.Context(), event); err == nil || errors.Is(err, mail.ErrUnknownMail) {
		t.Errorf("with a silent database: %v", err)
	}
}
