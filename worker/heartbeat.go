package worker

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/delivery"
)

const (
	// beatInterval is how often a worker says that it runs, and reads the database's clock.
	beatInterval = 10 * time.Second
	// beatTimeout is how long that may take.
	beatTimeout = 5 * time.Second
	// silence is how long a worker that has not been seen is still taken to run. Then its jobs are taken from it, within a further
	// beatInterval by any other worker: a job of a worker that was killed counts as running for 45 s at most. Until then no other of
	// a unique kind is enqueued.
	silence = 30 * time.Second
	// clockTolerance is how far a machine's clock may be off, or the database's clock be moved, without a word in the log.
	clockTolerance = 5 * time.Second
)

// heartbeat has the other workers see that this one runs, takes jobs from those that do not, and reads the database's clock. Every
// worker has one.
type heartbeat struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	clock  *databaseClock
	logger *slog.Logger

	mutex  sync.Mutex // held during a beat
	off    bool       // whether the log has said that the machine's clock is off
	uneasy time.Time  // when a beat last failed or the database's clock was moved; zero: never

	seen atomic.Pointer[time.Time] // when the database last heard from this worker, by the machine's clock; nil: not yet
}

// silent returns for how long the database has not heard from this worker, and whether it ever has.
func (h *heartbeat) silent() (time.Duration, bool) {
	seen := h.seen.Load()
	if seen == nil {
		return 0, false
	}
	return time.Since(*seen), true
}

// run beats until ctx ends. A beat that fails is logged, and the next one is made as usual.
func (h *heartbeat) run(ctx context.Context) {
	ticker := time.NewTicker(beatInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := h.beat(ctx); err != nil && ctx.Err() == nil {
			h.logger.WarnContext(ctx, "the worker could not say that it runs, nor read the database's clock; it tries again", "error", err)
		}
	}
}

// begin makes the first beat, before jobs are worked: from then on the worker knows the database's time. Whatever was put off
// further than any delay is, by a clock that was ahead, is made due, and jobs of workers that are gone are taken from them.
func (h *heartbeat) begin(ctx context.Context) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	if _, err := h.readClock(ctx); err != nil {
		return err
	}
	if err := h.hasten(ctx, delivery.MaxBackoff+time.Minute); err != nil {
		return err
	}
	return h.rescue(ctx)
}

// end has the others see that this worker has stopped. If that fails, they notice by its silence.
func (h *heartbeat) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteRunTimeout)
	defer cancel()
	if err := db.New().DeleteWorker(ctx, h.pool, h.client.ID()); err != nil {
		h.logger.WarnContext(ctx, "that the worker has stopped was not noted", "error", err)
	}
}

func (h *heartbeat) beat(ctx context.Context) (err error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	defer func() {
		if err != nil {
			h.uneasy = time.Now()
		}
	}()
	moved, err := h.readClock(ctx)
	if err != nil {
		return err
	}
	if moved.Abs() > clockTolerance {
		h.uneasy = time.Now()
		return h.reschedule(ctx, moved)
	}
	// After an outage, or when the clock was moved, no worker has been seen for a while: they get the time to be.
	if !h.uneasy.IsZero() && time.Since(h.uneasy) < silence {
		return nil
	}
	return h.rescue(ctx)
}

// readClock reads the database's clock, notes that this worker runs, and returns how far the database's clock has been moved.
func (h *heartbeat) readClock(ctx context.Context) (moved time.Duration, err error) {
	before := time.Now()
	now, err := db.New().ReadClock(ctx, h.pool)
	if err != nil {
		return 0, err
	}
	offset, moved := h.clock.set(before, time.Now(), now)
	if off := offset.Abs() > clockTolerance; off != h.off {
		h.off = off
		if off {
			h.logger.WarnContext(ctx, "this machine's clock differs from the database's; jobs are scheduled by the database's",
				"ahead", offset.Round(time.Millisecond))
		} else {
			h.logger.InfoContext(ctx, "this machine's clock is the database's again")
		}
	}
	if err := db.New().NoteWorker(ctx, h.pool, &db.NoteWorkerParams{ID: h.client.ID(), ClockOffset: offset}); err != nil {
		return moved, err
	}
	h.seen.Store(new(time.Now()))
	return moved, nil
}

// reschedule puts right what the database's clock has scheduled before it was moved. The leader gives up its lead, and whoever takes
// it computes all schedules anew. When the clock was put back, waiting mail is due at once.
func (h *heartbeat) reschedule(ctx context.Context, moved time.Duration) error {
	h.logger.WarnContext(ctx, "the database's clock was moved; jobs are scheduled anew", "forward", moved.Round(time.Millisecond))
	if moved < 0 {
		if err := h.hasten(ctx, 0); err != nil {
			return err
		}
	}
	return h.client.Notify().RequestResign(ctx)
}

// hasten makes due what is scheduled further ahead than a time.
func (h *heartbeat) hasten(ctx context.Context, ahead time.Duration) error {
	if err := db.New().HastenMail(ctx, h.pool, ahead); err != nil {
		return err
	}
	if err := db.New().NotifyMailDue(ctx, h.pool); err != nil {
		return err
	}
	_, err := h.pool.Exec(ctx, hastenJobs)
	return err
}

// rescue takes jobs from workers that have not been seen for a while, and those that run for longer than they may.
func (h *heartbeat) rescue(ctx context.Context) error {
	kinds, seconds := []string{}, []float64{}
	for kind, timeout := range jobTimeouts() {
		kinds, seconds = append(kinds, kind), append(seconds, (timeout+silence).Seconds())
	}
	rows, err := h.pool.Query(ctx, rescueJobs, kinds, seconds, silence)
	if err != nil {
		return err
	}
	var job int64
	var kind, by string
	_, err = pgx.ForEachRow(rows, []any{&job, &kind, &by}, func() error {
		h.logger.WarnContext(ctx, "a job was taken from a worker that was killed or hangs", "job", kind, "job_id", job, "worker", by)
		return nil
	})
	return err
}
