package proxy

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"bursar/gateway"
)

// reporter tells Bursar what calls have used, until it has answered. What it has to tell is in the spool.
type reporter struct {
	proxy *Proxy
	queue chan task
	stops context.CancelFunc
	ctx   context.Context //nolint:containedctx // of its work, which no call's end ends
	work  sync.WaitGroup

	mu     sync.Mutex
	queued map[string]bool // ids that are in the queue or being reported
}

// task is a report, or a release.
type task struct {
	id      string
	report  *spooled
	booked  chan *gateway.Recorded // nil: nobody waits
	release string                 // the reservation, if it is a release
}

const (
	reporters  = 64          // reports that are on their way at the same time
	sweepEvery = time.Second // between two looks for reports that Bursar has not taken
)

func newReporter(p *Proxy) *reporter {
	ctx, cancel := context.WithCancel(context.Background())
	return &reporter{proxy: p, queue: make(chan task, 4*reporters), stops: cancel, ctx: ctx, queued: map[string]bool{}}
}

func (r *reporter) start() {
	for range reporters {
		r.work.Go(func() {
			for {
				select {
				case <-r.ctx.Done():
					return
				case t := <-r.queue:
					r.do(t)
				}
			}
		})
	}
	r.work.Go(func() {
		ticks := time.NewTicker(sweepEvery)
		defer ticks.Stop()
		for {
			r.sweep()
			select {
			case <-r.ctx.Done():
				return
			case <-ticks.C:
			}
		}
	})
}

// begin notes a call before it is made, as the report of what it uses at most: what a process reports that finds it in the spool.
func (r *reporter) begin(e *exchange) error {
	report := e.report(e.bound(), true)
	if flat := e.flat(); flat != "" {
		report.Cost = flat
	}
	payload, err := r.encode(&report)
	if err != nil {
		return err
	}
	return r.proxy.spool.Begin(e.id, payload)
}

// finish notes what a call has used, and reports it.
func (r *reporter) finish(id string, report spooled, booked chan *gateway.Recorded) {
	r.mu.Lock()
	r.queued[id] = true // so that the sweep leaves it to this task
	r.mu.Unlock()
	payload, err := r.encode(&report)
	if err == nil {
		err = r.proxy.spool.Finish(id, payload)
	}
	if err != nil { // the report is made all the same; only a process that ends before loses it
		r.proxy.logger.Error("a report is not in the spool", "request", id, "error", err)
	}
	r.push(task{id: id, report: &report, booked: booked})
}

// drop forgets a call that cost nothing, and gives back what is held for it.
func (r *reporter) drop(id, reservation string, nanos int64) {
	if err := r.proxy.spool.Done(id); err != nil {
		r.proxy.logger.Error("the spool cannot be written", "request", id, "error", err)
	}
	r.proxy.outage.booked(nanos)
	if reservation != "" {
		r.push(task{id: id + " release", release: reservation})
	}
}

// push has a task done soon. If there is no room, the sweep finds a report in the spool; a release that is lost expires.
func (r *reporter) push(t task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.queue <- t:
		r.queued[t.id] = true
	default:
		delete(r.queued, t.id)
		if t.booked != nil {
			t.booked <- nil
		}
	}
}

// isQueued says whether a task is in the queue or being done.
func (r *reporter) isQueued(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queued[id]
}

// sweep queues what is finished in the spool.
func (r *reporter) sweep() {
	for _, entry := range r.proxy.spool.Entries() {
		if entry.Finished == nil || r.isQueued(entry.ID) {
			continue // in flight, or on its way
		}
		report, err := r.decode(entry.Finished)
		if err != nil {
			r.undeliverable(entry.ID, entry.Finished, err)
			continue
		}
		r.push(task{id: entry.ID, report: report})
	}
}

// recover finishes what an earlier process had begun and not finished, with what it uses at most.
func (r *reporter) recover() error {
	for _, entry := range r.proxy.spool.Entries() {
		if entry.Finished == nil {
			if err := r.proxy.spool.Finish(entry.ID, entry.Begun); err != nil {
				return fmt.Errorf("finish what was in flight: %w", err)
			}
			r.proxy.logger.Warn("a call was in flight when the gateway ended; what it uses at most is booked", "request", entry.ID)
			entry.Finished = entry.Begun
		}
		if report, err := r.decode(entry.Finished); err == nil { // the sweep says what is wrong with it otherwise
			r.proxy.outage.restore(report.Nanos)
		}
	}
	if damaged := r.proxy.spool.Stats().Damaged; damaged > 0 {
		r.proxy.logger.Error("the spool had bytes that cannot be read", "bytes", damaged)
	}
	return nil
}

// do does a task. What fails is left to the sweep.
func (r *reporter) do(t task) {
	defer func() {
		r.mu.Lock()
		delete(r.queued, t.id)
		r.mu.Unlock()
	}()
	client := r.proxy.current.Load().client
	if t.release != "" {
		if err := client.Release(r.ctx, t.release); err != nil && r.ctx.Err() == nil {
			r.proxy.logger.Warn("a reservation was not released; it expires", "reservation", t.release, "error", err)
		}
		return
	}
	if !r.proxy.spool.Has(t.id) { // the sweep saw it before it was done
		return
	}
	recorded, err := client.Record(r.ctx, t.report.full())
	if t.booked != nil {
		t.booked <- recorded
	}
	switch {
	case err == nil:
		r.done(t, recorded)
	case r.ctx.Err() != nil || mayPass(err):
		r.proxy.logger.Debug("a report waits", "request", t.id, "error", err)
	default:
		payload, encodeErr := r.encode(t.report)
		r.undeliverable(t.id, payload, errors.Join(err, encodeErr))
	}
}

// mayPass says whether an error passes by itself or once an operator has done something about the gateway's token.
func mayPass(err error) bool {
	failed, ok := errors.AsType[*gateway.Error](err)
	if !ok {
		return false
	}
	switch failed.Code {
	case gateway.CodeBadUserInput, gateway.CodeIdempotencyMismatch, gateway.CodeNotFound, gateway.CodeReservationClosed:
		return false
	}
	return true
}

func (r *reporter) done(t task, recorded *gateway.Recorded) {
	if err := r.proxy.spool.Done(t.id); err != nil {
		r.proxy.logger.Error("the spool cannot be written", "request", t.id, "error", err)
	}
	r.proxy.outage.booked(t.report.Nanos)
	cost, err := strconv.ParseFloat(recorded.Cost, 64)
	if err != nil {
		cost = 0
	}
	r.proxy.observer.Recorded(t.report.Provider, cost, t.report.Estimated)
}

// stop lets reports that are on their way arrive, until ctx ends.
func (r *reporter) stop(ctx context.Context) {
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for r.busy() {
		select {
		case <-ctx.Done():
			r.stops()
		case <-ticks.C:
			continue
		}
		break
	}
	r.stops()
	r.work.Wait()
}

func (r *reporter) busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queued) > 0
}
