package proxy

import (
	"errors"
	"fmt"
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
	f := wire.Failure{Status: denied.HTTPStatus, Reason: string(denied.Reason()), Details: details(denied)}
	if len(denied.Denials) > 0 {
		f.Message = messageOf(denied)
	}
	switch {
	case f.Status == http.StatusPreconditionFailed:
		f.Status, f.Final = e.DeniedStatus, true
	case f.Status != http.StatusTooManyRequests:
		f.Final = true
	case denied.Retryable:
		f.RetryAfter = max(denied.RetryAfter, time.Second)
	case denied.Is(gateway.HoldsExceeded):
		f.RetryAfter = soon
	default:
		f.Final = true
	}
	if f.Status < http.StatusBadRequest { // Bursar of a later version
		f.Status, f.Final = http.StatusForbidden, true
	}
	e.seen.Outcome = Denied
	w.Header().Set("X-Bursar-Reason", f.Reason)
	e.limits(w.Header(), denied.Limits)
	e.fail(w, Denied, f)
}

// messageOf returns the sentence of the reason that decides the status.
func messageOf(d *gateway.Denied) string {
	for _, denial := range d.Denials {
		if denial.Reason == d.Reason() {
			return denial.Message
		}
	}
	return d.Denials[0].Message
}

// details returns all reasons, for programs.
func details(d *gateway.Denied) map[string]any {
	all := make([]map[string]any, 0, len(d.Denials))
	for _, denial := range d.Denials {
		one := map[string]any{"reason": denial.Reason, "message": denial.Message}
		if denial.LimitID != "" {
			one["limit_id"] = denial.LimitID
		}
		if denial.RetryAt != nil {
			one["retry_at"] = denial.RetryAt.UTC().Format(time.RFC3339)
		}
		all = append(all, one)
	}
	return map[string]any{"denials": all}
}

// denyError answers for an error of Bursar that is none of the caller's, unless what the caller asked for is out of range.
func (e *exchange) denyError(w http.ResponseWriter, err error) {
	failed, ok := errors.AsType[*gateway.Error](err)
	switch {
	case ok && failed.Temporary():
		e.unavailable(w, "Bursar does not answer, so that nothing was sent to the provider", err)
	case ok && failed.Code == gateway.CodeBadUserInput:
		e.fail(w, Refused, wire.Failure{Status: http.StatusBadRequest, Reason: failed.Code, Message: failed.Message, Final: true})
	case ok && failed.Code == gateway.CodeIdempotencyMismatch:
		e.fail(w, Denied, wire.Failure{Status: http.StatusConflict, Reason: failed.Code, Message: failed.Message, Final: true})
	default:
		e.proxy.logger.Error("Bursar refuses the gateway", "request", e.id, "error", err)
		e.fail(w, Unavailable, wire.Failure{Status: http.StatusInternalServerError, Reason: "GATEWAY_MISCONFIGURED", Final: true,
			Message: "The gateway could not ask Bursar; nothing was sent to the provider. Its operator finds the reason in the log."})
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

// sizeText returns a number of bytes for people.
func sizeText(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
