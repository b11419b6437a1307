package dispatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bursar/db"
	"bursar/delivery"
	"bursar/id"
	"bursar/webhook"
)

const (
	// recordTimeout is how long recording an outcome may take, also when the job itself has been cancelled.
	recordTimeout = 3 * time.Second
	// gone is why a webhook is disabled whose target says so.
	gone = "its target answered HTTP 410: it is gone"
)

// deliver makes an attempt at a delivery and records what became of it.
func (d *Dispatcher) deliver(ctx context.Context, row *db.WebhookDelivery, target *db.ListWebhookTargetsRow) error {
	if target == nil {
		return nil // the webhook was deleted meanwhile, and the delivery with it
	}
	body, unsendable, err := d.body(ctx, row, target)
	if err != nil {
		return err
	}
	if unsendable != nil {
		return d.settle(ctx, row, webhook.Answer{}, unsendable, false)
	}
	secrets := []webhook.Secret{target.Secret}
	for _, previous := range target.PreviousSecrets {
		secrets = append(secrets, previous)
	}
	answer, err := d.client.Send(ctx, &webhook.Message{
		ID: id.WebhookDelivery.Format(row.ID), URL: target.URL, Body: body, At: time.Now(), Secrets: secrets,
	})
	if errors.Is(ctx.Err(), context.Canceled) && err != nil {
		err = errors.New("the worker stopped before there was an answer")
	}
	return d.settle(ctx, row, answer, err, true)
}

// body returns what a delivery sends, which is written before the first attempt and then stays; or why there is nothing to send.
func (d *Dispatcher) body(ctx context.Context, row *db.WebhookDelivery, target *db.ListWebhookTargetsRow) (body []byte, unsendable, err error) {
	if row.Body != nil {
		return []byte(*row.Body), nil, nil
	}
	notice, err := d.notice(ctx, row, target)
	if errors.Is(err, delivery.ErrOutdated) {
		return nil, err, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if target.Format == db.WebhookFormatSLACK {
		body, err = notice.Slack()
	} else {
		body, err = notice.Standard()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("write what a webhook is told: %w", err)
	}
	err = db.New().KeepWebhookBody(ctx, d.pool, &db.KeepWebhookBodyParams{Body: new(string(body)), OrganizationID: row.OrganizationID, ID: row.ID})
	return body, nil, err
}

// settle records what became of an attempt: failure is why it was not delivered, nil if it was; retry is whether it is tried again then.
func (d *Dispatcher) settle(ctx context.Context, row *db.WebhookDelivery, answer webhook.Answer, failure error, retry bool) error {
	params := &db.SettleWebhookDeliveryParams{OrganizationID: row.OrganizationID, ID: row.ID, Attempts: row.Attempts, Status: db.WebhookDeliveryStatusDELIVERED}
	if answer.Status != 0 {
		params.ResponseStatus = new(int16(answer.Status)) //nolint:gosec // three digits
	}
	if failure != nil {
		params.Status, params.Error = db.WebhookDeliveryStatusFAILED, new(delivery.Storable(failure.Error()))
		params.Delay = max(delivery.Backoff(d.firstRetry, row.Attempts), answer.RetryAfter)
		switch {
		case answer.Gone():
			params.Disable = new(gone)
		case retry:
			params.Status = db.WebhookDeliveryStatusQUEUED
		}
		d.logger.WarnContext(ctx, "a webhook was not told", "webhook", id.Webhook.Format(row.WebhookID), "delivery", id.WebhookDelivery.Format(row.ID),
			"attempts", row.Attempts, "again", params.Status == db.WebhookDeliveryStatusQUEUED, "delay", params.Delay, "error", failure)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := db.New().SettleWebhookDelivery(ctx, d.pool, params); err != nil {
		return fmt.Errorf("record what became of a webhook's delivery: %w", err)
	}
	return nil
}
