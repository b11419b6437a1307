package mail

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// codeOtherPayload is Resend's name for a known idempotency key that came with
// other contents.
const codeOtherPayload = "invalid_idempotent_request"

// Error is a provider's refusal of a message.
type Error struct {
	// Status is the HTTP status of the answer.
	Status int
	// Code is the provider's name for the refusal, such as
	// "validation_error"; empty if it gave none.
	Code string
	// Message is the provider's explanation, or the text of the status. It
	// can quote the recipient's address.
	Message string

	retryAfter    time.Duration
	hasRetryAfter bool
}

// Error says what the provider answered.
func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("mail: provider answered %d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("mail: provider answered %d %s: %s", e.Status, e.Code, e.Message)
}

// permanent: the provider understood the request and refuses this message.
// 401 and 403 (a wrong key, an unverified domain), 404 and 405 (a wrong base
// URL) are the operator's to mend and hold for every message, so the mail
// waits for that.
func (e *Error) permanent() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return e.Status >= 400 && e.Status < 500
}

// invalidMessageError is a message that is refused before it is sent.
type invalidMessageError struct{ reason string }

func (e *invalidMessageError) Error() string { return "mail: invalid message: " + e.reason }

// Permanent reports whether err says that this message will never be sent,
// however often it is tried: a bad address, a refused content. Everything else
// is temporary: outages, timeouts, rate limits, and also a wrong API key, which
// is not the message's fault.
func Permanent(err error) bool {
	if _, ok := errors.AsType[*invalidMessageError](err); ok {
		return true
	}
	answer, ok := errors.AsType[*Error](err)
	return ok && answer.permanent()
}

// RetryAfter is how long the provider asked to wait before the next request
// (the Retry-After of a 429 or 503), at most 24 hours. False if it asked for
// nothing: the caller's own backoff applies.
func RetryAfter(err error) (time.Duration, bool) {
	answer, ok := errors.AsType[*Error](err)
	if !ok {
		return 0, false
	}
	return answer.retryAfter, answer.hasRetryAfter
}

// AlreadyAccepted reports whether the provider refused the message because it
// accepted other contents under the same idempotency key before: an attempt
// whose answer was lost did arrive, and the mail has been rendered anew since,
// by a newer version's templates for instance. Sending it again after the
// provider forgot the key would deliver a second mail.
func AlreadyAccepted(err error) bool {
	answer, ok := errors.AsType[*Error](err)
	return ok && answer.Status == http.StatusConflict && answer.Code == codeOtherPayload
}
