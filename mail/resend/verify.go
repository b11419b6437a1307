package resend

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	// eventTolerance is how far the time of an event's signature may be from this
	// machine's clock, in seconds: an event that somebody has recorded is worth
	// nothing later.
	eventTolerance = 300
	maxEventID     = 256     // bytes; Resend's have about 30
	maxSignatures  = 2 << 10 // bytes of all signatures of an event; Resend's have 47 each, one for each secret while secrets rotate
	signatureBytes = 32      // of an HMAC-SHA256
)

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

// checkHeader returns why a request is no event of Resend's, as far as its
// header tells; nil when its body is worth reading.
func (v *eventVerifier) checkHeader(r *http.Request) *refusal {
	header := r.Header
	malformed := func(why string) *refusal { return &refusal{EventHeaders, http.StatusUnauthorized, why} }
	if id := header.Get("svix-id"); id == "" || len(id) > maxEventID || strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return malformed("svix-id is missing or malformed")
	}
	seconds, err := strconv.ParseUint(header.Get("svix-timestamp"), 10, 63)
	if err != nil {
		return malformed("svix-timestamp is missing or not a number")
	}
	if signatures := header.Get("svix-signature"); len(signatures) > maxSignatures || !hasSignature(signatures) {
		return malformed("svix-signature is missing or malformed")
	}
	switch age := time.Now().Unix() - int64(seconds); { // of at most 63 bits
	case age > eventTolerance:
		return &refusal{EventTooOld, http.StatusUnauthorized,
			fmt.Sprintf("the event is too old: it was signed %d s before the time of this server's clock", age)}
	case age < -eventTolerance:
		return &refusal{EventInFuture, http.StatusUnauthorized,
			fmt.Sprintf("the event is from the future: it was signed %d s after the time of this server's clock", -age)}
	}
	if r.ContentLength > maxWebhookBody {
		return errTooLarge()
	}
	return nil
}

// hasSignature tells whether one of the signatures, which blanks separate, has the form of one that verify knows.
func hasSignature(signatures string) bool {
	for signature := range strings.SplitSeq(signatures, " ") {
		if encoded, ok := strings.CutPrefix(signature, "v1,"); ok {
			if decoded, err := base64.StdEncoding.DecodeString(encoded); err == nil && len(decoded) == signatureBytes {
				return true
			}
		}
	}
	return false
}

// verify returns nil for an event that Resend signed; its header has been checked.
func (v *eventVerifier) verify(body []byte, header http.Header) *refusal {
	standard := http.Header{}
	for _, name := range []string{"id", "timestamp", "signature"} {
		standard.Set("webhook-"+name, header.Get("svix-"+name))
	}
	if err := v.webhook.VerifyIgnoringTimestamp(body, standard); err != nil {
		return &refusal{EventSignature, http.StatusUnauthorized, "the event's signature is wrong: " + err.Error()}
	}
	return nil
}
