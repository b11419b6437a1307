package db_test

import (
	"testing"

	"bursar/db"
)

// Only a transaction that queues mail notifies, once: PostgreSQL has the transactions that notify commit one after the other, so
// those of requests that raise no alert, and of alerts without recipients, must not.
func TestOnlyQueuedMailNotifies(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	listener, err := g.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(listener.Release)
	if _, err := listener.Exec(t.Context(), "listen bursar_mail_due; listen test"); err != nil {
		t.Fatal(err)
	}
	// notified returns how many notifications came until now: those of one session arrive in the order of the commits
	notified := func() (mail int) {
		g.exec(`select pg_notify('test', '')`)
		for {
			notification, err := listener.Conn().WaitForNotification(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if notification.Channel == "test" {
				return mail
			}
			mail++
		}
	}
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100, 20, 40)
	g.release(g.admit(estimateTokens(5)))
	g.book(reportTokens(10))
	equal(t, "notifications of requests that raise nothing", notified(), 0)
	g.book(reportTokens(50))
	equal(t, "notifications of two alerts that are raised together", notified(), 1)
	g.exec(`update api_keys set email_notifications = false`)
	g.book(reportTokens(50))
	equal(t, "alerts", len(g.alerts()), 3)
	equal(t, "notifications of an alert without recipients", notified(), 0)
}
