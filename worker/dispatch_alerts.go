package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/mail"
	"bursar/worker/job"
)

const (
	// dispatchTimeout ends a run, with whatever is being sent then. It leaves a call that was begun in time 15 seconds.
	dispatchTimeout = 30 * time.Second
	// sendingTime is how long a run begins new calls.
	sendingTime = 15 * time.Second
	// longestWait is how long a run waits for the next call; what is due later is the next run's.
	longestWait = 2 * time.Second
	// longestTurn is how long the database waits for a worker that has the turn: one that is frozen holds no mail up.
	longestTurn = 5 * time.Second
)

// alertDispatcher works [job.DispatchAlerts]: it puts deliveries that are due together into a call to the mail provider,
// writes that down, makes the call, and notes what became of each mail. Any number may run at once, in any number of
// processes: they share one pace, and a call is in one's hands.
type alertDispatcher struct {
	river.WorkerDefaults[job.DispatchAlerts]
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
	stopping     <-chan struct{} // closed when the worker stops: no further call is begun
}

func newAlertDispatcher(config Config) *alertDispatcher {
	dispatcher := &alertDispatcher{
		pool: config.Pool, sender: config.Sender, from: config.MailFrom, linkTo: config.LinkTo, logger: config.Logger,
		mailsPerCall: config.MailsPerCall, timeout: config.MailTimeout, firstRetry: config.MailRetryAfter, longestTurn: longestTurn,
	}
	if config.MailCallsPerSecond > 0 {
		dispatcher.spacing = time.Duration(float64(time.Second) / config.MailCallsPerSecond)
	}
	return dispatcher
}

// lease is how long a call is out of others' reach: longer than it can take, so that it passes only when the worker died.
// Then the same call is made again, under the same idempotency key.
func (d *alertDispatcher) lease() time.Duration { return d.timeout * 3 / 2 }

// Timeout implements [river.Worker].
func (*alertDispatcher) Timeout(*river.Job[job.DispatchAlerts]) time.Duration { return dispatchTimeout }

// Work implements [river.Worker]. It fails when the database does, and when it is interrupted; a mail that cannot be sent
// is noted with its delivery and fails nothing else. It ends when nothing is due soon.
func (d *alertDispatcher) Work(ctx context.Context, _ *river.Job[job.DispatchAlerts]) error {
	until := time.Now().Add(sendingTime)
	for time.Now().Before(until) && !d.isStopping() {
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

// isStopping tells whether the worker has been asked to stop.
func (d *alertDispatcher) isStopping() bool {
	select {
	case <-d.stopping:
		return true
	default:
		return false
	}
}

// attempt makes a call and notes the outcome.
func (d *alertDispatcher) attempt(ctx context.Context, call *mailCall) error {
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
func (d *alertDispatcher) send(ctx context.Context, call *mailCall) (results []mail.Result, err error) {
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
