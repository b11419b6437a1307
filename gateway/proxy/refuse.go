package proxy

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"bursar/gateway"
	"bursar/gateway/wire"
)

// fail answers the caller with a failure of the gateway's own, in the dialect of the path.
func (e *exchange) fail(w http.ResponseWriter, outcome Outcome, f wire.Failure) {
	e.seen.Outcome, e.seen.Status = outcome, f.Status
	f.RequestID = e.id
	e.head(w.Header())
	e.deadline(w)
	wire.WriteError(w, e.endpoint.Dialect, f)
}

// refuse answers a request that is wrong by itself.
func (e *exchange) refuse(w http.ResponseWriter, err error) {
	if problem, ok := errors.AsType[*wire.Problem](err); ok {
		f := problem.Failure()
		f.Final = f.Status != http.StatusServiceUnavailable
		e.fail(w, Refused, f)
		return
	}
	// the connection broke, or took too long, before the request was whole
	e.fail(w, Left, wire.Failure{Status: http.StatusRequestTimeout, Reason: "INCOMPLETE_REQUEST", Message: "The request did not arrive in full."})
}

// soon is when a caller may try again after a failure that passes by itself; the answer's header adds jitter.
const soon = time.Second

// unavailable answers that nobody could decide.
func (e *exchange) unavailable(w http.ResponseWriter, what string, err error) {
	e.proxy.logger.Warn("a call was refused", "request", e.id, "reason", what, "error", err)
	e.fail(w, Unavailable, wire.Failure{Status: http.StatusServiceUnavailable, Reason: "UNAVAILABLE", Message: what + ". Try again later.", RetryAfter: soon})
}

// deny answers a call that Bursar did not admit: with its decision, or for an error of the gateway's own.
func (e *exchange) deny(w http.ResponseWriter, err error) {
	denied, ok := errors.AsType[*gateway.Denied](err)
	if !ok {
		e.denyError(w, err)
		return
	}
	f := denied.Failure()
	if f.Status == http.StatusPreconditionFailed {
		f.Status = e.DeniedStatus
	}
	e.seen.Outcome = Denied
	w.Header().Set("X-Bursar-Reason", f.Reason)
	e.limits(w.Header(), denied.Limits)
	e.fail(w, Denied, f)
}

// denyError answers for an error that is no denial.
func (e *exchange) denyError(w http.ResponseWriter, err error) {
	f := gateway.FailureOf(err)
	switch f.Status {
	case http.StatusServiceUnavailable:
		e.unavailable(w, "Bursar does not answer, so that nothing was sent to the provider", err)
	case http.StatusBadRequest, http.StatusConflict:
		e.fail(w, Refused, f)
	default:
		e.proxy.logger.Error("Bursar refuses the gateway", "request", e.id, "error", err)
		e.fail(w, Unavailable, f)
	}
}

// quote returns a name that a caller chose, shortened, in quotes.
func quote(name string) string {
	const most = 60
	if len(name) > most {
		name = name[:most] + "…"
	}
	return strconv.Quote(name)
}
