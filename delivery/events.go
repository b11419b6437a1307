package delivery

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/mail"
)

// NoteDelivery returns what resend.NewWebhook calls with each delivery event: it moves the deliveries of the
// mail on, never back, and suppresses an address that bounced for good or complained. An event
// names its mail alone, so it is looked for in every organization of every database; the audit log names the provider.
func NoteDelivery(databases ...*db.TenantDB) func(context.Context, mail.Event) error {
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
		var sum int64
		var silent error // the provider sends the event again, and one that was noted changes nothing
		actor := db.Actor{Name: "resend", Action: event.Status}
		for _, database := range databases {
			err := database.InTx(ctx, nil, actor, func(tx pgx.Tx) error {
				known, err := db.New().NoteDelivery(ctx, tx, params)
				sum += known
				return err
			})
			silent = cmp.Or(silent, err)
		}
		switch {
		case silent != nil && (sum == 0 || len(databases) == 1):
			return fmt.Errorf("note the delivery of %s: %w", event.ProviderID, silent)
		case sum == 0:
			return mail.ErrUnknownMail
		}
		return nil
	}
}
