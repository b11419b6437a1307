package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/resend/resend-go/v2"
)

// maxWebhookBody bounds an event's body, in bytes. Resend's are about 1 KiB.
const maxWebhookBody = 256 << 10

// The tags of a mail. By the mail's own id a delivery event is known to be
// about one of ours, also when the provider's answer, and with it the
// provider's id, was lost.
const (
	mailTag         = "mail_id"
	organizationTag = "organization"
	// AlertTag names the alert that a mail is about, as clients know it.
	AlertTag = "alert_id"
)

// ErrUnknownMail is a delivery event about a mail that nobody knows (yet).
var ErrUnknownMail = errors.New("mail: no delivery has this provider id")

// Event is what became of a mail after the provider accepted it.
type Event struct {
	ProviderID string
	Status     string // DELIVERED, BOUNCED, COMPLAINED or FAILED
	Reason     string // why, for BOUNCED and FAILED; "" when the provider gave none
	MailID     string // the mail's own id; "" when the mail is not tagged with one
	Suppress   bool   // whether the address should not be written to again: it bounced for good or complained
}

// statuses are the events that move a delivery on; Resend has others, such as
// email.opened, which say nothing of it.
var statuses = map[string]string{
	"email.delivered":  "DELIVERED",
	"email.bounced":    "BOUNCED",
	"email.complained": "COMPLAINED",
	"email.failed":     "FAILED",
	"email.suppressed": "BOUNCED", // Resend holds back what goes to an address that bounced before
}

// transientBounce is the type of a bounce that says nothing against the next
// mail: a full mailbox, a server that was away for too long.
const transientBounce = "Transient"

// webhookEvent is the body of a delivery event:
// https://resend.com/docs/dashboard/webhooks/event-types
type webhookEvent struct {
	Type string `json:"type"`
	Data struct {
		EmailID string `json:"email_id"`
		Tags    tags   `json:"tags"`
		Bounce  struct {
			Message string `json:"message"`
			Type    string `json:"type"`
		} `json:"bounce"`
		Suppressed struct {
			Message string `json:"message"`
		} `json:"suppressed"`
		Failed struct {
			Reason string `json:"reason"`
		} `json:"failed"`
	} `json:"data"`
}

// tags are the tags of an event's mail. Resend documents them as a list of names
// and values, shows them as an object, and has events without.
type tags map[string]string

// UnmarshalJSON implements [json.Unmarshaler]. What has neither form is no tag of
// ours, and must not cost us the event.
func (t *tags) UnmarshalJSON(text []byte) error {
	var object map[string]string
	if err := json.Unmarshal(text, &object); err == nil {
		*t = object
		return nil
	}
	var list []struct{ Name, Value string }
	if err := json.Unmarshal(text, &list); err != nil {
		return nil //nolint:nilerr // see above
	}
	*t = tags{}
	for _, tag := range list {
		(*t)[tag.Name] = tag.Value
	}
	return nil
}

// NewWebhook returns the handler of Resend's delivery events. Each is checked
// against the endpoint's signing secret (whsec_…) and its age (5 minutes at
// most), and given to note, which must take the same event any number of times.
//
// It answers 204 for what was noted and for what is no concern of ours, 401 for
// a wrong signature, 404 for one of our mails that note does not know yet
// (Resend sends it again later), and 500 when note fails.
func NewWebhook(secret string, note func(context.Context, Event) error, logger *slog.Logger) http.Handler {
	verifier := resend.NewClient("").Webhooks
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhookBody))
		if err != nil {
			http.Error(w, "the event could not be read", http.StatusBadRequest)
			return
		}
		err = verifier.Verify(&resend.VerifyWebhookOptions{
			Payload: string(body),
			Headers: resend.WebhookHeaders{
				Id: r.Header.Get("svix-id"), Timestamp: r.Header.Get("svix-timestamp"), Signature: r.Header.Get("svix-signature"),
			},
			WebhookSecret: secret,
		})
		if err != nil {
			logger.WarnContext(r.Context(), "delivery event refused", "error", err)
			http.Error(w, "the event's signature is wrong", http.StatusUnauthorized)
			return
		}
		w.WriteHeader(noteEvent(r.Context(), body, note, logger))
	})
}

// noteEvent notes an event whose signature is right and returns the HTTP status to answer.
func noteEvent(ctx context.Context, body []byte, note func(context.Context, Event) error, logger *slog.Logger) int {
	var event webhookEvent
	if err := json.Unmarshal(body, &event); err != nil {
		logger.WarnContext(ctx, "delivery event is malformed", "error", err)
		return http.StatusBadRequest
	}
	status, concerns := statuses[event.Type]
	if !concerns || event.Data.EmailID == "" {
		return http.StatusNoContent
	}
	err := note(ctx, event.event(status))
	switch {
	case errors.Is(err, ErrUnknownMail) && event.Data.Tags[mailTag] == "":
		return http.StatusNoContent // another program's mail
	case errors.Is(err, ErrUnknownMail):
		return http.StatusNotFound
	case err != nil:
		logger.ErrorContext(ctx, "delivery event was not noted", "error", err)
		return http.StatusInternalServerError
	}
	return http.StatusNoContent
}

func (e *webhookEvent) event(status string) Event {
	return Event{
		ProviderID: e.Data.EmailID,
		Status:     status,
		Reason:     oneLine(cmp.Or(e.Data.Bounce.Message, e.Data.Failed.Reason, e.Data.Suppressed.Message)),
		MailID:     e.Data.Tags[mailTag],
		Suppress:   status == "COMPLAINED" || status == "BOUNCED" && e.Data.Bounce.Type != transientBounce,
	}
}
