package resend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"bursar/mail"
)

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

// noteEvent notes an event whose signature is right and returns the HTTP status to answer.
func noteEvent(ctx context.Context, body []byte, note func(context.Context, mail.Event) error, logger *slog.Logger) int {
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
	case errors.Is(err, mail.ErrUnknownMail) && event.Data.Tags[mail.IDTag] == "":
		return http.StatusNoContent // another program's mail
	case errors.Is(err, mail.ErrUnknownMail):
		return http.StatusNotFound
	case err != nil:
		logger.ErrorContext(ctx, "delivery event was not noted", "error", err)
		return http.StatusInternalServerError
	}
	return http.StatusNoContent
}

func (e *webhookEvent) event(status string) mail.Event {
	return mail.Event{
		ProviderID: e.Data.EmailID,
		Status:     status,
		Reason:     mail.OneLine(cmp.Or(e.Data.Bounce.Message, e.Data.Failed.Reason, e.Data.Suppressed.Message)),
		MailID:     e.Data.Tags[mail.IDTag],
		Suppress:   status == "COMPLAINED" || status == "BOUNCED" && e.Data.Bounce.Type != transientBounce,
	}
}
