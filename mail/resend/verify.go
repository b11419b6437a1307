package resend

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// eventTolerance is how far the time of an event's signature may be from this
// machine's clock: an event that somebody has recorded is worth nothing later.
const eventTolerance = 5 * time.Minute

// EventRefusal is why a delivery event was refused.
type EventRefusal string

// The reasons. An event of another time whose signature is right means that this
// machine's clock is off, or that somebody repeats what they have recorded.
const (
	EventSignature EventRefusal = "signature"       // it is wrong, or a header is missing
	EventTooOld    EventRefusal = "too_old"         // signed too long ago
	EventInFuture  EventRefusal = "from_the_future" // signed at a time that this machine's clock has not reached
)

// EventRefusals returns all reasons.
func EventRefusals() []EventRefusal {
	return []EventRefusal{EventSignature, EventTooOld, EventInFuture}
}

// eventVerifier tells events that Resend signed from others. Its signatures are
// those of the Standard Webhooks specification, under older names of headers.
type eventVerifier struct{ webhook *standardwebhooks.Webhook }

func newEventVerifier(secret string) (*eventVerifier, error) {
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, fmt.Errorf("mail: the secret of delivery events is not base 64 after whsec_: %w", err)
	}
	return &eventVerifier{webhook}, nil
}

// verify returns "" for an event that Resend signed just now; else why it is
// refused, also in words.
func (v *eventVerifier) verify(body []byte, header http.Header) (refusal EventRefusal, why string) {
	standard := http.Header{}
	for _, name := range []string{"id", "timestamp", "signature"} {
		standard.Set("webhook-"+name, header.Get("svix-"+name))
	}
	if err := v.webhook.VerifyIgnoringTimestamp(body, standard); err != nil {
		return EventSignature, "the event's signature is wrong: " + err.Error()
	}
	seconds, err := strconv.ParseInt(header.Get("svix-timestamp"), 10, 64)
	if err != nil {
		return EventSignature, "the time of the event's signature is not a number"
	}
	switch age := time.Since(time.Unix(seconds, 0)); {
	case age > eventTolerance:
		return EventTooOld, fmt.Sprintf("the event is too old: it was signed %d s before the time of this server's clock", age/time.Second)
	case age < -eventTolerance:
		return EventInFuture, fmt.Sprintf("the event is from the future: it was signed %d s after the time of this server's clock", -age/time.Second)
	}
	return "", ""
}
