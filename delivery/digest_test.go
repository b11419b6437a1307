package delivery

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// Alerts of one budget that wait together go out as one mail to each recipient: it is about the highest and names the
// others, also those that were raised with another one and have no mail of their own. Other budgets' alerts go alone.
func TestAlertsThatWaitTogetherAreOneMail(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Recipients("added@acme.test")
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 300, 500, 800)
	f.Budget(db.LimitPeriodWEEKLY, 5000, time.Time{}, 900)
	must(t, f.Record(550, time.Time{})) // 300 and 500: one delivery each
	must(t, f.Record(300, time.Time{})) // 800
	must(t, f.Record(100, time.Time{})) // the weekly one's 900
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	if len(sender.Messages()) != 4 {
		t.Fatalf("%d mails, want two to each of two recipients", len(sender.Messages()))
	}
	for _, message := range sender.Messages() {
		if strings.Contains(message.Subject, "weekly") {
			if strings.Contains(message.Text, "Also raised") {
				t.Errorf("the other budget's mail tells of more:\n%s", message.Text)
			}
			continue
		}
		if !strings.Contains(message.Subject, "80 % of its monthly budget") {
			t.Errorf("the subject is %q, want the highest", message.Subject)
		}
		for _, part := range []string{message.Text, message.HTML} {
			if !strings.Contains(part, "500 tokens (50 %)") || !strings.Contains(part, "300 tokens (30 %)") {
				t.Errorf("the mail does not name the lower ones:\n%s", part)
			}
		}
	}
	f.AssertAllSent(6)
}

// What the mail is about is what matters now: a raised amount outweighs the exhaustion of the lower one, and the new period
// the old one.
func TestWhatAMailIsAbout(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	threshold := func(units int64) *int64 { return &units }
	alert := func(minute int, period int32, amount int64, threshold *int64) db.Alert {
		kind := db.AlertKindTHRESHOLD
		if threshold == nil {
			kind = db.AlertKindEXHAUSTED
		}
		return db.Alert{ID: uuid.New(), Kind: kind, PeriodNumber: period, MaxUnits: amount, ThresholdUnits: threshold,
			RaisedAt: at.Add(time.Duration(minute) * time.Minute)}
	}
	exhausted, half := alert(1, 1, 100, nil), alert(0, 1, 100, threshold(50))
	refused := alert(1, 1, 100, nil)
	refused.Kind = db.AlertKindREFUSED
	for name, c := range map[string]struct {
		want, other db.Alert
		purpose     db.DeliveryPurpose // of want
	}{
		"exhausted, by whatever order": {exhausted, half, db.DeliveryPurposeALERT},
		"exhausted before it":          {alert(0, 1, 100, nil), alert(1, 1, 100, threshold(90)), db.DeliveryPurposeALERT},
		"exhausted, not refused":       {alert(0, 1, 100, nil), refused, db.DeliveryPurposeALERT},
		"refused before a threshold":   {refused, alert(2, 1, 100, threshold(90)), db.DeliveryPurposeALERT},
		"the higher threshold":         {alert(0, 1, 100, threshold(80)), half, db.DeliveryPurposeALERT},
		"the raised amount":            {alert(2, 1, 200, threshold(120)), exhausted, db.DeliveryPurposeALERT},
		"the new period":               {alert(2, 2, 100, threshold(10)), exhausted, db.DeliveryPurposeALERT},
		"the reset":                    {exhausted, alert(0, 1, 100, threshold(90)), db.DeliveryPurposeRESET},
	} {
		for _, order := range [][]db.Alert{{c.want, c.other}, {c.other, c.want}} {
			g := &digest{alerts: map[uuid.UUID]*alertDetails{}}
			for _, a := range order {
				delivery := &db.AlertDelivery{AlertID: a.ID, Purpose: db.DeliveryPurposeALERT}
				if a.ID == c.want.ID {
					delivery.Purpose = c.purpose
				}
				g.deliveries = append(g.deliveries, delivery)
				g.alerts[a.ID] = &alertDetails{ListAlertSubjectsRow: &db.ListAlertSubjectsRow{Alert: a}}
			}
			g.sort()
			if g.lead().AlertID != c.want.ID {
				t.Errorf("%s: the mail is about %+v", name, g.alerts[g.lead().AlertID].Alert)
			}
		}
	}
}

// An address that bounced for good or complained is not written to again in its organization, and the delivery says so,
// until somebody adds it as a recipient again; a repeated event does not take that back.
func TestSuppression(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"BOUNCED", "COMPLAINED"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Alert("Gone@acme.test")
			sender := &deliverytest.Sender{}
			must(t, run(t.Context(), f.dispatcher(sender)))
			event := mail.Event{ProviderID: *f.Deliveries()["gone@acme.test"].ProviderID, Status: status, Reason: "no such mailbox", Suppress: true}
			must(t, NoteDelivery(db.NewTenantDB(f.Pool))(t.Context(), event))

			must(t, f.Record(400, time.Time{})) // EXHAUSTED
			must(t, run(t.Context(), f.dispatcher(sender)))
			var refusal string
			must(t, f.Pool.QueryRow(t.Context(), `select last_error from alert_deliveries where address = 'gone@acme.test' and status = 'FAILED'`).Scan(&refusal))
			if want := "suppressed: " + strings.ToLower(status) + " on " + time.Now().UTC().Format(time.DateOnly) + ": no such mailbox"; !strings.HasPrefix(refusal, want) {
				t.Errorf("the delivery says %q, want %q", refusal, want)
			}
			if got := sender.Received("Gone@acme.test"); got != 1 {
				t.Errorf("%d mails to the address, want the first alone", got)
			}
			if got := sender.Received(f.OwnerAddress()); got != 2 {
				t.Errorf("%d mails to the owner, want 2", got)
			}

			f.Recipients("gone@ACME.test") // it is there already
			must(t, NoteDelivery(db.NewTenantDB(f.Pool))(t.Context(), event))
			f.Budget(db.LimitPeriodWEEKLY, 1000, time.Time{}, 1)
			must(t, f.Record(1, time.Time{}))
			must(t, run(t.Context(), f.dispatcher(sender)))
			if got := sender.Received("Gone@acme.test"); got != 2 {
				t.Errorf("%d mails after it was added again, want 2", got)
			}
		})
	}
}

// A bounce that says nothing against the next mail suppresses nothing.
func TestTransientBounceSuppressesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	must(t, NoteDelivery(db.NewTenantDB(f.Pool))(t.Context(), mail.Event{ProviderID: *f.Deliveries()[f.OwnerAddress()].ProviderID, Status: "BOUNCED"}))
	if delivery := f.Deliveries()[f.OwnerAddress()]; delivery.Status != db.DeliveryStatusBOUNCED {
		t.Errorf("the delivery is %s", delivery.Status)
	}
	must(t, f.Record(400, time.Time{}))
	must(t, run(t.Context(), f.dispatcher(sender)))
	if got := sender.Received(f.OwnerAddress()); got != 2 {
		t.Errorf("%d mails, want 2", got)
	}
}
