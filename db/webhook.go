package db

import (
	"net/url"
	"time"

	"bursar/id"
)

// IsNode marks a type of GraphQL's interface Node.
func (*Webhook) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*WebhookDelivery) IsNode() {}

// ExternalID returns the webhook's external id.
func (w *Webhook) ExternalID() string { return id.Webhook.Format(w.ID) }

// ExternalID returns the delivery's external id.
func (d *WebhookDelivery) ExternalID() string { return id.WebhookDelivery.Format(d.ID) }

// Origin returns the scheme and the host of the webhook's URL.
func (w *Webhook) Origin() string {
	target, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return target.Scheme + "://" + target.Host
}

// TransitionEndsAt returns until when secrets before the present one sign as well; nil when none does.
func (w *Webhook) TransitionEndsAt() *time.Time {
	if w.PreviousSecretsEndAt == nil || !w.PreviousSecretsEndAt.After(time.Now()) {
		return nil
	}
	return w.PreviousSecretsEndAt
}

// ToldEvents returns of what the webhook is told.
func (w *Webhook) ToldEvents() []WebhookEvent {
	events := make([]WebhookEvent, len(w.Events))
	for i, name := range w.Events {
		events[i] = WebhookEvent(name)
	}
	return events
}

// LastChange returns the webhook's version, when it was changed last, and by whom.
func (w *Webhook) LastChange() Change {
	return changeOf(w.Version, w.CreatedAt, w.UpdatedAt, w.UpdatedBy)
}

// LastChangedAt returns when the webhook was changed last, or when it was created.
func (w *Webhook) LastChangedAt() time.Time { return w.LastChange().At }

// DueAt returns the time of the next attempt to send; nil when there is none.
func (d *WebhookDelivery) DueAt() *time.Time {
	if d.Status != WebhookDeliveryStatusQUEUED {
		return nil
	}
	return &d.NextAttemptAt
}

// SettledAt returns when the delivery was made or given up; nil when neither.
func (d *WebhookDelivery) SettledAt() *time.Time {
	if d.Status == WebhookDeliveryStatusQUEUED {
		return nil
	}
	return &d.StatusAt
}
