package validate

import (
	"fmt"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/webhook"
)

// maxTransitionOfWebhook is how many seconds at most two secrets of a webhook sign.
const maxTransitionOfWebhook = 7 * 24 * 60 * 60

// CreateWebhook checks the input of createWebhook, but for the owner. The networks are those that the operator allows.
func CreateWebhook(input *model.CreateWebhookInput, networks webhook.Networks) error {
	return Together(text("name", input.Name, maxName), target(input.URL, networks), events(input.Events), textPointer("requestId", input.RequestID, maxRequestID))
}

// UpdateWebhook checks the input of updateWebhook, but for the id.
func UpdateWebhook(input *model.UpdateWebhookInput, networks webhook.Networks) error {
	var urlErr, eventsErr error
	if input.URL != nil {
		urlErr = target(*input.URL, networks)
	}
	if input.Events != nil {
		eventsErr = events(input.Events)
	}
	return Together(ExpectedVersion(input.ExpectedVersion), NewName(input.Name), urlErr, eventsErr)
}

// RotateWebhookSecret checks the input of rotateWebhookSecret, but for the id.
func RotateWebhookSecret(input *model.RotateWebhookSecretInput) error {
	return within("transitionSeconds", int64(input.TransitionSeconds), 0, maxTransitionOfWebhook)
}

// target refuses a URL to which nothing would be sent.
func target(url string, networks webhook.Networks) error {
	if err := networks.Check(url); err != nil {
		return fault.BadInput("url", "%s", err)
	}
	return nil
}

// events refuses events of which no webhook is told, and those that are there twice.
func events(given []db.WebhookEvent) error {
	if len(given) == 0 {
		return fault.BadInput("events", "must not be empty; disable the webhook to tell it nothing")
	}
	seen := map[db.WebhookEvent]bool{}
	var errs []error
	for i, event := range given {
		switch {
		case event == db.WebhookEventTEST:
			errs = append(errs, fault.BadInput(fmt.Sprintf("events.%d", i), "TEST is sent when it is asked for; leave it out"))
		case seen[event]:
			errs = append(errs, fault.BadInput(fmt.Sprintf("events.%d", i), "%s is there twice", event))
		}
		seen[event] = true
	}
	return Together(errs...)
}
