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

// MaxRun is the longest that a run takes: it begins its last call in time to make it.
const MaxRun = sendingTime + MaxTimeout

const (
	// sendingTime is how long a run begins new calls.
	sendingTime = 15 * time.Second
	// longestWait is how long a run waits for the next call; what is due later is the next run's.
	longestWait = 2 * time.Second
	// longestTurn is how long the database waits for a worker that has the turn: one that is frozen holds no mail up.
	longestTurn = 5 * time.Second
)

// Dispatcher puts deliveries that are due together into a call to the mail provider,
// writes that down, makes the call, and notes what became of each mail. Any number may run at once, in any number of
// processes: they share one pace, and a call is in one's hands.
type Dispatcher struct {
	pool         *pgxpool.Pool
	sender       mail.Sender
	from         string
	linkTo       func(externalSubjectID string) string
	logger       *slog.Logger
	spacing      time.Duration // between two calls, of all workers
	mailsPerCall int32
	timeout      time.Duration // of one call
	firstRetry   time.Duration
	longestTurn  time.Duration
}

// lease is how long a call is out of others' reach: longer than it can take, so that it passes only when the worker died.
// Then the same call is made again, under the same idempotency key.
func (d *Dispatcher) lease() time.Duration { return d.timeout * 3 / 2 }

// Run sends what is due, call by call, and ends when nothing is due soon, after 15 seconds, or after the call that it makes when
// stopping is closed (nil: never). It fails when the database does, and when ctx ends; a mail that cannot be sent
// is noted with its delivery and fails nothing else.
func (d *Dispatcher) Run(ctx context.Context, stopping <-chan struct{}) error {
	until := time.Now().Add(sendingTime)
	for time.Now().Before(until) && !isClosed(stopping) {
		call, wait, err := d.begin(ctx)
		if err != nil {
			return fmt.Errorf("begin a call to the mail provider: %w", err)
		}
		if call != nil {
			if err := d.attempt(ctx, call); err != nil {
				return err
			}
			continue
		}
		if wait > longestWait {
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

// attempt makes a call and notes the outcome.
func (d *Dispatcher) attempt(ctx context.Context, call *mailCall) error {
	results, err := d.send(ctx, call)
	outcome := &outcome{dispatcher: d, call: call}
	_, asked := mail.RetryAfter(err)
	switch {
	case err == nil:
		return outcome.settled(ctx, results)
	case mail.AlreadyAccepted(err):
		return outcome.settled(ctx, make([]mail.Result, len(call.messages)))
	case mail.Permanent(err):
		return outcome.refused(ctx, err)
	case asked || mail.Limited(err):
		return outcome.paused(ctx, err)
	case errors.Is(ctx.Err(), context.Canceled): // the worker stops
		return outcome.interrupted(ctx)
	}
	return outcome.failed(ctx, err)
}

// send hands a call's mails to the sender. One that panics over them has failed, after nobody knows what, so that they are
// tried again like any others, later and later, and keep no other mail back.
func (d *Dispatcher) send(ctx context.Context, call *mailCall) (results []mail.Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the sender of mail panicked: %v", cause)
			d.logger.ErrorContext(ctx, "the sender of mail panicked", "alerts", call.alerts(), "call", call.ID, "panic", cause,
				"trace", string(debug.Stack()))
		}
	}()
	return d.sender.Send(ctx, call.key(), call.messages)
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
