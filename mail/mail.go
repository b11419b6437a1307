// Package mail writes Bursar's alert mail: its wording, its templates, and what
// a provider that sends it must promise. It also shows the mail that a
// development server kept instead of sending.
//
// It is a leaf: it knows nothing of the database, of the provider or of the
// jobs that call it.
package mail

import (
	"context"
	"strings"
	"unicode"
)

// MaxBatch is the most messages that one batch may hold, as Resend has it.
const MaxBatch = 100

// Message is one mail to one address. Its JSON form is stored, so that a mail
// is sent again as it was written first: names in it do not change.
type Message struct {
	// From and To are addresses as a mail header holds them: "a@acme.test"
	// or "Bursar <bursar@acme.test>".
	From string `json:"from"`
	To   string `json:"to"`
	// Subject is one line.
	Subject string `json:"subject"`
	// HTML and Text are the two parts of the mail; either may be empty.
	HTML string `json:"html"`
	Text string `json:"text"`
	// Tags come back in the provider's delivery events. The provider's
	// alphabet is narrow; a sender replaces what it does not allow.
	Tags map[string]string `json:"tags"`
}

// Validate refuses what must not reach a mail header. Whether an address
// exists or is well formed is for the provider to say.
func (m Message) Validate() error {
	for _, field := range []struct{ name, value string }{{"From", m.From}, {"To", m.To}, {"Subject", m.Subject}} {
		if strings.TrimSpace(field.value) == "" {
			return &InvalidMessageError{field.name + " is empty"}
		}
		if strings.ContainsFunc(field.value, unicode.IsControl) {
			return &InvalidMessageError{field.name + " holds a control character"}
		}
	}
	return nil
}

// Result is what became of one message of a batch that the provider took.
type Result struct {
	// ProviderID is the provider's id of the mail; "" if the provider did
	// not say, or refused it.
	ProviderID string
	// Refusal is why this message will never be sent; nil when it was
	// accepted.
	Refusal error
}

// Sender sends mail.
type Sender interface {
	// Send hands 1 to [MaxBatch] messages to the provider in one call and
	// returns what became of each, in their order.
	//
	// The key names the call to the provider: however often it is made with
	// the same key and the same messages, each mail arrives once, and the
	// answer is the same. It is printable ASCII of at most 256 bytes; Resend
	// remembers it for 24 hours.
	//
	// An error is about the call as a whole: [Permanent] tells that these
	// messages cannot go in one call, [Accepted] whether they may have been
	// accepted all the same, [RetryAfter] when the provider wants the next
	// call.
	Send(ctx context.Context, key string, messages []Message) ([]Result, error)
}
