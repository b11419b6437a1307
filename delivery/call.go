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
	// keyLife is how long after the first attempt that may have been accepted a call is made again. The provider forgets
	// its key after 24 hours: a later attempt could deliver every mail twice. What is left covers clocks and slow calls.
	keyLife = 24*time.Hour - 10*time.Minute
	// forgottenKey is why such a call's deliveries fail.
	forgottenKey = "gave up: nobody knows whether the provider accepted the mail, and after a day another attempt could deliver it twice"
)

// mailCall is a call to the mail provider that is written down and about to be made.
type mailCall struct {
	*db.MailCall
	mails    []*db.Mail
	messages []mail.Message // of the mails, in their order
}

// key is the call's idempotency key: the same for every attempt.
func (c *mailCall) key() string { return "bursar-" + c.ID.String() }

// alerts returns the ids of the alerts that the call's mails are about, as clients know them, for the log.
func (c *mailCall) alerts() []string {
	var alerts []string
	for _, message := range c.messages {
		if alert := message.Tags[mail.AlertTag]; !slices.Contains(alerts, alert) && len(alerts) < maxLoggedAlerts {
			alerts = append(alerts, alert)
		}
	}
	return alerts
}

// begin returns the next call to make: one that was made before and is due again, else a new one of what waits. Nil when
// none may be made yet or nothing is due: then it is worth looking again after the wait. Workers take turns at this, so
// their calls keep one distance, and nothing is put into two calls.
func (d *Dispatcher) begin(ctx context.Context) (call *mailCall, wait time.Duration, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		queries := db.New()
		if err := queries.LimitIdleness(ctx, tx, fmt.Sprintf("%dms", d.longestTurn.Milliseconds())); err != nil {
			return err
		}
		if wait, err = queries.TakeMailTurn(ctx, tx); err != nil || wait > 0 {
			return err
		}
		if err := d.giveUpForgotten(ctx, tx); err != nil {
			return err
		}
		if call, err = d.again(ctx, tx); err != nil {
			return err
		}
		if call == nil {
			if call, err = d.assemble(ctx, tx); err != nil {
				return err
			}
		}
		if call == nil {
			wait, err = queries.NextMailAt(ctx, tx)
			wait = max(wait, d.spacing)
			return err
		}
		if err := queries.CountMailAttempt(ctx, tx, call.ID); err != nil {
			return err
		}
		return queries.SpaceMailCalls(ctx, tx, d.spacing)
	})
	if err != nil {
		return nil, 0, err
	}
	return call, wait, nil
}

// again takes a call that is due once more, as it was written. Nil when none is.
func (d *Dispatcher) again(ctx context.Context, tx pgx.Tx) (*mailCall, error) {
	row, err := db.New().ClaimMailCall(ctx, tx, d.lease())
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	call := &mailCall{MailCall: row}
	if call.mails, err = db.New().ListCallMails(ctx, tx, row.ID); err != nil {
		return nil, err
	}
	call.messages = make([]mail.Message, len(call.mails))
	for i, stored := range call.mails {
		if err := json.Unmarshal(stored.Message, &call.messages[i]); err != nil {
			return nil, fmt.Errorf("read the mail %s: %w", stored.ID, err)
		}
	}
	d.logger.InfoContext(ctx, "alert mail is tried again", "alerts", call.alerts(), "call", call.ID, "attempts", call.Attempts,
		"uncertain_since", *call.UncertainSince, "last_error", text(call.LastError))
	return call, nil
}

// giveUpForgotten ends the calls whose keys the provider is about to forget.
func (d *Dispatcher) giveUpForgotten(ctx context.Context, tx pgx.Tx) error {
	failed, err := db.New().GiveUpMailCalls(ctx, tx, &db.GiveUpMailCallsParams{Reason: forgottenKey, KeyLife: keyLife})
	d.logFailures(ctx, failed)
	return err
}
