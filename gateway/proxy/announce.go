package proxy

import (
	"errors"
	"time"

	"bursar/gateway"
)

// announce tells Bursar of the outage in which a call went on, before the call is booked: so whatever ends the process meanwhile, either the audit log has
// the outage or its calls are in the spool, of which the next process makes it up. False: Bursar does not answer, and the report has to wait.
func (r *reporter) announce(report *spooled) bool {
	r.announcing.Lock()
	defer r.announcing.Unlock()
	outage, ended := r.proxy.outage.find(report.Outage)
	if outage == nil {
		return true
	}
	if !ended {
		// a call in whose place nothing is made: it says whether Bursar answers, whatever it answers
		err := r.proxy.current.Load().client.Check(r.ctx, gateway.Request{Secret: report.Secret, MaxOutputTokens: new(int64), Cost: "0"})
		if errors.Is(err, gateway.ErrUnavailable) {
			return false
		}
		r.proxy.outage.close(outage, time.Now())
	}
	return r.tell(outage)
}

// announceEnded tells Bursar of outages whose calls have cost nothing, so that there is no report of them.
func (r *reporter) announceEnded() {
	r.announcing.Lock()
	defer r.announcing.Unlock()
	for _, outage := range r.proxy.outage.unreported() {
		if !r.tell(outage) {
			return
		}
	}
}

// tell tells Bursar of an outage that has ended. False: Bursar does not answer.
func (r *reporter) tell(outage *letThrough) bool {
	report := outage.report()
	err := r.proxy.current.Load().client.ReportOutage(r.ctx, report)
	failed, _ := errors.AsType[*gateway.Error](err)
	switch {
	case err == nil:
		r.proxy.logger.Info("an outage of Bursar is in the audit log", "request", report.RequestID, "began", report.Began, "ended", report.Ended, "calls", report.Calls,
			"dollars", report.Cost)
	case errors.Is(err, gateway.ErrUnavailable):
		return false
	case failed != nil && failed.Code == gateway.CodeIdempotencyMismatch: // an earlier process has told of it, with what it knew
		r.proxy.logger.Info("the audit log has this outage already", "request", report.RequestID)
	default: // as of a Bursar that does not know outages: the calls are booked all the same
		r.proxy.logger.Error("an outage of Bursar is not in the audit log", "request", report.RequestID, "began", report.Began, "ended", report.Ended, "calls", report.Calls,
			"dollars", report.Cost, "error", err)
	}
	r.proxy.outage.forget(outage.id)
	return true
}
