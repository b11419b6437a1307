// Package mail writes Bursar's alert mail and sends it through Resend. It also
// shows the mail that a development server kept instead of sending.
//
// It is a leaf: it knows nothing of the database or of the jobs that call it.
package mail

import "context"

// Message is one mail to one address.
type Message struct {
	// From and To are addresses as a mail header holds them: "a@acme.test"
	// or "Bursar <bursar@acme.test>".
	From, To string
	// Subject is one line.
	Subject string
	// HTML and Text are the two parts of the mail; either may be empty.
	HTML, Text string
	// IdempotencyKey names this mail to the provider: however often it is
	// sent with the same key, one mail arrives. Required, at most 256 bytes.
	// Resend remembers a key for 24 hours.
	IdempotencyKey string
	// Tags come back in the provider's delivery events. The provider's
	// alphabet is narrow; a sender replaces what it does not allow.
	Tags map[string]string
}

// Sender sends mail.
type Sender interface {
	// Send hands one message to the provider and returns the provider's id
	// of it. An error means that the message may or may not have been
	// accepted: sending it again with the same idempotency key is safe.
	// [Permanent] tells whether that is of any use, [RetryAfter] when.
	Send(ctx context.Context, message Message) (providerID string, err error)
}
