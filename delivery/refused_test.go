package delivery

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery/deliverytest"
)

// reserve asks for tokens on the fixture's key and returns whether they are held.
func (f *fixture) reserve(tokens int64) bool {
	f.T.Helper()
	answers, err := db.New().ReserveUsage(context.Background(), f.Pool, &db.ReserveUsageParams{
		AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{f.Organization.ID}, SecretHashes: [][]byte{{}},
		APIKeyIDs: []uuid.UUID{f.Key.ID}, ScopeIndexes: []int32{1}, RequestIDs: []string{""}, Fingerprints: [][]byte{{}},
		Requests: []int64{1}, Tokens: []int64{tokens}, CostNanos: []int64{0}, TTLSeconds: []int32{600},
	})
	must(f.T, err)
	return answers[0].Allowed
}

// A refusal by a budget that is not used up is mailed as that, with what was asked for, used, held and left; it does not say that
// the budget is exhausted. When the budget is used up later, that is mailed, too.
func TestRefusalIsMailedAndSoIsExhaustionAfterIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{})
	if !f.reserve(600) || f.reserve(601) {
		t.Fatal("the first request is refused, or the second admitted")
	}
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	mails := sender.Messages()
	if len(mails) != 1 || !strings.HasPrefix(mails[0].Subject, "[Bursar] Refused: key ") {
		t.Fatalf("sent %+v, want one mail about the refusal", mails)
	}
	for _, want := range []string{
		"It asked for 601 tokens. Of 1,000 tokens: 0 tokens used, 600 tokens held by requests in flight, 400 tokens left.",
		"Smaller requests may pass, for 400 tokens at most, and so may later ones",
	} {
		if !strings.Contains(mails[0].Text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, mails[0].Text)
		}
	}
	must(t, f.Record(1000, time.Time{}))
	must(t, run(t.Context(), f.dispatcher(sender)))
	if mails = sender.Messages(); len(mails) != 2 || !strings.HasPrefix(mails[1].Subject, "[Bursar] Exhausted: key ") {
		t.Errorf("sent %+v, want a second mail, about the exhaustion", mails)
	}
}

// Together with an exhaustion that waits, a refusal is a line of its mail; with a threshold that waits, the mail is about the refusal.
func TestRefusalThatWaitsWithOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 300)
	f.reserve(600)
	f.reserve(601)
	must(t, f.Record(300, time.Time{}))
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	mails := sender.Messages()
	if len(mails) != 1 || !strings.HasPrefix(mails[0].Subject, "[Bursar] Refused: ") || !strings.Contains(mails[0].Text, "300 tokens (30 %)") {
		t.Errorf("sent %+v, want one mail about the refusal that names the threshold", mails)
	}

	other := newFixture(t)
	other.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{})
	other.reserve(600)
	other.reserve(601)
	must(t, other.Record(1000, time.Time{}))
	sender = &deliverytest.Sender{}
	must(t, run(t.Context(), other.dispatcher(sender)))
	mails = sender.Messages()
	if len(mails) != 1 || !strings.HasPrefix(mails[0].Subject, "[Bursar] Exhausted: ") ||
		!strings.Contains(mails[0].Text, "A request for 601 tokens was refused") {
		t.Errorf("sent %+v, want one mail about the exhaustion that names the refusal", mails)
	}
}
