package mail

import (
	"errors"
	"time"
)

// Failure is an error of a [Sender] that came from the provider's answer, and
// so says what became of the call. Every other error leaves that open.
type Failure interface {
	error
	// Permanent reports whether these messages will never be sent in one
	// call, however often it is tried.
	Permanent() bool
	// Accepted reports whether the provider may have accepted the messages
	// although it answered with an error.
	Accepted() bool
	// AlreadyAccepted reports whether the provider accepted other contents
	// under the same idempotency key before.
	AlreadyAccepted() bool
	// Limited reports whether there were too many calls.
	Limited() bool
	// QuotaUsedUp reports whether there were too many mails for the day or
	// the month: waiting for seconds does not help.
	QuotaUsedUp() bool
	// RetryAfter returns how long the provider asked to wait before the next
	// call; false if it asked for nothing.
	RetryAfter() (time.Duration, bool)
}

// InvalidMessageError is a message that is refused before it is sent.
type InvalidMessageError struct{ Reason string }

// Error implements [error].
func (e *InvalidMessageError) Error() string { return "mail: invalid message: " + e.Reason }

// Permanent reports whether err says that these messages will never be sent,
// however often it is tried: a bad address, a refused content. Of several in
// one call a single one may be to blame. Everything else is temporary: outages,
// timeouts, rate limits, and also a wrong API key, which is no message's fault.
func Permanent(err error) bool {
	if _, ok := errors.AsType[*InvalidMessageError](err); ok {
		return true
	}
	failure, ok := errors.AsType[Failure](err)
	return ok && failure.Permanent()
}

// RetryAfter is how long the provider asked to wait before the next call, at
// most 24 hours. False if it asked for nothing: the caller's own backoff
// applies.
func RetryAfter(err error) (time.Duration, bool) {
	failure, ok := errors.AsType[Failure](err)
	if !ok {
		return 0, false
	}
	return failure.RetryAfter()
}

// Accepted reports whether the provider may have accepted the messages although
// err came back: the answer was lost, broken, or says nothing of that. It is
// false when the provider refused the call before it looked at the messages (a
// rate limit, a wrong key or URL) or because of them.
func Accepted(err error) bool {
	if failure, ok := errors.AsType[Failure](err); ok {
		return failure.Accepted()
	}
	_, invalid := errors.AsType[*InvalidMessageError](err)
	return err != nil && !invalid
}

// Limited reports whether the provider refused the call because there were too
// many, whether or not it said when to come again.
func Limited(err error) bool {
	failure, ok := errors.AsType[Failure](err)
	return ok && failure.Limited()
}

// QuotaUsedUp reports whether the provider refused the call because the day's or
// the month's quota of mails is used up. It is a reason of [Limited].
func QuotaUsedUp(err error) bool {
	failure, ok := errors.AsType[Failure](err)
	return ok && failure.QuotaUsedUp()
}

// AlreadyAccepted reports whether the provider refused the call because it
// accepted other contents under the same idempotency key before: an attempt
// whose answer was lost did arrive, and what it carried has been put together
// differently since, by a newer version of this program for instance. Making it
// again under another key would deliver every mail twice.
func AlreadyAccepted(err error) bool {
	failure, ok := errors.AsType[Failure](err)
	return ok && failure.AlreadyAccepted()
}
