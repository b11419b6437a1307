package delivery

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// tenants returns tenants in one database, the fixture's own first.
func (f *fixture) tenants(number int) []*fixture {
	all := []*fixture{f}
	for len(all) < number {
		all = append(all, &fixture{deliverytest.NewFixture(f.T, f.Pool)})
	}
	return all
}

// addresses returns a number of addresses.
func addresses(number int) []string {
	all := make([]string, number)
	for i := range all {
		all[i] = fmt.Sprintf("recipient-%03d@acme.test", i)
	}
	return all
}

// An organization with many mails that have been due for long does not keep another one's waiting: the mail of an alert that was raised
// last is in the next call, however small that is.
func TestMailOfOrganizationsGoesOutInTurn(t *testing.T) {
	t.Parallel()
	all := newFixture(t).tenants(3)
	flood, second, third := all[0], all[1], all[2]
	flood.Alert(addresses(90)...)
	flood.Exec(`update alert_deliveries set next_attempt_at = next_attempt_at - interval '1 hour'`)
	second.Alert()
	third.Alert()
	sender := &deliverytest.Sender{}
	config := flood.config(sender)
	config.MailsPerCall = 4
	must(t, run(t.Context(), dispatcherOf(t, config)))
	first := map[string]bool{}
	for _, message := range sender.Calls()[0].Messages {
		first[message.To] = true
	}
	if len(first) != 4 || !first[second.OwnerAddress()] || !first[third.OwnerAddress()] {
		t.Errorf("the first call has mail to %v, want that of the other two organizations in it, and two of the first", first)
	}
	if got := len(sender.Messages()); got != 93 {
		t.Errorf("%d mails, want 93", got)
	}
	flood.AssertAllSent(93)
}

// 1,001 administrators with three alerts are 3,003 mails that are due. The alert that another organization raises after that is in the next call,
// and of the 3,003 a thousand go out in the hour: the others wait for digests.
func TestManyAdministratorsDelayNobody(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "makes 1,001 administrators")
	f := newFixture(t)
	for _, statement := range []string{
		`insert into organization_quotas values ($1, 'ADMINISTRATORS', 1001), ($1, 'MEMBERS', 1001)`,
		`insert into members (organization_id, email, role) select $1, 'admin-' || n || '@acme.test', 'ADMIN' from generate_series(1, 1000) n`,
		`delete from organization_quotas where organization_id = $1`,
	} {
		f.Exec(statement, f.Organization.ID)
	}
	for _, period := range []db.LimitPeriod{db.LimitPeriodNONE, db.LimitPeriodWEEKLY, db.LimitPeriodMONTHLY} {
		f.Budget(period, 500, time.Time{})
	}
	must(t, f.Record(600, time.Time{}))
	neighbour := &fixture{deliverytest.NewFixture(t, f.Pool)}
	neighbour.Alert()
	sender := &deliverytest.Sender{}
	for sent := -1; sent < len(sender.Messages()); { // on a busy machine a run ends before all is sent
		sent = len(sender.Messages())
		must(t, run(t.Context(), f.dispatcher(sender)))
	}
	first := sender.Calls()[0].Messages
	if len(first) != mail.MaxBatch || !slices.ContainsFunc(first, func(m mail.Message) bool { return m.To == neighbour.OwnerAddress() }) {
		t.Errorf("the first call has %d mails, want %d and that of the other organization among them", len(first), mail.MaxBatch)
	}
	if got := len(sender.Messages()); got != 1001 {
		t.Errorf("%d mails, want 1,000 and that of the other organization", got)
	}
	var waiting int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) from alert_deliveries where status = 'QUEUED' and next_attempt_at > now() + interval '50 minutes'`).Scan(&waiting))
	if waiting != 3003-1000 {
		t.Errorf("%d wait for the next hour, want 2,003", waiting)
	}
}

// Where more organizations have mail due than a call takes, no one has a second turn before all have had their first: also those whose
// mail was raised last.
func TestNoOrganizationHasTwoTurnsInARow(t *testing.T) {
	t.Parallel()
	all := newFixture(t).tenants(7)
	for _, f := range all {
		f.Alert(f.Organization.Slug+"-1@acme.test", f.Organization.Slug+"-2@acme.test")
	}
	sender := &deliverytest.Sender{}
	config := all[0].config(sender)
	config.MailsPerCall = 2
	must(t, run(t.Context(), dispatcherOf(t, config)))
	turns := map[string]int{}
	for i, message := range sender.Messages() {
		of, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(message.To, "owner@"), "acme-"), ".test")
		of, _, _ = strings.Cut(of, "-")
		if turns[of]++; turns[of] != 1+i/len(all) {
			t.Errorf("mail %d is number %d of %s", i, turns[of], of)
		}
	}
	if len(turns) != len(all) || len(sender.Messages()) != 3*len(all) {
		t.Errorf("%d mails of %d organizations", len(sender.Messages()), len(turns))
	}
}

// pass is the passing of an hour.
func (f *fixture) pass() {
	f.T.Helper()
	f.Exec(`update alert_deliveries set next_attempt_at = next_attempt_at - interval '1 hour' where status = 'QUEUED'`)
	f.Exec(`update organization_mails set hour_start = hour_start - interval '1 hour', merge_until = merge_until - interval '1 hour'`)
}

// An organization has no more mails in an hour than its quota. What is raised beyond it waits, says why, and goes out in the next hour as
// one mail for each address, which tells of all; nothing is lost, and other organizations notice nothing.
func TestMailsBeyondTheQuotaAreMerged(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	neighbour := &fixture{deliverytest.NewFixture(t, f.Pool)}
	must(t, db.New().SetQuotas(t.Context(), f.Pool, &db.SetQuotasParams{
		OrganizationID: f.Organization.ID, Names: []string{string(db.QuotaNameMAILSPERHOUR)}, Maxima: []int32{4}}))
	f.Recipients(addresses(5)...) // and the owner
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 500)
	f.Budget(db.LimitPeriodWEEKLY, 2000, time.Time{}, 500)
	f.Budget(db.LimitPeriodNONE, 500, time.Time{})
	must(t, f.Record(600, time.Time{})) // 3 alerts to 6 addresses
	sender := &deliverytest.Sender{}
	dispatcher := f.dispatcher(sender)
	must(t, run(t.Context(), dispatcher))
	if got := len(sender.Messages()); got != 4 {
		t.Fatalf("%d mails in the first hour, want 4", got)
	}
	var waiting, explained int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*), count(*) filter (where last_error like 'delayed: the organization has had its 4 mails of this hour%'
			and next_attempt_at between now() + interval '59 minutes' and now() + interval '1 hour')
		from alert_deliveries where status = 'QUEUED'`).Scan(&waiting, &explained))
	if waiting != 14 || explained != 14 {
		t.Errorf("%d deliveries wait, %d of them say why; want 14", waiting, explained)
	}
	neighbour.Alert()
	must(t, run(t.Context(), dispatcher))
	if got := len(sender.Messages()); got != 5 || sender.Received(neighbour.OwnerAddress()) != 1 {
		t.Errorf("%d mails, want the other organization's and no more", got)
	}

	for hour, want := range []int{9, 10} { // 5 addresses have a mail to come, 4 in an hour
		f.pass()
		must(t, run(t.Context(), dispatcher))
		if got := len(sender.Messages()); got != want {
			t.Fatalf("%d mails after hour %d, want %d", got, hour+2, want)
		}
	}
	f.AssertAllSent(19)
	digests := 0
	for _, message := range sender.Messages()[5:] {
		if strings.HasSuffix(message.Subject, ", and 2 more") || strings.HasSuffix(message.Subject, ", and 1 more") {
			digests++
		}
		for _, part := range []string{message.Text, message.HTML} {
			if !strings.Contains(part, digestSign) || !strings.Contains(part, "Also raised") || !strings.Contains(part, "weekly budget: 500 tokens (25 %)") {
				t.Errorf("a digest does not say that it is one, or of what:\n%s", part)
			}
		}
	}
	if digests != 5 {
		t.Errorf("%d of the 5 later mails are digests of several budgets", digests)
	}
	f.pass()
	must(t, f.Record(1500, time.Time{})) // 2 alerts
	before := len(sender.Messages())
	must(t, run(t.Context(), dispatcher))
	for _, message := range sender.Messages()[before:] {
		if strings.Contains(message.Text, digestSign) {
			t.Errorf("a mail within the quota is a digest:\n%s", message.Text)
		}
	}
}

// digestSign is what a digest says.
const digestSign = "This mail also tells of other budgets"

// Mails that the provider has certainly not taken do not count against the quota: an outage delays no mail to the next hour.
func TestMailsThatWereNotTakenDoNotCount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	must(t, db.New().SetQuotas(t.Context(), f.Pool, &db.SetQuotasParams{
		OrganizationID: f.Organization.ID, Names: []string{string(db.QuotaNameMAILSPERHOUR)}, Maxima: []int32{3}}))
	f.Alert(addresses(2)...)
	sender := &deliverytest.Sender{Answer: deliverytest.Failing(notTaken{})}
	dispatcher := f.dispatcher(sender)
	for range 3 {
		must(t, run(t.Context(), dispatcher))
		f.MakeDue()
	}
	sender.SetAnswer(nil)
	must(t, run(t.Context(), dispatcher))
	f.AssertAllSent(3)
	if got := len(sender.Calls()); got != 4 {
		t.Errorf("%d calls, want 4", got)
	}
}

// notTaken is a failure of a call that the provider has certainly not taken.
type notTaken struct{}

func (notTaken) Error() string                     { return "not taken" }
func (notTaken) Permanent() bool                   { return false }
func (notTaken) Accepted() bool                    { return false }
func (notTaken) AlreadyAccepted() bool             { return false }
func (notTaken) Limited() bool                     { return false }
func (notTaken) QuotaUsedUp() bool                 { return false }
func (notTaken) RetryAfter() (time.Duration, bool) { return 0, false }
