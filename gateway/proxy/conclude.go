package proxy

import (
	"errors"
	"strconv"

	"bursar/gateway"
)

// leave notes that a task is in no queue, and not being done.
func (r *reporter) leave(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.queued, id)
}

// conclude is told what Bursar has answered to a report.
func (r *reporter) conclude(t *task, recorded *gateway.Recorded, err error) {
	switch {
	case err == nil:
		r.done(t, recorded)
	case r.ctx.Err() != nil || !gateway.IsRefused(err):
		r.proxy.logger.Debug("a report waits", "request", t.id, "error", err)
	default:
		payload, encodeErr := r.encode(t.report)
		if r.undeliverable(t.id, payload, errors.Join(err, encodeErr)) {
			r.proxy.outage.booked(t.report.Nanos)
		}
	}
}

func (r *reporter) done(t *task, recorded *gateway.Recorded) {
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
