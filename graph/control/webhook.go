package control

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/webhook"
)

// CreateWebhook creates a webhook.
func (c *Changes) CreateWebhook(ctx context.Context, input model.CreateWebhookInput) (*model.CreateWebhookPayload, error) {
	owner, err := c.find.Owner(ctx, "ownerId", input.OwnerID)
	if err := validate.Together(err, validate.CreateWebhook(&input, c.networks)); err != nil {
		return nil, err
	}
	requestID, secret, payload := input.RequestID, webhook.NewSecret(), &model.CreateWebhookPayload{}
	input.RequestID = nil
	params := &db.CreateWebhookParams{OrganizationID: owner.OrganizationID, WorkspaceID: owner.WorkspaceID, Name: input.Name, URL: input.URL,
		Format: input.Format, Events: names(input.Events), Secret: secret}
	_, payload.Replayed, err = c.once(ctx, claimOf(owner.OrganizationID, requestID, "createWebhook", input),
		func(tx pgx.Tx, made *db.ControlRequest) error {
			if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{owner.OrganizationID}); err != nil {
				return err
			}
			webhookID, err := c.Queries.CreateWebhook(ctx, tx, params)
			made.ObjectID = &webhookID
			return err
		}, func(tx pgx.Tx, webhookID uuid.UUID) (err error) {
			payload.Webhook, err = c.find.WebhookIn(ctx, tx, "requestId", webhookID)
			return err
		})
	if err != nil {
		return nil, err
	}
	if !payload.Replayed {
		payload.Secret = new(secret.Text())
	}
	return payload, nil
}

// UpdateWebhook changes a webhook.
func (c *Changes) UpdateWebhook(ctx context.Context, input model.UpdateWebhookInput) (*model.UpdateWebhookPayload, error) {
	found, err := c.find.Webhook(ctx, "id", input.ID)
	if err := validate.Together(err, validate.UpdateWebhook(&input, c.networks)); err != nil {
		return nil, err
	}
	payload := &model.UpdateWebhookPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{found.OrganizationID}); err != nil {
			return err
		}
		before, err := c.Queries.LockWebhook(ctx, tx, &db.LockWebhookParams{OrganizationID: found.OrganizationID, ID: found.ID})
		if err != nil {
			return lookup.Missing(err, "id", "webhook")
		}
		if err := expect(input.ExpectedVersion, "webhook", before); err != nil {
			return err
		}
		payload.Webhook, err = c.Queries.UpdateWebhook(ctx, tx, &db.UpdateWebhookParams{
			OrganizationID: found.OrganizationID, ID: found.ID, Name: input.Name, URL: input.URL, Events: names(input.Events), Enabled: input.Enabled})
		return err
	})
}

// DeleteWebhook deletes a webhook.
func (c *Changes) DeleteWebhook(ctx context.Context, input model.DeleteWebhookInput) (*model.DeleteWebhookPayload, error) {
	found, err := c.find.Webhook(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{found.OrganizationID}); err != nil {
			return err
		}
		_, err := c.Queries.DeleteWebhook(ctx, tx, &db.DeleteWebhookParams{OrganizationID: found.OrganizationID, ID: found.ID})
		return lookup.Missing(err, "id", "webhook")
	})
	if err != nil {
		return nil, err
	}
	payload := &model.DeleteWebhookPayload{DeletedID: input.ID}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, found.OrganizationID)
	return payload, err
}

// RotateWebhookSecret gives a webhook another secret.
func (c *Changes) RotateWebhookSecret(ctx context.Context, input model.RotateWebhookSecretInput) (*model.RotateWebhookSecretPayload, error) {
	found, err := c.find.Webhook(ctx, "id", input.ID)
	if err := validate.Together(err, validate.RotateWebhookSecret(&input)); err != nil {
		return nil, err
	}
	secret := webhook.NewSecret()
	payload := &model.RotateWebhookSecretPayload{Secret: secret.Text()}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		_, err := c.Queries.RotateWebhookSecret(ctx, tx, &db.RotateWebhookSecretParams{OrganizationID: found.OrganizationID, ID: found.ID,
			Secret: secret, Overlap: time.Duration(input.TransitionSeconds) * time.Second})
		if err != nil {
			return lookup.Missing(err, "id", "webhook")
		}
		payload.Webhook, err = c.find.WebhookIn(ctx, tx, "id", found.ID)
		return err
	})
}

// TestWebhook queues a test of a webhook.
func (c *Changes) TestWebhook(ctx context.Context, input model.TestWebhookInput) (*model.TestWebhookPayload, error) {
	found, err := c.find.Webhook(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	payload := &model.TestWebhookPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		deliveryID, err := c.Queries.TestWebhook(ctx, tx, &db.TestWebhookParams{OrganizationID: found.OrganizationID, ID: found.ID})
		if err != nil {
			return disabled(err)
		}
		payload.Delivery, err = c.find.WebhookDeliveryIn(ctx, tx, "id", deliveryID)
		return err
	})
}

// ResendWebhookDelivery has a delivery sent anew.
func (c *Changes) ResendWebhookDelivery(ctx context.Context, input model.ResendWebhookDeliveryInput) (*model.ResendWebhookDeliveryPayload, error) {
	found, err := c.find.WebhookDelivery(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	payload := &model.ResendWebhookDeliveryPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		_, err := c.Queries.ResendWebhookDelivery(ctx, tx, &db.ResendWebhookDeliveryParams{OrganizationID: found.OrganizationID, ID: found.ID})
		if err != nil {
			return disabled(err)
		}
		payload.Delivery, err = c.find.WebhookDeliveryIn(ctx, tx, "id", found.ID)
		return err
	})
}

// disabled says why nothing is sent to a webhook that was found before.
func disabled(err error) error {
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return &fault.Fault{Code: fault.Conflict, Field: "id", Message: "id: the webhook is disabled, or was deleted just now; enable it with updateWebhook"}
}

// names returns the events as the database keeps them; nil for none.
func names(events []db.WebhookEvent) []string {
	var all []string
	for _, event := range events {
		all = append(all, string(event))
	}
	return all
}
