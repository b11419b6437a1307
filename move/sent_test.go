package move

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/delivery"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// mail has the workers of a cell send what is due there.
func (f *fixture) mail(pool *pgxpool.Pool, sender mail.Sender) {
	f.T.Helper()
	dispatcher, err := delivery.New(delivery.Config{Pool: pool, Sender: sender, From: "Bursar <bursar@acme.test>", Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = dispatcher.Run(context.Background(), nil)
	}
	if err != nil {
		f.T.Error(err)
	}
}

// statuses returns the statuses of the deliveries in a cell.
func (f *fixture) statuses(pool *pgxpool.Pool) string {
	f.T.Helper()
	return value[string](f.T, pool, `select string_agg(d.status::text, ' ' order by d.address) from alert_deliveries d where d.organization_id = $1`, f.Organization.ID)
}

// alerting returns a fixture with an alert that is to be mailed to its owner and another.
func alerting(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	(&deliverytest.Fixture{Tenant: f.Tenant}).Alert("other@x.test")
	return f
}

// Guarantee: mail that waits when its organization moves is sent once, by the workers of the cell where it is then.
func TestWaitingMailIsSentOnce(t *testing.T) {
	t.Parallel()
	f, sender := alerting(t), &deliverytest.Sender{}
	f.move("eu")
	f.mail(f.Pool, sender)
	equal(t, "mails of the cell that it left", len(sender.Messages()), 0)
	f.mail(f.eu, sender)
	for _, address := range []string{f.Owner.Email, "other@x.test"} {
		equal(t, "mails to "+address, sender.Received(address), 1)
	}
	equal(t, "what became of them", f.statuses(f.eu), "SENT SENT")
}

// Guarantee: mail that is being sent when its organization moves is sent once, by the worker that began it, and the cell where the organization is then knows what became of it. Mail
// of which it is certain that it was not accepted is sent from there.
func TestMailUnderWayIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer error
		before int // calls of the source that were accepted
	}{"accepted": {nil, 1}, "refused for now": {limited{}, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, sender := alerting(t), &deliverytest.Sender{}
			calling, answer := make(chan struct{}), make(chan struct{})
			sender.SetAnswer(func(context.Context, []mail.Message) ([]mail.Result, error) {
				close(calling)
				<-answer
				return nil, c.answer
			})
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				f.mail(f.Pool, sender)
			}()
			<-calling
			m := f.begin("eu")
			m.after = func(s step) error {
				if s == stepCountedAt {
					equal(t, "what is known of them", f.statuses(f.eu), "QUEUED QUEUED")
					close(answer)
				}
				return nil
			}
			if err := m.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-sent
			sender.SetAnswer(nil)
			exec(t, f.eu, `update alert_deliveries set next_attempt_at = clock_timestamp() where status = 'QUEUED'`)
			f.mail(f.eu, sender)
			f.mail(f.Pool, sender)
			equal(t, "calls", len(sender.Calls()), 2-c.before)
			equal(t, "what became of them", f.statuses(f.eu), "SENT SENT")
		})
	}
}

// limited is a refusal because there were too many calls.
type limited struct{}

func (limited) Error() string                     { return "too many calls" }
func (limited) Permanent() bool                   { return false }
func (limited) Accepted() bool                    { return false }
func (limited) AlreadyAccepted() bool             { return false }
func (limited) Limited() bool                     { return true }
func (limited) QuotaUsedUp() bool                 { return false }
func (limited) RetryAfter() (time.Duration, bool) { return 0, false }

// Guarantee: the next move waits for mail that is under way: until its outcome is told, the move has not ended. A purge does not delete it.
func TestMoveIsPendingWhileMailIsUnderWay(t *testing.T) {
	t.Parallel()
	f := alerting(t)
	f.move("eu")
	var mailID uuid.UUID
	m := f.begin("home")
	m.after = func(s step) error {
		if s == stepBegun { // a worker of eu has begun, and hangs
			mailID = value[uuid.UUID](t, f.eu, `with c as (insert into mail_calls (next_attempt_at) values (now() + interval '1 hour') returning id)
				insert into mails (organization_id, call_id, position, message) select $1, c.id, 1, '{}' from c returning id`, f.Organization.ID)
			exec(t, f.eu, `update alert_deliveries set mail_id = $1`, mailID)
		}
		return nil
	}
	m.patience = 1
	err := m.Run(t.Context())
	if pending, is := errors.AsType[*PendingError](err); !is || pending.Deliveries != 2 {
		t.Fatalf("the move ended with %v", err)
	}
	equal(t, "who decides", f.residences(), "HERE LEFT")
	if _, err := f.cells.Begin(t.Context(), f.Organization.Slug, "eu"); err == nil {
		t.Error("it moves on")
	}
	exec(t, f.eu, `update alert_deliveries set status = 'SENT'`)
	exec(t, f.eu, `delete from mail_calls`)
	f.move("home")
	equal(t, "what became of them", f.statuses(f.Pool), "SENT SENT")
	f.move("eu")
}

func (f *fixture) claim(pool *pgxpool.Pool) []*db.WebhookDelivery {
	f.T.Helper()
	claimed, err := db.New().ClaimWebhookDeliveries(context.Background(), pool, &db.ClaimWebhookDeliveriesParams{Number: 10, PerOrganization: 10, Lease: testLease})
	if err != nil {
		f.T.Fatal(err)
	}
	return claimed
}

// Guarantee: what webhooks are to be told is sent once: what was claimed before the move by the worker that has it, whose outcome is known afterwards
// where the organization is, and all else from there.
func TestWebhooksAreToldOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, name := range []string{"claimed", "waiting"} {
		exec(t, f.Pool, `insert into webhooks (organization_id, name, url, format, events, secret)
			select $1, $2, 'https://example.com/', (enum_range(null::webhook_format))[1], '{EXHAUSTED}', sha256('x')`, f.Organization.ID, name)
		exec(t, f.Pool, `select test_webhook($1, id) from webhooks where name = $2`, f.Organization.ID, name)
		if name == "claimed" {
			equal(t, "claimed", len(f.claim(f.Pool)), 1)
		}
	}
	m := f.begin("eu")
	m.after = func(s step) error {
		switch s {
		case stepLeaving, stepLeft:
			equal(t, "claimed in the source", len(f.claim(f.Pool)), 0)
		case stepCountedAt:
			exec(t, f.Pool, `select settle_webhook_delivery(d.organization_id, d.id, d.attempts, 'DELIVERED', 200::smallint, null, '0', null)
				from webhook_deliveries d where d.claimed_until is not null`)
		}
		return nil
	}
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	const told = `select string_agg(concat_ws(' ', w.name, d.status, d.attempts), ', ' order by w.name) from webhook_deliveries d join webhooks w on w.id = d.webhook_id`
	equal(t, "what became of them", value[string](t, f.eu, told), "claimed DELIVERED 1, waiting QUEUED 0")
	equal(t, "claimed in the target", len(f.claim(f.eu)), 1)
	equal(t, "claimed in the source", len(f.claim(f.Pool)), 0)
}

// Guarantee: a worker whose statement has chosen what to send before the organization left claims nothing once it has.
func TestClaimsReadTheResidenceUnderItsLock(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	exec(t, f.Pool, `insert into webhooks (organization_id, name, url, format, events, secret)
		select $1, 'x', 'https://example.com/', (enum_range(null::webhook_format))[1], '{EXHAUSTED}', sha256('x')`, f.Organization.ID)
	exec(t, f.Pool, `select test_webhook($1, id) from webhooks`, f.Organization.ID)
	leaving, err := f.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := leaving.Exec(t.Context(), `select set_residence($1, 'LEAVING')`, f.Organization.ID); err != nil {
		t.Fatal(err)
	}
	claimed := make(chan int, 1)
	go func() { claimed <- len(f.claim(f.Pool)) }()
	awaitLocked(t, f.Pool)
	if err := leaving.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "claimed", <-claimed, 0)
}
