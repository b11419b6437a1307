package worker

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/mail"
)

// NoteDelivery returns what mail.NewWebhook calls with each delivery event: it moves the delivery on, never back.
func NoteDelivery(pool *pgxpool.Pool) func(context.Context, mail.Event) error {
	return func(ctx context.Context, event mail.Event) error {
		params := &db.NoteDeliveryParams{ProviderID: event.ProviderID, Status: db.DeliveryStatus(event.Status)}
		if event.Reason != "" {
			params.Reason = &event.Reason
		}
		known, err := db.New().NoteDelivery(ctx, pool, params)
		if err != nil {
			return fmt.Errorf("note the delivery of %s: %w", event.ProviderID, err)
		}
		if known == 0 {
			return mail.ErrUnknownMail
		}
		return nil
	}
}
