package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/mail"
)

const (
	// keyLifetime is how long a call is retried after the first attempt that may have been accepted. The provider forgets the
	// idempotency key after 24 hours: a later attempt could deliver every mail twice. The margin covers clocks and slow calls.
	keyLifetime = 24*time.Hour - 10*time.Minute
	// keyExpired is why the deliveries of such a call fail.
	keyExpired = "gave up: nobody knows whether the provider accepted the mail, and after a day another attempt could deliver it twice"
)

// call is a call to the mail provider that is stored and about to be made.
type call struct {
	*db.MailCall
	mails    []*db.Mail
	messages []mail.Message // of the mails, in their order
}

// key is the call's idempotency key: the same for every attempt.
func (c *call) key() string { return "bursar-" + c.ID.String() }

// alerts returns the ids of the alerts that the call's mails are about, as clients know them, for the log.
func (c *call) alerts() []string {
	var alerts []string
	for _, message := range c.messages {
		if alert := message.Tags[mail.AlertTag]; !slices.Contains(alerts, alert) && len(alerts) < maxLoggedAlerts {
			alerts = append(alerts, alert)
		}
	}
	return alerts
}

// begin returns the next call to make: one that was made before and is due for a retry, else a new one of the deliveries that
// wait. Nil when the throttle allows none yet or nothing is due: then wait says when to ask again. It holds the throttle's lock,
// so that calls of all dispatchers keep their distance, and no delivery is put into two calls.
func (d *Dispatcher) begin(ctx context.Context) (next *call, wait time.Duration, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		queries := db.New()
		if err := queries.SetIdleTransactionTimeout(ctx, tx, fmt.Sprintf("%dms", d.maxLockIdle.Milliseconds())); err != nil {
			return err
		}
		if wait, err = queries.LockMailThrottle(ctx, tx); err != nil || wait > 0 {
			return err
		}
		if err := d.giveUpExpired(ctx, tx); err != nil {
			return err
		}
		if next, err = d.claimRetry(ctx, tx); err != nil {
			return err
		}
		if next == nil {
			if next, err = d.compose(ctx, tx); err != nil {
				return err
			}
		}
		if next == nil {
			wait, err = queries.NextMailDue(ctx, tx)
			wait = max(wait, d.spacing)
			return err
		}
		if err := d.takeSlot(ctx); err != nil {
			return err
		}
		if err := queries.CountMailAttempt(ctx, tx, next.ID); err != nil {
			return err
		}
		return queries.SpaceMailCalls(ctx, tx, d.spacing)
	})
	if later, ok := errors.AsType[*laterError](err); ok {
		// the throttle of this database says the same until then, so that nobody asks meanwhile
		return nil, later.wait, db.New().SpaceMailCalls(ctx, d.pool, later.wait)
	}
	if err != nil {
		return nil, 0, err
	}
	return next, wait, nil
}

// laterError is that the throttle that several databases share allows no call yet.
type laterError struct{ wait time.Duration }

// Error implements [error].
func (e *laterError) Error() string {
	return fmt.Sprintf("the cells' common throttle of mail allows no call for %s", e.wait)
}

// takeSlot takes the next call of all cells, if there are several: what was claimed for it is given back when there is none yet, or home cannot say.
func (d *Dispatcher) takeSlot(ctx context.Context) error {
	if d.pace == nil {
		return nil
	}
	wait, err := db.New().TakeMailSlot(ctx, d.pace, d.spacing)
	if err != nil {
		return fmt.Errorf("take a call to the mail provider at home: %w", err)
	}
	if wait > 0 {
		return &laterError{wait}
	}
	return nil
}

// claimRetry takes a stored call that is due for a retry, unchanged. Nil when none is.
func (d *Dispatcher) claimRetry(ctx context.Context, tx pgx.Tx) (*call, error) {
	row, err := db.New().ClaimMailCall(ctx, tx, d.lease())
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := &call{MailCall: row}
	if c.mails, err = db.New().ListCallMails(ctx, tx, row.ID); err != nil {
		return nil, err
	}
	c.messages = make([]mail.Message, len(c.mails))
	for i, stored := range c.mails {
		if err := json.Unmarshal(stored.Message, &c.messages[i]); err != nil {
			return nil, fmt.Errorf("read the mail %s: %w", stored.ID, err)
		}
	}
	d.logger.InfoContext(ctx, "alert mail is tried again", "alerts", c.alerts(), "call", c.ID, "attempts", c.Attempts,
		"uncertain_since", *c.UncertainSince, "last_error", text(c.LastError))
	return c, nil
}

// giveUpExpired ends the calls whose idempotency keys the provider is about to forget.
func (d *Dispatcher) giveUpExpired(ctx context.Context, tx pgx.Tx) error {
	failed, err := db.New().GiveUpMailCalls(ctx, tx, &db.GiveUpMailCallsParams{Reason: keyExpired, KeyLife: keyLifetime})
	d.logFailures(ctx, failed)
	return err
}
