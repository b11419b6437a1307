// Package fault is the closed list of errors that clients can get. A denied request is not an error: it is an answer.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Code is what clients match on, answered as extensions.code.
type Code string

// The codes, as the contract lists them.
const (
	Unauthenticated     Code = "UNAUTHENTICATED"       // no token, or a wrong, expired or revoked one
	Forbidden           Code = "FORBIDDEN"             // the token's role may not do this
	NotFound            Code = "NOT_FOUND"             // no such thing, or it is another organization's
	BadUserInput        Code = "BAD_USER_INPUT"        // a value is out of range or malformed; Field names it
	Conflict            Code = "CONFLICT"              // a name, slug or limit that exists already
	IdempotencyMismatch Code = "IDEMPOTENCY_MISMATCH"  // the same request id with other contents
	FeatureNotAvailable Code = "FEATURE_NOT_AVAILABLE" // the organization's plan does not include governance
	QuotaExceeded       Code = "QUOTA_EXCEEDED"        // the organization has as many as the operator allows; extensions.quota names which
	ReservationClosed   Code = "RESERVATION_CLOSED"    // settling or extending what was settled or released already
	QueryTooComplex     Code = "QUERY_TOO_COMPLEX"     // over a limit of documents, such as depth, complexity or page size
	// PersistedQueryNotFound: a hash alone was sent, of a document that this server does not know; send the document with it
	PersistedQueryNotFound Code = "PERSISTED_QUERY_NOT_FOUND"

	Unavailable Code = "UNAVAILABLE" // the database cannot be reached or timed out, or the organization is moved; nothing was granted
	Internal    Code = "INTERNAL"    // anything else; the cause is in the log, never in the message
)

// Fault is an error with a code and a message that a client may read. Cause is for the log alone.
type Fault struct {
	Code    Code
	Message string
	Field   string // the path of the offending value in the operation's input, as in budgetLimits.0.amount; "" when none is
	Cause   error
	// Extensions are told to the client beside code and field; nil: none.
	Extensions map[string]any
}

// New returns a fault with a public message.
func New(code Code, format string, args ...any) *Fault {
	return &Fault{Code: code, Message: fmt.Sprintf(format, args...)}
}

// BadInput returns a BAD_USER_INPUT fault about the field at a path of the operation's input.
func BadInput(field, format string, args ...any) *Fault {
	return &Fault{Code: BadUserInput, Field: field, Message: field + ": " + fmt.Sprintf(format, args...)}
}

// Because returns the fault with the cause that the log gets.
func (f *Fault) Because(cause error) *Fault {
	with := *f
	with.Cause = cause
	return &with
}

// At returns the fault with its field prefixed by a path, for values nested in lists and objects of an input.
func (f *Fault) At(path string) *Fault {
	with := *f
	switch {
	case path == "":
	case f.Field == "":
		with.Field = path
	default:
		with.Field = path + "." + f.Field
		with.Message = path + "." + f.Message
	}
	return &with
}

// Reason returns what is wrong with the field, as a sentence that a form shows beside it: the message without the field's name.
func (f *Fault) Reason() string {
	text := strings.TrimPrefix(f.Message, f.Field+": ")
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// Error returns the code, the public message and the cause: for logs.
func (f *Fault) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", f.Code, f.Message, f.Cause)
	}
	return fmt.Sprintf("%s: %s", f.Code, f.Message)
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// CodeOf returns the code of an error: INTERNAL for one that is no fault.
func CodeOf(err error) Code {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Code
	}
	return Internal
}

// All returns the faults that were joined to an error, in their order.
func All(err error) []*Fault {
	if joined, is := err.(interface{ Unwrap() []error }); is {
		var faults []*Fault
		for _, nested := range joined.Unwrap() {
			faults = append(faults, All(nested)...)
		}
		return faults
	}
	if f, is := errors.AsType[*Fault](err); is {
		return []*Fault{f}
	}
	return nil
}
