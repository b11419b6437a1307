package proxy

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"bursar/gateway"
	"bursar/gateway/leasing"
)

// reporter tells Bursar what calls have used, until it has answered. What it has to tell is in the spool.
type reporter struct {
	proxy *Proxy
	queue chan task
	bulk  chan *task    // reports of leases, which are booked together
	ends  chan struct{} // closed when they wait for no others any more
	ended sync.Once
	calls atomic.Int64 // that are in an event with others
	stops context.CancelFunc
	ctx   context.Context //nolint:containedctx // of its work, which no call's end ends
	work  sync.WaitGroup

	announcing sync.Mutex // one tells of an outage, and others wait

	mu     sync.Mutex
	queued map[string]bool             // ids that are in a queue or being reported
	merged map[string][]gateway.Report // what reports that are not booked yet were made of, by their ids
}

// task is a report, or a release.
type task struct {
	id      string
	report  *spooled
	booked  chan *gateway.Recorded // nil: nobody waits
	release string                 // the reservation, if it is a release
	alone   bool                   // it is not merged with others
	over    func()                 // called when Bursar has answered, or the task is left to the sweep; nil: nobody waits
}

// end says that a task is over, for now.
func (t *task) end() {
	if t.over != nil {
		t.over()
	}
}

const (
	reporters  = 64          // reports that are on their way at the same time
	sweepEvery = time.Second // between two looks for reports that Bursar has not taken
)

func newReporter(p *Proxy) *reporter {
	ctx, cancel := context.WithCancel(context.Background())
	return &reporter{proxy: p, queue: make(chan task, 4*reporters), bulk: make(chan *task, waitingReports), ends: make(chan struct{}), stops: cancel, ctx: ctx,
		queued: map[string]bool{}, merged: map[string][]gateway.Report{}}
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
	r.work.Go(r.bookTogether)
	r.work.Go(func() {
		ticks := time.NewTicker(sweepEvery)
		defer ticks.Stop()
		for {
			r.announceEnded()
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
	e.sealed = sealed{report.Sealed, r.proxy.current.Load().box}
	return r.proxy.spool.Begin(e.id, payload)
}

// finish notes what a call has used, and reports it. A call that is alone is not merged with others.
func (r *reporter) finish(id string, report spooled, booked chan *gateway.Recorded, alone bool) {
	r.mu.Lock()
	r.queued[id] = true // so that the sweep leaves it to this task
	r.mu.Unlock()
	over := r.pending(report.ReservationID, report.Secret)
	payload, err := r.encode(&report)
	if err == nil {
		err = r.proxy.spool.Finish(id, payload)
	}
	if err != nil { // the report is made all the same; only a process that ends before loses it
		r.proxy.logger.Error("a report is not in the spool", "request", id, "error", err)
	}
	r.push(task{id: id, report: &report, booked: booked, over: over, alone: alone})
}

// pending has the key's next call wait for what is reported about a reservation, before the caller of this one has the end of its answer.
func (r *reporter) pending(reservation, secret string) (over func()) {
	if reservation == "" { // which holds nothing
		return nil
	}
	return r.proxy.current.Load().client.Pending(secret)
}

// drop forgets a call that cost nothing, and gives back what is held for it.
func (r *reporter) drop(id, reservation, secret string, nanos int64) {
	over := r.pending(reservation, secret)
	if err := r.proxy.spool.Done(id); err != nil {
		r.proxy.logger.Error("the spool cannot be written", "request", id, "error", err)
	}
	r.proxy.outage.booked(nanos)
	if reservation != "" {
		r.push(task{id: id + " release", release: reservation, over: over})
	}
}

// push has a task done soon. If there is no room, the sweep finds a report in the spool; a release that is lost expires.
func (r *reporter) push(t task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.enqueue(&t) {
		delete(r.queued, t.id)
		t.end()
		if t.booked != nil {
			t.booked <- nil
		}
		return
	}
	r.queued[t.id] = true
}

// enqueue puts a task into its queue, if there is room: a report of a lease for which nobody waits is booked with others.
func (r *reporter) enqueue(t *task) bool {
	if t.report != nil && t.booked == nil && leasing.Of(t.report.ReservationID) != "" {
		select {
		case r.bulk <- t:
			return true
		default:
			return false
		}
	}
	select {
	case r.queue <- *t:
		return true
	default:
		return false
	}
}

// isQueued says whether a task is in the queue or being done.
func (r *reporter) isQueued(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queued[id]
}

// do does a task. What fails is left to the sweep.
func (r *reporter) do(t task) {
	defer t.end()
	defer r.leave(t.id)
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
	if t.report.Outage != "" && !r.announce(t.report) {
		if t.booked != nil {
			t.booked <- nil
		}
		return
	}
	recorded, err := client.Record(r.ctx, t.report.full())
	if t.booked != nil {
		t.booked <- recorded
	}
	r.conclude(&t, recorded, err)
}

// stop lets reports that are on their way arrive, until ctx ends.
func (r *reporter) stop(ctx context.Context) {
	r.ended.Do(func() { close(r.ends) })
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
