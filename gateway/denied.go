package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"bursar/gateway/wire"
)

// Denied is the error of a call that may not be made. It carries the decision.
type Denied struct {
	// HTTPStatus is what to answer the caller: 401 (the key), 409 (the RequestID was used before), 412 (a budget or a price), 429 (a rate).
	HTTPStatus int
	// Retryable says whether waiting for RetryAfter helps, which is until the latest limit that denies opens again.
	Retryable  bool
	RetryAfter time.Duration
	// APIKeyID is the key's id; empty when there is no such key.
	APIKeyID string
	// Denials are all reasons, not only the first.
	Denials []Denial
	Limits  []Limit // if the Config asks for them
	// RequestID is that of the request. Replayed says that it was used before; Status is what became of its reservation then.
	RequestID string
	Replayed  bool
	Status    string
}

// Denial is one reason for which a call may not be made.
type Denial struct {
	Reason  Reason
	Message string // a sentence for people
	// LimitID is the limit that denies; empty when none does.
	LimitID string
	// RetryAt is when that limit opens again; nil when waiting does not help or nobody knows how long.
	RetryAt *time.Time
}

// Reason says why a call was denied. Later versions of Bursar may have others.
type Reason string

// The reasons.
const (
	KeyNotFound          Reason = "KEY_NOT_FOUND"
	KeyDisabled          Reason = "KEY_DISABLED"
	KeyExpired           Reason = "KEY_EXPIRED"
	KeyRevoked           Reason = "KEY_REVOKED"
	BudgetExhausted      Reason = "BUDGET_EXHAUSTED"
	RateLimited          Reason = "RATE_LIMITED"
	EstimateExceedsLimit Reason = "ESTIMATE_EXCEEDS_LIMIT"
	ReservationClosed    Reason = "RESERVATION_CLOSED"
	HoldsExceeded        Reason = "HOLDS_EXCEEDED"
	PriceUnknown         Reason = "PRICE_UNKNOWN"
	LeasesNotAllowed     Reason = "LEASES_NOT_ALLOWED" // of leases, which the client asks for
	LeaseTooSmall        Reason = "LEASE_TOO_SMALL"
	PolicyGroups         Reason = "POLICY_GROUPS_EXHAUSTED"
)

// Error names all reasons.
func (d *Denied) Error() string {
	texts := make([]string, 0, len(d.Denials))
	for _, denial := range d.Denials {
		texts = append(texts, denial.Message)
	}
	if len(texts) == 0 {
		return "gateway: denied"
	}
	return "gateway: denied: " + strings.Join(texts, " ")
}

// Reason returns the reason that decides the HTTP status, and of several the one that waiting helps least: the key's, a budget's, a rate's.
// It is empty when Bursar gave none.
func (d *Denied) Reason() Reason {
	for _, reason := range []Reason{
		KeyNotFound, KeyRevoked, KeyExpired, KeyDisabled, ReservationClosed, PriceUnknown, BudgetExhausted, EstimateExceedsLimit, RateLimited, HoldsExceeded, PolicyGroups,
	} {
		if d.Is(reason) {
			return reason
		}
	}
	if len(d.Denials) == 0 {
		return ""
	}
	return d.Denials[0].Reason // of a later version
}

// Is reports whether the denial has a reason: errors.Is(err, gateway.BudgetExhausted).
func (d *Denied) Is(target error) bool {
	reason, ok := target.(Reason)
	if !ok {
		return false
	}
	for _, denial := range d.Denials {
		if denial.Reason == reason {
			return true
		}
	}
	return false
}

// Error makes a reason a target of errors.Is.
func (r Reason) Error() string { return string(r) }

// Error is an operation that was not carried out, as far as anybody knows.
type Error struct {
	// Code is one of the API's error codes, such as UNAUTHENTICATED, or one of the codes below.
	Code    string
	Message string
	Field   string // of the input that is wrong, by its path; empty when none is
	// RequestID is what Bursar's log has about an INTERNAL error; empty when the answer has none.
	RequestID string
	cause     error
	unknown   bool // Bursar may have carried the operation out
	status    int  // of an answer that is none of Bursar's; else 0
}

// Codes beside the API's own.
const (
	CodeUnreachable = "UNREACHABLE" // no connection, no answer, or the answer of a proxy that has none
	CodeMalformed   = "MALFORMED"   // the answer is none of Bursar's
)

// Codes of the API that gateways tell apart.
const (
	CodeUnavailable         = "UNAVAILABLE"
	CodeNotFound            = "NOT_FOUND"
	CodeBadUserInput        = "BAD_USER_INPUT"
	CodeReservationClosed   = "RESERVATION_CLOSED"
	CodeIdempotencyMismatch = "IDEMPOTENCY_MISMATCH"
	CodeUnauthenticated     = "UNAUTHENTICATED"
	CodeForbidden           = "FORBIDDEN"
)

// ErrUnavailable is the target of errors.Is for errors that pass by themselves: Bursar was not reached, or could not reach its database.
// Nothing was granted. What was recorded may or may not have been stored: record it again, unchanged.
var ErrUnavailable = errors.New("gateway: Bursar does not answer")

// Error returns the code and the message.
func (e *Error) Error() string { return fmt.Sprintf("gateway: %s: %s", e.Code, e.Message) }

// Unwrap returns the failure of the connection; nil when there was an answer.
func (e *Error) Unwrap() error { return e.cause }

// Is makes an Error that passes by itself an ErrUnavailable.
func (e *Error) Is(target error) bool {
	return target == ErrUnavailable && e.Temporary()
}

// Temporary reports whether a retry of the same request may succeed.
func (e *Error) Temporary() bool { return e.Code == CodeUnavailable || e.Code == CodeUnreachable }

// IsRefused reports whether Bursar refuses a report for good. What fails otherwise passes by itself, or once an operator has done something about the
// client's token, or about Bursar.
func IsRefused(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	if !ok {
		return err != nil
	}
	switch failed.Code {
	case CodeBadUserInput, CodeIdempotencyMismatch, CodeNotFound, CodeReservationClosed:
		return true
	}
	return false
}

// Failure returns what to answer the caller, so that their SDK stops where waiting does not help, and waits where it does.
func (d *Denied) Failure() wire.Failure {
	f := wire.Failure{Status: d.HTTPStatus, Reason: string(d.Reason()), Message: d.message(), Details: d.details()}
	switch {
	case f.Status < http.StatusBadRequest: // of a later version
		f.Status, f.Final = http.StatusForbidden, true
	case f.Status != http.StatusTooManyRequests:
		f.Final = true
	case d.Retryable:
		f.RetryAfter = max(d.RetryAfter, time.Second)
	case d.Is(HoldsExceeded): // which has room again when another call ends, nobody knows when
		f.RetryAfter = time.Second
	default:
		f.Final = true
	}
	return f
}

// message returns the sentence of the reason that decides the status.
func (d *Denied) message() string {
	reason := d.Reason()
	for _, denial := range d.Denials {
		if denial.Reason == reason {
			return denial.Message
		}
	}
	return "Bursar does not admit this call."
}

// details returns all reasons, for programs.
func (d *Denied) details() map[string]any {
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
