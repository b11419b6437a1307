package delivery

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery/deliverytest"
)

// raises is a tenant with a budget of a key, an admin and a member who may ask for a raise of it.
type raises struct {
	*fixture
	budget        uuid.UUID
	admin, member *db.Member
	sender        *deliverytest.Sender
}

func newRaises(t *testing.T) *raises {
	t.Helper()
	f := newFixture(t)
	return &raises{fixture: f, budget: f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}), admin: f.Member(f.Organization.ID, "admin@acme.test", db.MemberRoleADMIN),
		member: f.Member(f.Organization.ID, "member@acme.test", db.MemberRoleMEMBER), sender: &deliverytest.Sender{}}
}

func (r *raises) ask(member *db.Member, tokens int64, at time.Time) (request uuid.UUID) {
	r.T.Helper()
	must(r.T, r.Pool.QueryRow(r.T.Context(), `select id from request_raise($1, $2, null, $3, 'TOKENS', $4, null, $5)`,
		r.Organization.ID, r.budget, member.ID, tokens, deliverytest.Instant(at)).Scan(&request))
	return request
}

func (r *raises) decide(request uuid.UUID, grants bool) {
	r.T.Helper()
	r.Exec(`select decide_raise_request($1, $2, $3)`, r.Organization.ID, request, grants)
}

// sent returns to whom which kinds of mail went out since the last call, sorted.
func (r *raises) sent() (mails []string) {
	r.T.Helper()
	before := len(r.sender.Messages())
	must(r.T, run(r.T.Context(), r.dispatcher(r.sender)))
	for _, message := range r.sender.Messages()[before:] {
		word, _, _ := strings.Cut(strings.TrimPrefix(message.Subject, "[Bursar] "), ":")
		mails = append(mails, word+" "+message.To)
	}
	slices.Sort(mails)
	return mails
}

func (r *raises) assertSent(want ...string) {
	r.T.Helper()
	slices.Sort(want)
	if got := r.sent(); !slices.Equal(got, want) {
		r.T.Errorf("sent %q, want %q", got, want)
	}
}

// Owners and admins are mailed that a raise is asked for, whoever asked is mailed what was decided, and the recipients of the budget's alerts
// are mailed that it was raised: each once, also when it is decided again. Somebody who is owner or admin and asks is not mailed what they know.
func TestMailAboutRaises(t *testing.T) {
	t.Parallel()
	r := newRaises(t)
	r.Recipients("finance@acme.test")
	request := r.ask(r.member, 500, time.Time{})
	r.assertSent("Raise requested "+r.Owner.Email, "Raise requested "+r.admin.Email)
	r.decide(request, true)
	r.decide(request, true)
	r.assertSent("Raise granted "+r.member.Email, "Raised "+r.Owner.Email, "Raised "+r.admin.Email, "Raised finance@acme.test")
	mails := r.sender.Messages()
	if text := mails[len(mails)-1].Text; !strings.Contains(text, "0 of 1,500 tokens") || !strings.Contains(text, r.member.Email) {
		t.Errorf("the last mail does not say the amount with the raise, and who asked:\n%s", text)
	}

	r.decide(r.ask(r.admin, 5, time.Time{}), false) // decided before the mail about the request went out
	r.assertSent("Raise declined " + r.admin.Email)
	r.Exec(`select raise_budget($1, $2, null, 'TOKENS', 7, null, null)`, r.Organization.ID, r.budget)
	r.assertSent("Raised "+r.Owner.Email, "Raised "+r.admin.Email, "Raised finance@acme.test")
	r.assertSent()
}

// Who asks again is mailed about 10 minutes after the request before, unless that is not mailed yet: then it is not, any more. A key that sends no mail sends
// none about raises of its budgets; requests and decisions are between people, and mailed all the same. Who may not grant any more is not asked.
func TestMailAboutRaisesThatIsNotSent(t *testing.T) {
	t.Parallel()
	r := newRaises(t)
	r.Exec(`update api_keys set email_notifications = false`)
	r.ask(r.member, 1, time.Time{})
	r.ask(r.member, 2, time.Time{})
	r.assertSent("Raise requested "+r.Owner.Email, "Raise requested "+r.admin.Email)
	second := r.ask(r.member, 3, time.Time{})
	r.assertSent()
	var wait time.Duration
	must(t, r.Pool.QueryRow(t.Context(), `select min(next_attempt_at) - clock_timestamp() from alert_deliveries where status = 'QUEUED'`).Scan(&wait))
	if wait < 9*time.Minute || wait > 10*time.Minute {
		t.Errorf("the second request is mailed in %v, want 10 minutes after the first", wait)
	}
	r.Exec(`update members set role = 'MEMBER' where id = $1`, r.admin.ID)
	r.MakeDue()
	r.assertSent("Raise requested " + r.Owner.Email)
	r.decide(second, true)
	r.assertSent("Raise granted " + r.member.Email)

	r.decide(r.ask(r.member, 3, time.Time{}), false)
	r.Exec(`select delete_limit($1, $2, 'BUDGET')`, r.Organization.ID, r.budget)
	r.assertSent()
	var reasons []string
	must(t, r.Pool.QueryRow(t.Context(), `select array_agg(distinct last_error order by last_error) from alert_deliveries where status = 'FAILED'`).Scan(&reasons))
	if want := []string{"not sent: another request for the same budget has taken its place",
		"not sent: the address was removed from the recipients before", "not sent: the budget was deleted before"}; !slices.Equal(reasons, want) {
		t.Errorf("mails are not sent because of %q, want %q", reasons, want)
	}
}

// In a digest, what is out of date is left out, and the rest is told.
func TestRaisesInADigest(t *testing.T) {
	t.Parallel()
	r := newRaises(t)
	r.Exec(`insert into organization_quotas (organization_id, name, maximum) values ($1, 'MAILS_PER_HOUR', 1)`, r.Organization.ID)
	r.Exec(`insert into organization_mails (organization_id, hour_start, mails, last_turn_at) values ($1, clock_timestamp(), 1, clock_timestamp())`, r.Organization.ID)
	r.ask(r.member, 1, time.Time{})
	must(t, r.Record(1000, time.Time{}))
	r.ask(r.admin, 5, time.Time{})
	r.decide(r.ask(r.member, 2, time.Time{}), false)
	r.assertSent()
	r.Exec(`delete from organization_quotas`)
	r.MakeDue() // before merge_until
	r.assertSent("Exhausted "+r.Owner.Email, "Exhausted "+r.admin.Email, "Raise declined "+r.member.Email)
	for _, message := range r.sender.Messages() {
		if asked := strings.Count(message.Text, "A raise by"); message.To == r.Owner.Email && (asked != 1 || !strings.Contains(message.Text, "A raise by 5 tokens was asked for")) {
			t.Errorf("the owner's mail tells of %d requests, want of the one that is open:\n%s", asked, message.Text)
		}
	}
}
