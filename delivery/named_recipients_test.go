package delivery

import (
	"context"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/delivery/deliverytest"
)

// names sets whom the fixture's budgets name for their alerts.
func (f *fixture) names(recipients string) {
	f.T.Helper()
	f.Exec(`update limits set alert_recipients = $1::jsonb`, recipients)
}

// One report that crosses several thresholds is one mail to each address: the highest that it hears of, which names the lower ones and no higher one. Many reports at once tell
// nobody twice of the same alert.
func TestEachHearsOfTheHighestOfTheirs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 300, 500, 900)
	f.names(`[{"kind": "THRESHOLD", "units": 500, "emails": ["lead@acme.test"], "subject_recipients": false},
		{"kind": "THRESHOLD", "units": 900, "emails": ["finance@acme.test"], "subject_recipients": false}]`)
	must(t, f.Record(950, time.Time{}))
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	for address, want := range map[string]struct {
		subject string
		names   []string
		not     []string
	}{
		f.OwnerAddress():    {" 30 % of its monthly budget", nil, []string{"500 tokens (50 %)", "900 tokens (90 %)", "Also raised"}},
		"lead@acme.test":    {" 50 % of its monthly budget", []string{"300 tokens (30 %)"}, []string{"900 tokens (90 %)"}},
		"finance@acme.test": {" 90 % of its monthly budget", []string{"300 tokens (30 %)", "500 tokens (50 %)"}, nil},
	} {
		if sender.Received(address) != 1 {
			t.Errorf("%s got %d mails, want 1", address, sender.Received(address))
		}
		for _, message := range sender.Messages() {
			if message.To != address {
				continue
			}
			if !strings.Contains(message.Subject, want.subject) {
				t.Errorf("%s: the subject is %q", address, message.Subject)
			}
			for _, part := range want.names {
				if !strings.Contains(message.Text, part) {
					t.Errorf("%s is not told %q:\n%s", address, part, message.Text)
				}
			}
			for _, part := range want.not {
				if strings.Contains(message.Text, part) {
					t.Errorf("%s is told %q:\n%s", address, part, message.Text)
				}
			}
		}
	}
	f.AssertAllSent(3)
}

// Who was named is not mailed once the budget names them no more; who is named by then for another alert of it is; when the budget was deleted, those are mailed whom it
// had named. A removed member who is named stays one of them.
func TestNoMailToWhoIsNotNamedAnyMore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change string
		sent   bool
	}{
		"as it was":             {`select 1`, true},
		"named no more":         {`update limits set alert_recipients = '[]'`, false},
		"another is":            {`update limits set alert_recipients = '[{"kind": "THRESHOLD", "units": 500, "emails": ["other@acme.test"], "subject_recipients": false}]'`, false},
		"named for another one": {`update limits set alert_recipients = '[{"kind": "EXHAUSTED", "emails": ["LEAD@acme.test"], "subject_recipients": true}]'`, true},
		"without the budget":    {`delete from limits`, true},
		"without membership":    {`delete from members where email = 'lead@acme.test'`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Member(f.Organization.ID, "lead@acme.test", db.MemberRoleMEMBER)
			f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 500)
			f.names(`[{"kind": "THRESHOLD", "units": 500, "emails": ["Lead@acme.test"], "subject_recipients": false}]`)
			must(t, f.Record(600, time.Time{}))
			f.Exec(test.change)
			sender := &deliverytest.Sender{}
			must(t, run(context.Background(), f.dispatcher(sender)))
			delivery := f.Deliveries()["lead@acme.test"]
			if sent := sender.Received("Lead@acme.test") == 1; sent != test.sent || len(sender.Messages()) > 1 {
				t.Errorf("the delivery is %+v, of %d mails", delivery, len(sender.Messages()))
			}
			if !test.sent && (delivery.LastError == nil || !strings.Contains(*delivery.LastError, "removed from the recipients")) {
				t.Errorf("the delivery is %+v", delivery)
			}
		})
	}
}
