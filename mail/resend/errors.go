package resend

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"bursar/mail"
)

// codeOtherPayload is Resend's name for a known idempotency key that came with
// other contents.
const codeOtherPayload = "invalid_idempotent_request"

// statusRefusedAlone is the status of a message of which Resend says in the
// answer to its batch what it would have said to the message alone.
const statusRefusedAlone = http.StatusUnprocessableEntity

// codeFrom is Resend's name for a sender's address that it finds fault with.
const codeFrom = "invalid_from_address"

// quotaSuffix ends Resend's names for a used-up quota, daily_quota_exceeded and
// monthly_quota_exceeded. A call too many in a second is rate_limit_exceeded.
const quotaSuffix = "quota_exceeded"

// Error is Resend's refusal of a call, or of one message of a batch.
type Error struct {
	// Status is the HTTP status of the answer.
	Status int
	// Code is Resend's name for the refusal, such as "validation_error";
	// empty if it gave none.
	Code string
	// Message is Resend's explanation, or the text of the status. It can
	// quote the recipient's address.
	Message string

	retryAfter    time.Duration
	hasRetryAfter bool
}

var _ mail.Failure = (*Error)(nil)

// Error says what Resend answered.
func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("mail: provider answered %d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("mail: provider answered %d %s: %s", e.Status, e.Code, e.Message)
}

// Permanent implements [mail.Failure]: Resend understood the request and
// refuses this message. 401 and 403 (a wrong key, an unverified domain), 404
// and 405 (a wrong base URL) are the operator's to mend and hold for every
// message, so the mail waits for that; and so does it for a sender's address or
// an API key that is malformed. Resend reports those like a fault of the
// message, and the key in words alone.
func (e *Error) Permanent() bool {
	if e.Code == codeFrom || e.Status == http.StatusBadRequest && strings.Contains(strings.ToLower(e.Message), "api key") {
		return false
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return e.Status >= 400 && e.Status < 500
}

// Accepted implements [mail.Failure].
func (e *Error) Accepted() bool {
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusConflict:
		return true
	}
	return e.Status < 400 || e.Status >= 500
}

// AlreadyAccepted implements [mail.Failure].
func (e *Error) AlreadyAccepted() bool {
	return e.Status == http.StatusConflict && e.Code == codeOtherPayload
}

// Limited implements [mail.Failure].
func (e *Error) Limited() bool { return e.Status == http.StatusTooManyRequests }

// QuotaUsedUp implements [mail.Failure].
func (e *Error) QuotaUsedUp() bool { return e.Limited() && strings.HasSuffix(e.Code, quotaSuffix) }

// RetryAfter implements [mail.Failure]: the Retry-After of a 429 or 503, at
// most 24 hours.
func (e *Error) RetryAfter() (time.Duration, bool) { return e.retryAfter, e.hasRetryAfter }
