package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/validate"
	"bursar/id"
)

// Webhook finds the webhook with an id.
func (f *Finder) Webhook(ctx context.Context, field, external string) (*db.Webhook, error) {
	_, parsed, err := validate.ID(field, external, id.Webhook)
	if err != nil {
		return nil, err
	}
	return f.WebhookIn(ctx, f.Within(ctx), field, parsed)
}

// WebhookIn finds a webhook.
func (f *Finder) WebhookIn(ctx context.Context, on db.DBTX, field string, webhookID uuid.UUID) (*db.Webhook, error) {
	rows, err := f.Queries.FindWebhooks(ctx, on, &db.FindWebhooksParams{IDs: []uuid.UUID{webhookID}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "webhook")
}

// WebhookDelivery finds the delivery of a webhook with an id.
func (f *Finder) WebhookDelivery(ctx context.Context, field, external string) (*db.WebhookDelivery, error) {
	_, parsed, err := validate.ID(field, external, id.WebhookDelivery)
	if err != nil {
		return nil, err
	}
	return f.WebhookDeliveryIn(ctx, f.Within(ctx), field, parsed)
}

// WebhookDeliveryIn finds a delivery of a webhook.
func (f *Finder) WebhookDeliveryIn(ctx context.Context, on db.DBTX, field string, deliveryID uuid.UUID) (*db.WebhookDelivery, error) {
	rows, err := f.Queries.FindWebhookDeliveries(ctx, on, &db.FindWebhookDeliveriesParams{IDs: []uuid.UUID{deliveryID}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "delivery")
}

// WebhooksOf returns the webhooks of an organization. Those of the other organizations of its batch are read with them.
func (f *Finder) WebhooksOf(ctx context.Context, organization *db.Organization) ([]*db.Webhook, error) {
	webhooks, err := loader.Load(ctx, organization, "webhooks", func(all []*db.Organization) (map[uuid.UUID][]*db.Webhook, error) {
		rows, err := f.Queries.ListWebhooks(ctx, f.Within(ctx), loader.Distinct(all, organizationID))
		return loader.Group(loader.Loaded(ctx, rows), func(w *db.Webhook) uuid.UUID { return w.OrganizationID }), err
	})
	return webhooks[organization.ID], err
}

// WebhookOf returns the webhook that a delivery is of.
func (f *Finder) WebhookOf(ctx context.Context, delivery *db.WebhookDelivery) (*db.Webhook, error) {
	return loader.Refer(ctx, delivery, "webhook", func(d *db.WebhookDelivery) *uuid.UUID { return &d.WebhookID },
		func(w *db.Webhook) uuid.UUID { return w.ID }, func(ids []uuid.UUID) ([]*db.Webhook, error) {
			return f.Queries.FindWebhooks(ctx, f.Within(ctx), &db.FindWebhooksParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// AlertOf returns the alert that a delivery of a webhook is about; nil for a test.
func (f *Finder) AlertOf(ctx context.Context, delivery *db.WebhookDelivery) (*db.Alert, error) {
	return loader.Refer(ctx, delivery, "alert", func(d *db.WebhookDelivery) *uuid.UUID { return d.AlertID },
		func(a *db.Alert) uuid.UUID { return a.ID }, func(ids []uuid.UUID) ([]*db.Alert, error) {
			return f.Queries.FindAlerts(ctx, f.Within(ctx), &db.FindAlertsParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}
