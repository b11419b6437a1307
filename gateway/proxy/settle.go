package proxy

import (
	"time"
	"unicode/utf8"

	"bursar/gateway"
	"bursar/gateway/wire"
	"bursar/usage"
)

// settle decides what a call has cost, and notes it in the spool. It is called before the caller has the end of the answer.
func (e *exchange) settle(seen wire.Seen) {
	if e.settled {
		return
	}
	e.settled = true
	e.stop()
	e.seen.Upstream = time.Since(e.sent)
	if seen.Failed && !seen.HasUsage && seen.OutputBytes == 0 { // an error in place of an answer
		e.settled = false
		e.release()
		return
	}
	parts, estimated := seen.Parts, false
	if seen.Err != nil {
		e.proxy.logger.Warn("a provider's usage cannot be read, and is estimated", "provider", e.provider.Name, "request", e.id, "error", seen.Err)
	}
	if !seen.HasUsage || !seen.Ended || seen.Err != nil {
		parts, estimated = e.call.Estimate(seen), true
	}
	report := e.report(parts, estimated)
	e.seen.Parts, e.seen.Estimated = report.Parts, estimated
	e.proxy.reporter.finish(e.id, report, e.booked, seen.Failed)
}

// report returns the report of a call.
func (e *exchange) report(parts usage.Parts, estimated bool) spooled {
	if parts.Model == "" {
		parts.Model = e.call.Model
	}
	parts.Model = shorten(parts.Model)
	parts.Requests = 1
	s := spooled{
		Report: gateway.Report{RequestID: e.id, Parts: parts, Provider: e.provider.Prices, Estimated: estimated, OccurredAt: e.began.UTC().Truncate(time.Millisecond)},
		Secret: e.secret, Sealed: e.sealed.by(e.proxy.current.Load().box), Nanos: e.opened.nanos, Outage: e.opened.outage, KeyID: e.opened.key,
	}
	if e.reservation != nil {
		s.ReservationID = e.reservation.ID
	} else {
		s.Metadata = map[string]string{metadataFailedOpen: "true"}
	}
	if estimated && e.endpoint.Kind == wire.Other { // nothing is known of it but what the operator says
		s.Cost = e.OtherCost
	}
	return s
}

// metadataFailedOpen is the entry of a usage event's metadata, with the value "true", of a call that went on although Bursar did not answer.
const metadataFailedOpen = "failedOpen"

// shorten cuts a model's name that a provider has answered to what Bursar takes.
func shorten(model string) string {
	for len(model) > maxModel {
		_, size := utf8.DecodeLastRuneInString(model)
		model = model[:len(model)-size]
	}
	return model
}

// release gives back what is held for a call that cost nothing.
func (e *exchange) release() {
	if e.settled {
		return
	}
	e.settled = true
	e.stop()
	reservation := ""
	if e.reservation != nil {
		reservation = e.reservation.ID
	}
	e.proxy.reporter.drop(e.id, reservation, e.secret, e.opened.nanos)
	if e.booked != nil {
		e.booked <- nil
	}
}

// stop ends the heartbeats.
func (e *exchange) stop() {
	if e.stopBeat != nil {
		e.stopBeat()
		e.stopBeat = nil
	}
}

// end is called when the call is over, however it came to that. What was begun and is not decided yet is settled with what is known.
func (e *exchange) end() {
	if e.give != nil {
		e.give()
	}
	if !e.sent.IsZero() && !e.settled {
		seen := wire.Seen{}
		if e.body != nil {
			seen = e.body.Seen()
		}
		e.settle(seen)
	}
	if e.call != nil && e.provider != nil && !e.settled {
		e.release()
	}
	if e.body != nil && e.seen.Outcome == Answered && e.streams && !e.body.Seen().Ended {
		e.seen.Outcome = Left
	}
	if !e.sent.IsZero() && e.seen.Upstream == 0 {
		e.seen.Upstream = time.Since(e.sent)
	}
	e.stop()
	e.endSpan()
}

// forget lets go of the request's body, and gives its memory back, if the provider has all of it.
func (e *exchange) forget() {
	if e.upload == nil || !e.upload.Forget() {
		return
	}
	e.call.Forget()
	if e.give != nil {
		e.give()
		e.give = nil
	}
}

// Get implements [httputil.BufferPool]. It is called when the header of the answer is known.
func (e *exchange) Get() []byte { return e.proxy.buffers.Get(e.streams) }

// Put implements [httputil.BufferPool].
func (e *exchange) Put(buffer []byte) { e.proxy.buffers.Put(buffer) }
