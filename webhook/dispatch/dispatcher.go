// Package dispatch sends webhooks what is due to them: it claims deliveries that the database has queued, writes their bodies, sends them, and
// records what became of each. Any number of dispatchers may run at once, in any number of processes.
package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/webhook"
)

// MaxRun is the longest that a run takes: its last deliveries are begun before sendingTime is over.
const MaxRun = sendingTime + webhook.Timeout + recordTimeout + 2*time.Second

const (
	// sendingTime is how long a run begins new deliveries.
	sendingTime = 10 * time.Second
	// lease is how long no other dispatcher sends a delivery that was claimed: longer than sending it can take, so that it ends only when the
	// process has died. Then the same message is sent again, under the same id.
	lease = webhook.Timeout + 2*recordTimeout + 4*time.Second
	// underWay is how many deliveries one run has under way at once, and how many of them may be one organization's, of all runs together.
	underWay           = 20
	maxPerOrganization = 4
	// maxWait is how long a run waits for what is due next. What is due later is left to a later run.
	maxWait = time.Second
	// recheck is the time until the next look for what is due and was not claimed: another worker sends to the same webhook.
	recheck = 200 * time.Millisecond
)

// Config is what a [Dispatcher] works with.
type Config struct {
	// Pool connects to a database with Bursar's schema. Required.
	Pool *pgxpool.Pool
	// Networks are those that are not public and that webhooks may be in. Default none.
	Networks webhook.Networks
	// LinkTo returns the http(s) URL of a subject's page; "" leaves it out. Nil: none is sent.
	LinkTo func(externalSubjectID string) string
	// RetryAfter is the wait after the first failure; it doubles with each further one, to an hour at most. Default 5 s.
	RetryAfter time.Duration
	// Logger gets what failed. Nil: [slog.Default].
	Logger *slog.Logger
}

// Dispatcher sends what is due to webhooks.
type Dispatcher struct {
	pool       *pgxpool.Pool
	client     *webhook.Client
	linkTo     func(externalSubjectID string) string
	firstRetry time.Duration
	logger     *slog.Logger
}

// New returns a dispatcher. It does not connect.
func New(config Config) *Dispatcher {
	if config.LinkTo == nil {
		config.LinkTo = func(string) string { return "" }
	}
	return &Dispatcher{pool: config.Pool, client: webhook.NewClient(config.Networks), linkTo: config.LinkTo,
		firstRetry: cmp.Or(config.RetryAfter, 5*time.Second), logger: cmp.Or(config.Logger, slog.Default())}
}

// Run sends what is due. It ends when nothing is due within a second, after 10 seconds, or when stopping is closed, and then waits for what is
// under way; a nil channel never stops it. It fails when the database does and when ctx ends. A delivery that cannot be made is recorded, and fails
// nothing else.
func (d *Dispatcher) Run(ctx context.Context, stopping <-chan struct{}) error {
	slots, ended := make(chan struct{}, underWay), make(chan struct{}, 1)
	var sending sync.WaitGroup
	var failures failure
	defer sending.Wait()
	for until := time.Now().Add(sendingTime); time.Now().Before(until) && failures.get() == nil; {
		select {
		case <-stopping:
			sending.Wait()
			return failures.get()
		case <-ctx.Done():
			return ctx.Err()
		case slots <- struct{}{}:
			<-slots
		}
		claimed, err := db.New().ClaimWebhookDeliveries(ctx, d.pool, &db.ClaimWebhookDeliveriesParams{
			Number: int32(cap(slots) - len(slots)), PerOrganization: maxPerOrganization, Lease: lease}) //nolint:gosec // at most underWay
		if err != nil {
			return fmt.Errorf("claim what is due to webhooks: %w", err)
		}
		targets, err := d.targets(ctx, claimed)
		if err != nil {
			return err
		}
		for _, delivery := range claimed {
			slots <- struct{}{}
			sending.Go(func() {
				defer func() {
					<-slots
					select {
					case ended <- struct{}{}:
					default: // it is known that one has ended
					}
				}()
				failures.note(d.deliver(ctx, delivery, targets[delivery.ID]))
			})
		}
		if len(claimed) > 0 {
			continue
		}
		if over, err := d.wait(ctx, stopping, ended, len(slots) > 0); err != nil || over {
			sending.Wait()
			return cmp.Or(err, failures.get())
		}
	}
	sending.Wait()
	return failures.get()
}

// wait waits until something may be due, and tells whether nothing is soon. What is under way may make something due when it ends: a webhook has one
// delivery under way at a time.
func (d *Dispatcher) wait(ctx context.Context, stopping, ended <-chan struct{}, busy bool) (over bool, err error) {
	next, err := db.New().NextWebhookDue(ctx, d.pool)
	if err != nil || next > maxWait && !busy {
		return true, err
	}
	timer := time.NewTimer(min(max(next, recheck), maxWait))
	defer timer.Stop()
	select {
	case <-stopping:
		return true, nil
	case <-ctx.Done():
		return true, ctx.Err()
	case <-ended:
	case <-timer.C:
	}
	return false, nil
}

// targets returns where deliveries go, by their ids.
func (d *Dispatcher) targets(ctx context.Context, claimed []*db.WebhookDelivery) (map[uuid.UUID]*db.ListWebhookTargetsRow, error) {
	if len(claimed) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(claimed))
	for i, delivery := range claimed {
		ids[i] = delivery.ID
	}
	rows, err := db.New().ListWebhookTargets(ctx, d.pool, ids)
	if err != nil {
		return nil, fmt.Errorf("read where webhooks are: %w", err)
	}
	targets := make(map[uuid.UUID]*db.ListWebhookTargetsRow, len(rows))
	for _, row := range rows {
		targets[row.DeliveryID] = row
	}
	return targets, nil
}

// failure is the first error of several goroutines.
type failure struct {
	mutex sync.Mutex
	err   error
}

func (f *failure) note(err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.err = cmp.Or(f.err, err)
}

func (f *failure) get() error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.err
}
