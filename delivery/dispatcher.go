// Package delivery mails alerts: it turns the deliveries that enforcement has stored into calls to the mail provider, makes the
// calls, and records what became of each mail. Whoever runs it decides when: a [Dispatcher] sends what is due, and a [Watcher]
// says when something is.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/mail"
)

// MaxRun is the longest that a run takes: its last call begins before sendingTime is over.
const MaxRun = sendingTime + MaxTimeout

const (
	// sendingTime is how long a run begins new calls.
	sendingTime = 15 * time.Second
	// maxWait is how long a run waits for the next call. What is due later is left to a later run.
	maxWait = 2 * time.Second
	// maxLockIdle is how long the database waits for a worker that holds the throttle's lock and says nothing. Then it ends
	// the worker's transaction, so that a frozen worker delays no mail.
	maxLockIdle = 5 * time.Second
)

// Dispatcher combines deliveries that are due into a call to the mail provider, stores the call, makes it, and records what
// became of each mail. Any number may run at once, in any number of processes: they share one throttle, a row of the database,
// and each call belongs to one of them.
type Dispatcher struct {
	pool         *pgxpool.Pool
	pace         *pgxpool.Pool // of the database whose throttle several databases share; nil: pool's own
	sender       mail.Sender
	from         string
	linkTo       func(externalSubjectID string) string
	logger       *slog.Logger
	spacing      time.Duration // between two calls, of all dispatchers
	mailsPerCall int32
	timeout      time.Duration // of one call
	firstRetry   time.Duration // delay after the first failure
	maxLockIdle  time.Duration
}

// lease is how long no other dispatcher makes a call that was begun: longer than it can take, so that it expires only when the
// process died. Then the same call is made again, under the same idempotency key.
func (d *Dispatcher) lease() time.Duration { return d.timeout * 3 / 2 }

// Run sends what is due, call by call. It ends when nothing is due within 2 seconds, after 15 seconds, or, when stopping is
// closed, after the call that it is making; a nil channel never stops it. It fails when the database does and when ctx ends. A
// mail that cannot be sent is recorded with its delivery and fails nothing else.
func (d *Dispatcher) Run(ctx context.Context, stopping <-chan struct{}) error {
	until := time.Now().Add(sendingTime)
	for time.Now().Before(until) && !isClosed(stopping) {
		next, wait, err := d.begin(ctx)
		if err != nil {
			return fmt.Errorf("begin a call to the mail provider: %w", err)
		}
		if next != nil {
			if err := d.attempt(ctx, next); err != nil {
				return err
			}
			continue
		}
		if wait > maxWait {
			break
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func isClosed(signal <-chan struct{}) bool {
	select {
	case <-signal:
		return true
	default:
		return false
	}
}

// attempt makes a call and records the outcome.
func (d *Dispatcher) attempt(ctx context.Context, c *call) error {
	results, err := d.send(ctx, c)
	outcome := &outcome{dispatcher: d, call: c}
	_, asked := mail.RetryAfter(err)
	switch {
	case err == nil:
		return outcome.settled(ctx, results)
	case mail.AlreadyAccepted(err):
		return outcome.settled(ctx, make([]mail.Result, len(c.messages)))
	case mail.Permanent(err):
		return outcome.refused(ctx, err)
	case asked || mail.Limited(err):
		return outcome.paused(ctx, err)
	case errors.Is(ctx.Err(), context.Canceled): // the worker stops
		return outcome.interrupted(ctx)
	}
	return outcome.failed(ctx, err)
}

// send hands a call's mails to the sender. A panic of the sender is a temporary failure: nobody knows whether the provider has
// the mails, so they are retried with growing delays like after any other, and other mail is sent meanwhile.
func (d *Dispatcher) send(ctx context.Context, c *call) (results []mail.Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the sender of mail panicked: %v", cause)
			d.logger.ErrorContext(ctx, "the sender of mail panicked", "alerts", c.alerts(), "call", c.ID, "panic", cause,
				"trace", string(debug.Stack()))
		}
	}()
	return d.sender.Send(ctx, c.key(), c.messages)
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
