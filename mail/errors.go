package mail

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// codeOtherPayload is Resend's name for a known idempotency key that came with
// other contents.
const codeOtherPayload = "invalid_idempotent_request"

// statusRefusedAlone is the status of a message of which the provider says in
// the answer to its batch what it would have said to the message alone.
const statusRefusedAlone = http.StatusUnprocessableEntity

// codeFrom is Resend's name for a sender's address that it finds fault with.
const codeFrom = "invalid_from_address"

// Error is a provider's refusal of a call, or of one message of a batch.
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
// waits for that; and so does it for a sender's address or an API key that is
// malformed, which Resend tells like a fault of the message, the latter in
// words alone.
func (e *Error) permanent() bool {
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

// invalidMessageError is a message that is refused before it is sent.
type invalidMessageError struct{ reason string }

func (e *invalidMessageError) Error() string { return "mail: invalid message: " + e.reason }

// Permanent reports whether err says that these messages will never be sent,
// however often it is tried: a bad address, a refused content. Of several in
// one call a single one may be to blame. Everything else is temporary: outages,
// timeouts, rate limits, and also a wrong API key, which is no message's fault.
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

// Accepted reports whether the provider may have accepted the messages although
// err came back: the answer was lost, broken, or says nothing of that. It is
// false when the provider refused the call before it looked at the messages (a
// rate limit, a wrong key or URL) or because of them.
func Accepted(err error) bool {
	answer, ok := errors.AsType[*Error](err)
	if !ok {
		_, invalid := errors.AsType[*invalidMessageError](err)
		return err != nil && !invalid
	}
	switch answer.Status {
	case http.StatusRequestTimeout, http.StatusConflict:
		return true
	}
	return answer.Status < 400 || answer.Status >= 500
}

// Limited reports whether the provider refused the call because there were too
// many, whether or not it said when to come again.
func Limited(err error) bool {
	answer, ok := errors.AsType[*Error](err)
	return ok && answer.Status == http.StatusTooManyRequests
}

// AlreadyAccepted reports whether the provider refused the call because it
// accepted other contents under the same idempotency key before: an attempt
// whose answer was lost did arrive, and what it carried has been put together
// differently since, by a newer version of this program for instance. Making it
// again under another key would deliver every mail twice.
func AlreadyAccepted(err error) bool {
	answer, ok := errors.AsType[*Error](err)
	return ok && answer.Status == http.StatusConflict && answer.Code == codeOtherPayload
}
