package delivery

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/mail"
)

// NoteDelivery returns what resend.NewWebhook calls with each delivery event: it moves the deliveries of the
// mail on, never back, and suppresses an address that bounced for good or complained. An event
// names its mail alone, so it is looked for in every organization; the audit log names the provider.
func NoteDelivery(database *db.TenantDB) func(context.Context, mail.Event) error {
	return func(ctx context.Context, event mail.Event) error {
		params := &db.NoteDeliveryParams{ProviderID: Storable(event.ProviderID), Status: db.DeliveryStatus(event.Status)}
		if event.Reason != "" {
			reason := Storable(event.Reason)
			params.Reason = &reason
		}
		if mailID, err := uuid.Parse(event.MailID); err == nil {
			params.MailID = &mailID
		}
		if event.Suppress {
			suppress := db.SuppressionReason(event.Status)
			params.Suppress = &suppress
		}
		var known int64
		actor := db.Actor{Name: "resend", Action: event.Status}
		err := database.InTx(ctx, nil, actor, func(tx pgx.Tx) (err error) {
			known, err = db.New().NoteDelivery(ctx, tx, params)
			return err
		})
		if err != nil {
			return fmt.Errorf("note the delivery of %s: %w", event.ProviderID, err)
		}
		if known == 0 {
			return mail.ErrUnknownMail
		}
		return nil
	}
}
