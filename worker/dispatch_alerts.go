package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"bursar/db"
	"bursar/mail"
	"bursar/worker/job"
)

const (
	// deliveryLease is how long a claimed delivery is out of others' reach. It is longer than the job's timeout, so that it
	// passes only when the worker died; then the mail is sent again under the same idempotency key.
	deliveryLease = time.Minute
	// dispatchTimeout ends a run, with whatever is being sent then. It leaves a mail that was begun in time 15 seconds.
	dispatchTimeout = 30 * time.Second
	// sendingTime is how long a run begins new mails; what it has claimed and not begun by then goes back.
	sendingTime = 15 * time.Second
	// deliveriesPerClaim is how many deliveries a run takes at a time.
	deliveriesPerClaim = 20
	// concurrentMails is how many mails are sent at once. A provider that hangs holds up that many.
	concurrentMails = 4
)

// alertDispatcher works [job.DispatchAlerts]: it claims the deliveries that are due, sends each, and notes what became of
// it. Any number may run at once; a delivery is in one's hands.
type alertDispatcher struct {
	river.WorkerDefaults[job.DispatchAlerts]
	pool    *pgxpool.Pool
	sender  mail.Sender
	from    string
	linkTo  func(externalSubjectID string) string
	logger  *slog.Logger
	limiter *rate.Limiter
	pause   pause
}

func newAlertDispatcher(config Config) *alertDispatcher {
	limit := rate.Inf
	if config.MailsPerSecond > 0 {
		limit = rate.Limit(config.MailsPerSecond)
	}
	return &alertDispatcher{
		pool: config.Pool, sender: config.Sender, from: config.MailFrom, linkTo: config.LinkTo, logger: config.Logger,
		limiter: rate.NewLimiter(limit, 1),
	}
}

// Timeout implements [river.Worker].
func (*alertDispatcher) Timeout(*river.Job[job.DispatchAlerts]) time.Duration { return dispatchTimeout }

// Work implements [river.Worker]. It fails when the database does, and when it is interrupted; a mail that cannot be sent
// is noted with its delivery and fails nothing else.
func (d *alertDispatcher) Work(ctx context.Context, _ *river.Job[job.DispatchAlerts]) error {
	if d.pause.left() > 0 {
		return nil
	}
	sending, stop := context.WithTimeout(ctx, sendingTime)
	defer stop()
	for sending.Err() == nil {
		claimed, err := db.New().ClaimDeliveries(ctx, d.pool,
			&db.ClaimDeliveriesParams{Lease: deliveryLease, Number: deliveriesPerClaim})
		if err != nil {
			return fmt.Errorf("claim deliveries: %w", err)
		}
		if err := d.deliver(ctx, sending, stop, claimed); err != nil {
			return err
		}
		if len(claimed) < deliveriesPerClaim {
			break
		}
	}
	return ctx.Err()
}

// deliver sends claimed deliveries, a few at once. None is begun after sending has ended, which stop brings about.
func (d *alertDispatcher) deliver(ctx, sending context.Context, stop func(), claimed []*db.AlertDelivery) error {
	if len(claimed) == 0 {
		return nil
	}
	subjects, err := d.subjects(ctx, claimed)
	if err != nil {
		return err // the lease passes
	}
	failures := make([]error, len(claimed))
	var group errgroup.Group
	group.SetLimit(concurrentMails)
	for i, delivery := range claimed {
		subject, found := subjects[delivery.AlertID]
		if !found {
			continue // deleted since, and its deliveries with it
		}
		group.Go(func() error {
			failures[i] = d.deliverOne(ctx, sending, stop, delivery, subject)
			return nil // one failure stops no other
		})
	}
	_ = group.Wait() // nil by the line above
	return errors.Join(failures...)
}

// deliverOne sends one delivery and notes the outcome. It calls stop when there is no time for another, and when the
// provider wants none for a while.
func (d *alertDispatcher) deliverOne(
	ctx, sending context.Context, stop func(), delivery *db.AlertDelivery, subject *db.ListAlertSubjectsRow,
) error {
	outcome := &outcome{dispatcher: d, delivery: delivery}
	if err := d.limiter.Wait(sending); err != nil { // its turn does not come in this run, nor does a later one's
		stop()
		return outcome.giveBack(ctx, d.pause.left(), nil)
	}
	providerID, err := d.send(ctx, delivery, subject)
	wait, asked := mail.RetryAfter(err)
	switch {
	case err == nil:
		return outcome.sent(ctx, &providerID)
	case mail.AlreadyAccepted(err):
		return outcome.sent(ctx, nil)
	case mail.Permanent(err):
		return outcome.failed(ctx, err)
	case asked:
		d.pause.extend(wait)
		stop()
		return outcome.giveBack(ctx, d.pause.left(), err)
	case errors.Is(ctx.Err(), context.Canceled): // the worker stops
		return outcome.giveBack(ctx, 0, nil)
	}
	return outcome.delayed(ctx, err)
}

func (d *alertDispatcher) send(ctx context.Context, delivery *db.AlertDelivery, subject *db.ListAlertSubjectsRow) (string, error) {
	message, err := alertMail(subject, d.linkTo, claimedAt(delivery)).Message(d.from, delivery.Email)
	if err != nil {
		return "", err
	}
	return d.sender.Send(ctx, message)
}

// subjects returns the alerts of claimed deliveries with the names that their mail needs, by the alerts' ids.
func (d *alertDispatcher) subjects(ctx context.Context, claimed []*db.AlertDelivery) (map[uuid.UUID]*db.ListAlertSubjectsRow, error) {
	alertIDs := make([]uuid.UUID, len(claimed))
	for i, delivery := range claimed {
		alertIDs[i] = delivery.AlertID
	}
	rows, err := db.New().ListAlertSubjects(ctx, d.pool, alertIDs)
	if err != nil {
		return nil, fmt.Errorf("list the alerts to mail: %w", err)
	}
	subjects := make(map[uuid.UUID]*db.ListAlertSubjectsRow, len(rows))
	for _, row := range rows {
		subjects[row.Alert.ID] = row
	}
	return subjects, nil
}
